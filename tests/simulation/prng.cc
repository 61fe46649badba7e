#include "tests/simulation/prng.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace simpul::sim {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t named(std::uint64_t seed, std::string_view part) {
  for (const char c : part) {
    seed ^= static_cast<unsigned char>(c);
    seed = split_mix(seed);
  }
  return seed;
}

}  // namespace

Prng::Prng(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = split_mix(seed);
}

Prng::Prng(std::uint64_t seed, std::string_view part) : Prng(named(seed, part)) {}

std::uint64_t Prng::next() {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

void Prng::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::uint64_t word = next();
    const std::size_t count = std::min(out.size(), sizeof word);
    std::memcpy(out.data(), &word, count);
    out = out.subspan(count);
  }
}

std::int64_t Prng::between(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(under(static_cast<std::uint64_t>(high - low + 1)));
}

// 10^x for x uniform in [-1, 1] has a mean near 2.15.
std::int64_t Prng::about(std::int64_t mean) {
  const std::int64_t tenth = std::max<std::int64_t>(1, mean / 10);
  std::int64_t value = tenth;
  for (int i = 0; i < 2; ++i) value = value * between(10, 100) / 10 / (i == 0 ? 1 : 2);
  return std::max<std::int64_t>(1, value / 3);
}

}  // namespace simpul::sim
