#include "node/engine/arguments.h"

#include <algorithm>
#include <cstdio>

namespace simpul {
namespace {

Result<Instant> bad_instant(const std::string& text) {
  return fail(ErrorCode::kMalformed,
              "'" + text + "' is no time; write it like 2026-01-05T08:00:00Z");
}

// Of a year that four digits can write: sums of such instants cannot overflow.
bool is_writable(Instant instant) {
  using std::chrono::sys_days, std::chrono::January, std::chrono::year;
  return instant >= sys_days(January / 1 / year(0)) &&
         instant < sys_days(January / 1 / year(10'000));
}

// Whether `text` has a digit wherever `form` has a zero, and all else as there.
bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(
      text, form, [](char c, char like) { return like == '0' ? c >= '0' && c <= '9' : c == like; });
}

// The two digits at `at`.
int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// "Z" or "+07:00" as minutes east; nullopt otherwise.
std::optional<int> offset_minutes(std::string_view zone) {
  if (zone == "Z" || zone.empty()) return 0;
  if (!has_form(zone, "+00:00") && !has_form(zone, "-00:00")) return std::nullopt;
  const int hours = two_digits(zone, 1), minutes = two_digits(zone, 4);
  if (hours > 14 || minutes > 59) return std::nullopt;
  return (zone[0] == '+' ? 1 : -1) * (hours * 60 + minutes);
}

// Takes ".123" off, if it is there: its milliseconds.
int take_milliseconds(std::string_view& rest) {
  if (rest.size() < 2 || rest[0] != '.') return 0;
  rest.remove_prefix(1);
  int milliseconds = 0, weight = 100;
  for (; !rest.empty() && rest[0] >= '0' && rest[0] <= '9'; rest.remove_prefix(1), weight /= 10) {
    milliseconds += (rest[0] - '0') * weight;
  }
  return milliseconds;
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
  if (const auto millis = number(name)) {
    const Instant instant{Duration(*millis)};
    if (!is_writable(instant)) return bad_instant(std::to_string(*millis));
    return instant;
  }
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
  constexpr std::string_view kDate = "0000-00-00", kTime = "T00:00:00";
  const std::string_view whole = text;
  if (!has_form(whole.substr(0, kDate.size()), kDate)) return bad_instant(text);
  const std::chrono::year_month_day date{
      std::chrono::year(two_digits(whole, 0) * 100 + two_digits(whole, 2)),
      std::chrono::month(static_cast<unsigned>(two_digits(whole, 5))),
      std::chrono::day(static_cast<unsigned>(two_digits(whole, 8)))};
  if (!date.ok()) return bad_instant(text);
  const Instant midnight = std::chrono::sys_days(date);
  const std::string_view time = whole.substr(kDate.size());
  if (time.empty()) return midnight;
  if (!has_form(time.substr(0, kTime.size()), kTime)) return bad_instant(text);
  const int hour = two_digits(time, 1), minute = two_digits(time, 4), second = two_digits(time, 7);
  std::string_view rest = time.substr(kTime.size());
  const int milliseconds = take_milliseconds(rest);
  const auto offset = offset_minutes(rest);
  if (!offset || hour > 23 || minute > 59 || second > 60) return bad_instant(text);
  const Instant instant = midnight + std::chrono::hours(hour) +
                          std::chrono::minutes(minute - *offset) + std::chrono::seconds(second) +
                          Duration(milliseconds);
  if (!is_writable(instant)) return bad_instant(text);
  return instant;
}

}  // namespace simpul
