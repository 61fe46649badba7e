#include "node/clock.h"

#include <algorithm>
#include <utility>

namespace simpul {

Instant SteadiedClock::advance(Instant system, Duration steady) {
  if (!started_) {
    started_ = true;
    time_ = system;
  } else {
    const Duration passed = std::max(Duration{0}, steady - steady_);
    const Duration set_by = (system - system_) - passed;
    if (std::chrono::abs(set_by) >= kClockJumpMin) jump_ = jump_.value_or(Duration{0}) + set_by;
    time_ = std::max(system, time_ + passed / 2);
  }
  system_ = system;
  steady_ = steady;
  return time_;
}

std::optional<Duration> SteadiedClock::take_jump() {
  return std::exchange(jump_, std::nullopt);
}

Instant SystemClock::now() {
  using std::chrono::duration_cast;
  return clock_.advance(
      std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()),
      duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace simpul
