// How long to wait before dialling again: exponential with full jitter, so that a hub that
// comes back is not met by all its members at once. Pure; not thread-safe.
#pragma once

#include "crypto/random.h"
#include "protocol/ids.h"

namespace simpul {

class Backoff {
 public:
  struct Options {
    Duration delay_min = std::chrono::milliseconds{500};  // ceiling of the first delay
    Duration delay_max = std::chrono::seconds{60};        // ceiling of every delay
  };
  Backoff() : Backoff(Options{}) {}
  explicit Backoff(Options options) : options_(options), ceiling_(options.delay_min) {}

  // Delay before the next attempt: uniform in [0, ceiling]; the ceiling then doubles.
  [[nodiscard]] Duration next(Random& random);

  // After a link that opened: begin at delay_min again.
  void reset() { ceiling_ = options_.delay_min; }

 private:
  Options options_;
  Duration ceiling_;
};

}  // namespace simpul
