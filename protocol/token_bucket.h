// How often something may happen: `burst` at once, `per_second` in the long run. Pure;
// not thread-safe. A clock that steps back refills nothing.
#pragma once

#include <algorithm>

#include "protocol/ids.h"

namespace simpul {

struct Rate {
  double burst = 1;
  double per_second = 1;
};

class TokenBucket {
 public:
  explicit TokenBucket(Rate rate) : rate_(rate), tokens_(rate.burst) {}

  // Takes one token; false when there is none.
  [[nodiscard]] bool take(Instant now) {
    if (now > last_) {
      const double elapsed = std::chrono::duration<double>(now - last_).count();
      tokens_ = std::min(rate_.burst, tokens_ + elapsed * rate_.per_second);
    }
    last_ = now;
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }

 private:
  Rate rate_;
  double tokens_;
  Instant last_{};
};

}  // namespace simpul
