#include "crypto/random.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/little_endian.h"
#include "crypto/result.h"
#include "crypto/sodium.h"

namespace simpul {
namespace {

constexpr std::size_t kBlockSize = 64;  // of ChaCha20

std::array<std::uint8_t, 32> widen(std::uint64_t seed) {
  return sha256(as_bytes("simpul/seeded-random/v1"), to_little_endian(seed)).bytes;
}

}  // namespace

std::uint64_t Random::next_u64() {
  std::array<std::uint8_t, 8> drawn{};
  fill(drawn);
  return from_little_endian<std::uint64_t>(drawn);
}

std::uint64_t Random::below(std::uint64_t bound) {
  SIMPUL_CHECK(bound > 0);
  // 2^64 mod bound: below it, values would come up once too often.
  const std::uint64_t unfair = (0 - bound) % bound;
  std::uint64_t value = next_u64();
  while (value < unfair) value = next_u64();
  return value % bound;
}

SeededRandom::SeededRandom(const std::array<std::uint8_t, 32>& seed) : key_(seed) {}

SeededRandom::SeededRandom(std::uint64_t seed) : key_(widen(seed)) {}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  if (out.empty()) return;
  ensure_sodium();
  static constexpr std::array<std::uint8_t, crypto_stream_chacha20_NONCEBYTES> kNonce{};
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  crypto_stream_chacha20_xor_ic(out.data(), out.data(), out.size(), kNonce.data(), block_,
                                key_.data());
  block_ += (out.size() + kBlockSize - 1) / kBlockSize;
}

}  // namespace simpul
