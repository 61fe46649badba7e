// Reads an input as a row of small decisions, for targets driven by operations. Past the end all
// is zero, so every input is a whole script. Borrows the input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "crypto/bytes.h"

namespace simpul::fuzz {

class Script {
 public:
  explicit Script(BytesView input) : rest_(input) {}

  bool done() const { return rest_.empty(); }
  std::uint8_t u8() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  bool flag() { return (u8() & 1) != 0; }
  // Below `bound` (1 to 256).
  std::size_t below(std::size_t bound) { return u8() % bound; }
  std::uint16_t u16() {
    const std::uint16_t low = u8();
    return static_cast<std::uint16_t>(low | u8() << 8);
  }
  std::uint64_t u64() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value |= std::uint64_t{u8()} << (8 * i);
    return value;
  }
  // At most `size_max`, fewer at the end.
  BytesView take(std::size_t size_max) {
    const BytesView taken = rest_.first(std::min(size_max, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  BytesView rest() { return take(rest_.size()); }

 private:
  BytesView rest_;
};

// A copy at an odd address, one byte behind the beginning of its buffer: what is read from there
// must come out as it does aligned.
class Unaligned {
 public:
  explicit Unaligned(BytesView bytes) : buffer_(1) { append(buffer_, bytes); }
  BytesView view() const { return BytesView(buffer_).subspan(1); }

 private:
  Bytes buffer_;
};

}  // namespace simpul::fuzz
