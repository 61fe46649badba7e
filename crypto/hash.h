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
