// Integers as little-endian bytes. Private to crypto/*.cc.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "crypto/bytes.h"

namespace simpul {

template <std::unsigned_integral T>
std::array<std::uint8_t, sizeof(T)> to_little_endian(T value) {
  std::array<std::uint8_t, sizeof(T)> bytes{};
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  return bytes;
}

// REQUIRES: at least sizeof(T) bytes; the first of them are read.
template <std::unsigned_integral T>
T from_little_endian(BytesView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  }
  return static_cast<T>(value);
}

}  // namespace simpul
