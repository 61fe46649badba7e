#include "node/engine/arguments.h"

#include <cstdio>

namespace simpul {
namespace {

Result<Instant> bad_instant(const std::string& text) {
  return fail(ErrorCode::kMalformed,
              "'" + text + "' is no time; write it like 2026-01-05T08:00:00Z");
}

// "Z" or "+07:00" as minutes east; nullopt otherwise.
std::optional<int> offset_minutes(const std::string& zone) {
  if (zone == "Z" || zone.empty()) return 0;
  int hours = 0, minutes = 0;
  char sign = 0;
  if (std::sscanf(zone.c_str(), "%c%2d:%2d", &sign, &hours, &minutes) != 3) return std::nullopt;
  if ((sign != '+' && sign != '-') || hours > 14 || minutes > 59) return std::nullopt;
  return (sign == '+' ? 1 : -1) * (hours * 60 + minutes);
}

}  // namespace

bool Arguments::has(const char* name) const {
  return json_.is_object() && json_.contains(name) && !json_[name].is_null();
}

Result<std::string> Arguments::text(const char* name) const {
  const std::string value = text_or(name, "");
  if (value.empty()) return fail(ErrorCode::kMalformed, std::string(name) + " is missing");
  return value;
}

std::string Arguments::text_or(const char* name, std::string fallback) const {
  return has(name) && json_[name].is_string() ? json_[name].get<std::string>()
                                              : std::move(fallback);
}

std::optional<std::int64_t> Arguments::number(const char* name) const {
  if (!has(name) || !json_[name].is_number_integer()) return std::nullopt;
  return json_[name].get<std::int64_t>();
}

bool Arguments::flag(const char* name) const {
  return has(name) && json_[name].is_boolean() && json_[name].get<bool>();
}

Result<MemberId> Arguments::member(const char* name) const {
  SIMPUL_TRY(value, text(name));
  return MemberId::parse(value);
}

Result<CaseId> Arguments::case_id(const char* name) const {
  SIMPUL_TRY(value, text(name));
  return CaseId::parse(value);
}

Result<std::optional<Instant>> Arguments::instant(const char* name) const {
  if (const auto millis = number(name)) return Instant(Duration(*millis));
  if (!has(name)) return std::nullopt;
  SIMPUL_TRY(value, text(name));
  SIMPUL_TRY(parsed, parse_instant(value));
  return parsed;
}

std::string to_text(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()), int(time.hours().count()),
                int(time.minutes().count()), int(time.seconds().count()),
                int(time.subseconds().count()));
  return text;
}

Result<Instant> parse_instant(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  const int fields = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day,
                                 &hour, &minute, &second, &used);
  if (fields == 3 && text.size() == 10)
    used = 10;
  else if (fields != 6)
    return bad_instant(text);
  std::string zone = text.substr(static_cast<std::size_t>(used));
  int millis = 0;
  if (!zone.empty() && zone[0] == '.') {
    std::size_t digits = 1;
    while (digits < zone.size() && zone[digits] >= '0' && zone[digits] <= '9') ++digits;
    millis = std::stoi((zone.substr(1, digits - 1) + "000").substr(0, 3));
    zone = zone.substr(digits);
  }
  const auto offset = offset_minutes(zone);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!offset || !date.ok() || hour > 23 || minute > 59 || second > 60) return bad_instant(text);
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute - *offset) + std::chrono::seconds(second) + Duration(millis);
}

}  // namespace simpul
