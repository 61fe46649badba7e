// The only source of chance in a simulation: xoshiro256** seeded by SplitMix64. Each part of a
// run has a stream of its own, so that what one part draws does not shift another's. Not
// thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "crypto/random.h"

namespace simpul::sim {

class Prng final : public Random {
 public:
  explicit Prng(std::uint64_t seed);
  // The stream of a part of the run that `seed` names.
  Prng(std::uint64_t seed, std::string_view part);

  void fill(std::span<std::uint8_t> out) override;
  std::uint64_t next();

  // Uniform in [0, bound); bound > 0.
  std::uint64_t under(std::uint64_t bound) { return next() % bound; }
  // Uniform in [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high);
  bool one_in(std::uint64_t n) { return n != 0 && under(n) == 0; }
  bool percent(std::uint64_t p) { return under(100) < p; }
  // Around `mean`, between a tenth of it and ten times it, small values more often.
  std::int64_t about(std::int64_t mean);

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[under(from.size())];
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace simpul::sim
