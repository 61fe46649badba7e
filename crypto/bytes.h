// Byte strings. A Bytes owns, a BytesView borrows: whoever keeps a view sees to it that
// what it points at stays. Little helpers to cross between bytes and text live here.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simpul {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

// The bytes of a text, borrowed. Never call it on a temporary string.
inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline Bytes to_bytes(std::string_view text) {
  const BytesView view = as_bytes(text);
  return Bytes(view.begin(), view.end());
}

inline Bytes to_bytes(BytesView view) {
  return Bytes(view.begin(), view.end());
}

// The text whose bytes these are, borrowed; says nothing about their being UTF-8.
inline std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool equal(BytesView left, BytesView right) {
  return left.size() == right.size() &&
         (left.empty() || std::memcmp(left.data(), right.data(), left.size()) == 0);
}

inline void append(Bytes& to, BytesView more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace simpul
