#include "protocol/utf8.h"

#include <cstdint>

namespace simpul {
namespace {

constexpr std::uint32_t kInvalid = 0xffffffff;

// The code point that `text` begins with, which is then taken off; kInvalid if there is none.
std::uint32_t take_code_point(std::string_view& text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = at(0);
  std::size_t size = 1;
  std::uint32_t point = lead;
  std::uint32_t least = 0;
  if (lead >= 0x80) {
    if (lead >= 0xc2 && lead <= 0xdf) {
      size = 2, point = lead & 0x1f, least = 0x80;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      size = 3, point = lead & 0x0f, least = 0x800;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      size = 4, point = lead & 0x07, least = 0x10000;
    } else {
      return kInvalid;
    }
  }
  if (text.size() < size) return kInvalid;
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return kInvalid;
    point = (point << 6) | (at(i) & 0x3f);
  }
  text.remove_prefix(size);
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < least || point > 0x10ffff || surrogate ? kInvalid : point;
}

bool is_control(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
}

bool reorders(std::uint32_t point) {
  return point == 0x061c || point == 0x200e || point == 0x200f ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (take_code_point(text) == kInvalid) return false;
  }
  return true;
}

bool is_plain_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::uint32_t point = take_code_point(text);
    if (point == kInvalid || is_control(point) || reorders(point)) return false;
  }
  return true;
}

}  // namespace simpul
