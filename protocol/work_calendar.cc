#include "protocol/work_calendar.h"

#include <algorithm>
#include <array>

namespace simpul {
namespace {

// Province codes by their first two digits: Bali, both Nusa Tenggara, East, South and North
// Kalimantan and Sulawesi; Maluku and Papua.
constexpr std::array kWitaProvinces = {51, 52, 53, 63, 64, 65, 71, 72, 73, 74, 75, 76};
constexpr std::array kWitProvinces = {81, 82, 91, 92, 93, 94, 95, 96};

std::chrono::hours offset_of(TimeZone zone) {
  return std::chrono::hours{static_cast<int>(zone)};
}

bool every_day(LocalDay) {
  return true;
}

}  // namespace

TimeZone zone_of_region(std::string_view code) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (code.size() < 2 || !is_digit(code[0]) || !is_digit(code[1])) return TimeZone::kWib;
  const int province = (code[0] - '0') * 10 + (code[1] - '0');
  if (std::ranges::find(kWitaProvinces, province) != kWitaProvinces.end()) return TimeZone::kWita;
  if (std::ranges::find(kWitProvinces, province) != kWitProvinces.end()) return TimeZone::kWit;
  return TimeZone::kWib;
}

TimeZone zone_of(const MemberId& member) {
  return member.is_region() ? zone_of_region(member.text()) : TimeZone::kWib;
}

LocalDay day_of(Instant instant, TimeZone zone) {
  const auto local = instant.time_since_epoch() + offset_of(zone);
  return LocalDay{std::chrono::floor<std::chrono::days>(local)};
}

Instant end_of(LocalDay day, TimeZone zone) {
  const auto midnight = (day + std::chrono::days{1}).time_since_epoch();
  return Instant{midnight - offset_of(zone)};
}

WorkCalendar::WorkCalendar(std::vector<LocalDay> days_off) : days_off_(std::move(days_off)) {
  std::ranges::sort(days_off_);
}

bool WorkCalendar::is_working(LocalDay day) const {
  const std::chrono::weekday weekday(day);
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) return false;
  return !std::ranges::binary_search(days_off_, day);
}

LocalDay WorkCalendar::after(LocalDay day, std::uint32_t count,
                             const std::function<bool(LocalDay)>& counts) const {
  for (int looked = 0; count > 0 && looked < kDaysMax; ++looked) {
    day += std::chrono::days{1};
    if (is_working(day) && counts(day)) --count;
  }
  return day;
}

LocalDay WorkCalendar::after(LocalDay day, std::uint32_t count) const {
  return after(day, count, every_day);
}

std::uint32_t WorkCalendar::between(LocalDay first, LocalDay last,
                                    const std::function<bool(LocalDay)>& counts) const {
  std::uint32_t days = 0;
  int looked = 0;
  for (LocalDay day = first; day < last && looked < kDaysMax; ++looked) {
    day += std::chrono::days{1};
    if (is_working(day) && counts(day)) ++days;
  }
  return days;
}

}  // namespace simpul
