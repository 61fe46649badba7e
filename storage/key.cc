#include "storage/key.h"

#include <algorithm>
#include <cstring>

namespace simpul {

namespace {

template <class Integer>
Integer from_big_endian(BytesView bytes) {
  Integer value = 0;
  for (const std::uint8_t byte : bytes) value = static_cast<Integer>(value << 8 | byte);
  return value;
}

}  // namespace

Key& Key::u8(std::uint8_t value) {
  return raw({&value, 1});
}

Key& Key::u32(std::uint32_t value) {
  std::uint8_t bytes[4];
  for (int i = 3; i >= 0; --i, value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
  return raw(bytes);
}

Key& Key::u64(std::uint64_t value) {
  std::uint8_t bytes[8];
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
  return raw(bytes);
}

Key& Key::text(std::string_view text) {
  SIMPUL_CHECK(text.find('\0') == std::string_view::npos);
  raw(as_bytes(text));
  return u8(0);
}

Key& Key::raw(BytesView bytes) {
  SIMPUL_CHECK(bytes.size() <= kKeySizeMax - size_);
  std::copy(bytes.begin(), bytes.end(), bytes_ + size_);
  size_ += bytes.size();
  return *this;
}

BytesView KeyReader::take(std::size_t count) {
  if (rest_.size() < count) {
    good_ = false;
    rest_ = {};
    return {};
  }
  const BytesView taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

std::uint8_t KeyReader::u8() {
  return from_big_endian<std::uint8_t>(take(1));
}

std::uint32_t KeyReader::u32() {
  return from_big_endian<std::uint32_t>(take(4));
}

std::uint64_t KeyReader::u64() {
  return from_big_endian<std::uint64_t>(take(8));
}

std::string_view KeyReader::text() {
  const auto end = std::find(rest_.begin(), rest_.end(), std::uint8_t{0});
  if (end == rest_.end()) {
    good_ = false;
    return {};
  }
  const auto size = static_cast<std::size_t>(end - rest_.begin());
  return as_text(take(size + 1).first(size));
}

Digest KeyReader::digest() {
  Digest digest;
  const BytesView bytes = take(Digest::kSize);
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

}  // namespace simpul
