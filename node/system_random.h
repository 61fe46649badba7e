// Randomness from the kernel (getrandom). Thread-safe. Ends the process if the kernel has none.
#pragma once

#include "crypto/random.h"

namespace simpul {

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace simpul
