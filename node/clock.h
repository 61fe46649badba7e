// The time a node goes by: the system's, but never backwards. When the system clock is set
// forward we follow at once; when it is set back we go on at half speed until it has caught
// up, so that timers still run and no event is older than the one before it. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "protocol/ids.h"

namespace simpul {

inline constexpr Duration kClockJumpMin = std::chrono::seconds{2};  // less is not worth a word

// Pure: what both clocks show goes in, the time to go by comes out.
class SteadiedClock {
 public:
  Instant advance(Instant system, Duration steady);

  // How far the system clock was set since take_jump() was last asked, when it was by
  // kClockJumpMin or more: positive is forward. Taken once.
  std::optional<Duration> take_jump();

 private:
  Instant time_{};
  Instant system_{};
  Duration steady_{};
  bool started_ = false;
  std::optional<Duration> jump_;
};

class SystemClock {
 public:
  Instant now();
  std::optional<Duration> take_jump() { return clock_.take_jump(); }

 private:
  SteadiedClock clock_;
};

}  // namespace simpul
