#include "node/import/csv_time.h"

#include <array>
#include <chrono>
#include <string>

namespace simpul {
namespace {

constexpr std::string_view kTimeFields = "dmyYHMSBz%";
constexpr std::array<std::array<std::string_view, 2>, 12> kMonthNames{{{"januari", "january"},
                                                                       {"februari", "february"},
                                                                       {"maret", "march"},
                                                                       {"april", "april"},
                                                                       {"mei", "may"},
                                                                       {"juni", "june"},
                                                                       {"juli", "july"},
                                                                       {"agustus", "august"},
                                                                       {"september", "september"},
                                                                       {"oktober", "october"},
                                                                       {"november", "november"},
                                                                       {"desember", "december"}}};

struct TimeParts {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::optional<int> minutes_east;
};

bool is_digit_of_time(char c) {
  return c >= '0' && c <= '9';
}

bool take_blanks(std::string_view& text) {
  const std::size_t before = text.size();
  while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
  return text.size() < before;
}

bool take_digits(std::string_view& text, std::size_t least, std::size_t most, int& into) {
  std::size_t size = 0;
  int number = 0;
  while (size < most && size < text.size() && is_digit_of_time(text[size])) {
    number = number * 10 + (text[size++] - '0');
  }
  if (size < least) return false;
  text.remove_prefix(size);
  into = number;
  return true;
}

// Letters up to anything else are the name: "Agu", "Agustus", "AUG".
bool take_month(std::string_view& text, int& into) {
  std::string name;
  for (const char c : text) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (small < 'a' || small > 'z') break;
    name += small;
  }
  for (std::size_t month = 0; month < kMonthNames.size(); ++month) {
    for (const std::string_view known : kMonthNames[month]) {
      if (name != known && name != known.substr(0, 3)) continue;
      text.remove_prefix(name.size());
      into = static_cast<int>(month) + 1;
      return true;
    }
  }
  return false;
}

bool take_zone(std::string_view& text, std::optional<int>& into) {
  if (text.starts_with('Z')) {
    text.remove_prefix(1);
    into = 0;
    return true;
  }
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  const int sign = text[0] == '+' ? 1 : -1;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, 2, hours)) return false;
  if (text.starts_with(':')) text.remove_prefix(1);
  if (!take_digits(text, 2, 2, minutes) || hours > 14 || minutes > 59) return false;
  into = sign * (hours * 60 + minutes);
  return true;
}

bool take_time_field(char field, std::string_view& text, TimeParts& parts) {
  switch (field) {
    case 'd':
      return take_digits(text, 1, 2, parts.day);
    case 'm':
      return take_digits(text, 1, 2, parts.month);
    case 'Y':
      return take_digits(text, 4, 4, parts.year);
    case 'y':
      if (!take_digits(text, 2, 2, parts.year)) return false;
      parts.year += 2000;
      return true;
    case 'H':
      return take_digits(text, 1, 2, parts.hour);
    case 'M':
      return take_digits(text, 1, 2, parts.minute);
    case 'S':
      return take_digits(text, 1, 2, parts.second);
    case 'B':
      return take_month(text, parts.month);
    case 'z':
      return take_zone(text, parts.minutes_east);
    default:
      if (!text.starts_with(field)) return false;
      text.remove_prefix(1);
      return true;
  }
}

bool take_by_format(std::string_view text, std::string_view format, TimeParts& parts) {
  while (!format.empty()) {
    if (take_blanks(format)) {
      if (!take_blanks(text)) return false;
      continue;
    }
    const bool is_field = format[0] == '%';
    if (is_field) format.remove_prefix(1);
    if (format.empty()) return false;
    if (is_field ? !take_time_field(format[0], text, parts) : !text.starts_with(format[0])) {
      return false;
    }
    if (!is_field) text.remove_prefix(1);
    format.remove_prefix(1);
  }
  return text.empty();
}

std::optional<Instant> instant_of(const TimeParts& parts, int minutes_east) {
  const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                         std::chrono::month{static_cast<unsigned>(parts.month)},
                                         std::chrono::day{static_cast<unsigned>(parts.day)}};
  const bool is_time = parts.hour < 24 && parts.minute < 60 && parts.second < 60;
  if (!date.ok() || !is_time || parts.year < 1970) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(parts.hour) +
         std::chrono::minutes(parts.minute - parts.minutes_east.value_or(minutes_east)) +
         std::chrono::seconds(parts.second);
}

}  // namespace

bool is_time_format(std::string_view format) {
  bool has_year = false;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%') continue;
    if (++at == format.size() || kTimeFields.find(format[at]) == kTimeFields.npos) return false;
    has_year |= format[at] == 'Y' || format[at] == 'y';
  }
  return has_year;
}

std::optional<Instant> time_by_format(std::string_view text,
                                      const std::vector<std::string>& formats, int minutes_east) {
  for (const std::string& format : formats) {
    TimeParts parts;
    if (!take_by_format(text, format, parts)) continue;
    if (const auto instant = instant_of(parts, minutes_east)) return instant;
  }
  return std::nullopt;
}

}  // namespace simpul
