// When the system clock was set back too far to go on with. A node's time never runs backwards; it
// goes at half speed until the clock has caught up (clock.h), and for a clock that had been years
// ahead by mistake that would take years, with timers that wait for a date that never comes. So the
// node ends, and starts anew with the right time.
#pragma once

#include <chrono>

#include "protocol/ids.h"

namespace simpul {

inline constexpr Duration kClockSetBackMax = std::chrono::hours{1};  // two at half speed

// `jump`: as SteadiedClock::take_jump gives it.
inline bool is_set_back_too_far(Duration jump) {
  return jump < -kClockSetBackMax;
}

}  // namespace simpul
