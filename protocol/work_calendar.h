// Working days: what deadlines are counted in. Saturdays, Sundays and the listed days off (public
// holidays and collective leave) are none; half days are not known. Indonesia's three times have no
// summer time, so fixed offsets do. Pure values. SPEC section "Deadlines".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "protocol/ids.h"

namespace simpul {

using LocalDay = std::chrono::local_days;

enum class TimeZone : std::uint8_t { kWib = 7, kWita = 8, kWit = 9 };  // hours ahead of UTC

// Of a region by its Kemendagri code (`51`, `51.03`). WIB where it is none: the capital's.
TimeZone zone_of_region(std::string_view code);
// Of a member: a region's own; ministries and hubs go by WIB.
TimeZone zone_of(const MemberId& member);

LocalDay day_of(Instant instant, TimeZone zone);
Instant end_of(LocalDay day, TimeZone zone);  // the midnight that ends it

class WorkCalendar {
 public:
  WorkCalendar() = default;  // weekends alone
  // Sorted or not; days that fall on a weekend do no harm.
  explicit WorkCalendar(std::vector<LocalDay> days_off);

  bool is_working(LocalDay day) const;
  // The `count`-th working day after `day` that `counts` does not leave out; `day` itself for 0.
  // Looks at most kDaysMax ahead and then takes the day it has come to.
  LocalDay after(LocalDay day, std::uint32_t count,
                 const std::function<bool(LocalDay)>& counts) const;
  LocalDay after(LocalDay day, std::uint32_t count) const;
  // Working days after `first` up to and with `last` that `counts` does not leave out.
  std::uint32_t between(LocalDay first, LocalDay last,
                        const std::function<bool(LocalDay)>& counts) const;

  static constexpr int kDaysMax = 3660;

 private:
  std::vector<LocalDay> days_off_;
};

}  // namespace simpul
