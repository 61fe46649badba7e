// SHA-256, by libcrypto (which uses the processor's SHA extensions). Thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>

#include "crypto/bytes.h"

namespace simpul {

// 32 bytes of SHA-256. Ordered bytewise.
struct Digest {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  auto operator<=>(const Digest&) const = default;
  BytesView view() const { return bytes; }
  bool is_zero() const { return *this == Digest{}; }
};

// SHA-256 of bytes that come in pieces. Copyable, to hash several messages with one
// beginning. Not thread-safe itself. Its state is wiped by finish(), not on destruction.
class Sha256 {
 public:
  static constexpr std::size_t kStateSize = 112;
  static constexpr std::size_t kStateAlignment = 8;

  Sha256();
  Sha256& update(BytesView data);
  // The digest of all that was given; the object then starts afresh.
  Digest finish();

 private:
  alignas(kStateAlignment) std::array<std::uint8_t, kStateSize> state_;
};

Digest sha256(BytesView data);

// Of the concatenation, without building it.
Digest sha256(BytesView first, BytesView second);
Digest sha256(BytesView first, BytesView second, BytesView third);

}  // namespace simpul

// Digests are uniformly distributed already: their first bytes are the hash.
template <>
struct std::hash<simpul::Digest> {
  std::size_t operator()(const simpul::Digest& digest) const noexcept {
    std::size_t value;
    std::memcpy(&value, digest.bytes.data(), sizeof value);
    return value;
  }
};
