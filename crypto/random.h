// Randomness as an interface. Nothing in crypto or protocol draws randomness but from a
// Random that it was handed; the real one is built in the program's wiring.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/bytes.h"

namespace simpul {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Bytes bytes(std::size_t count) {
    Bytes out(count);
    fill(out);
    return out;
  }

  // Uniform over all 64-bit values.
  std::uint64_t next_u64();

  // Uniform below bound (> 0), without modulo bias.
  std::uint64_t below(std::uint64_t bound);
};

// A ChaCha20 stream from a 32-byte seed: the same seed and the same sizes asked for give the
// same bytes everywhere (each fill() starts at a fresh 64-byte block).
// For tests and simulation; secure only as far as its seed is secret. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(const std::array<std::uint8_t, 32>& seed);
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::array<std::uint8_t, 32> key_;
  std::uint64_t block_ = 0;
};

}  // namespace simpul
