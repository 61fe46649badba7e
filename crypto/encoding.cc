#include "crypto/encoding.h"

#include <algorithm>
#include <array>

namespace simpul {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> values_of(std::string_view digits) {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> hex_values() {
  auto values = values_of(kHexDigits);
  for (std::uint8_t i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('A') + i] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}

constexpr auto kHexValues = hex_values();
constexpr auto kBase64Values = values_of(kBase64Digits);

// The value of a digit, or kNoDigit.
std::uint8_t value_in(const std::array<std::uint8_t, 256>& values, char digit) {
  return values[static_cast<std::uint8_t>(digit)];
}

std::unexpected<Error> bad_base64(const char* why) {
  return fail(ErrorCode::kMalformed, why);
}

// Decodes one group of `digits` (2 to 4) that yields one byte less.
bool decode_group(std::string_view digits, Bytes& out) {
  std::uint32_t bits = 0;
  for (const char digit : digits) {
    const std::uint8_t value = value_in(kBase64Values, digit);
    if (value == kNoDigit) return false;
    bits = bits << 6 | value;
  }
  bits <<= 6 * (4 - digits.size());
  const std::size_t count = digits.size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(static_cast<std::uint8_t>(bits >> (16 - 8 * i)));
  }
  const std::uint32_t unused = 0xffffffu >> (8 * count);
  return (bits & unused) == 0;
}

}  // namespace

std::string to_hex(BytesView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return fail(ErrorCode::kMalformed, "hex has an even number of digits");
  }
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = value_in(kHexValues, text[i]);
    const std::uint8_t low = value_in(kHexValues, text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) {
      return fail(ErrorCode::kMalformed, "hex holds only the digits 0-9, a-f and A-F");
    }
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string to_base64(BytesView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      bits |= static_cast<std::uint32_t>(bytes[at + i]) << (16 - 8 * i);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      text.push_back(i <= count ? kBase64Digits[bits >> (18 - 6 * i) & 63] : '=');
    }
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return bad_base64("base64 comes in groups of four, padded with '='");
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::string_view group = text.substr(at, 4);
    if (at + 4 == text.size()) {
      if (group.ends_with("==")) {
        group.remove_suffix(2);
      } else if (group.ends_with('=')) {
        group.remove_suffix(1);
      }
    }
    if (!decode_group(group, bytes)) {
      return bad_base64("base64 holds a character or trailing bits that do not belong in it");
    }
  }
  return bytes;
}

}  // namespace simpul
