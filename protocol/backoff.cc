#include "protocol/backoff.h"

#include <algorithm>

namespace simpul {

Duration Backoff::next(Random& random) {
  const auto bound = static_cast<std::uint64_t>(ceiling_.count()) + 1;
  const Duration delay{static_cast<Duration::rep>(random.below(bound))};
  ceiling_ = std::min(options_.delay_max, 2 * ceiling_);
  return delay;
}

}  // namespace simpul
