// Text forms of bytes, UTF-8, and what is shown on a terminal. Hex and base64 have one form; UTF-8
// agrees with a plain reading of RFC 3629; whatever comes from outside is harmless when shown.
#include "crypto/encoding.h"
#include "node/cli/view.h"
#include "protocol/signed_note.h"
#include "protocol/utf8.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

// By RFC 3629's table: the first byte says how many follow and what the second may be.
bool is_utf8_by_the_table(BytesView bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::uint8_t lead = bytes[at++];
    if (lead < 0x80) continue;
    std::size_t follow = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4) return false;
    std::uint8_t low = 0x80, high = 0xbf;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    for (; follow > 0; --follow, low = 0x80, high = 0xbf) {
      if (at == bytes.size() || bytes[at] < low || bytes[at] > high) return false;
      ++at;
    }
  }
  return true;
}

void check_shown(const std::string& shown, bool lines) {
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    SIMPUL_CHECK(byte >= 0x20 || (lines && (c == '\n' || c == '\t')));
    SIMPUL_CHECK(byte != 0x7f);
  }
  if (!lines) SIMPUL_CHECK(is_plain_utf8(shown));
}

}  // namespace

void fuzz_text(BytesView input) {
  const std::string_view text = as_text(input);
  if (const auto bytes = from_base64(text)) SIMPUL_CHECK(to_base64(*bytes) == text);
  SIMPUL_CHECK(from_base64(to_base64(input)).value() == to_bytes(input));
  if (const auto bytes = from_hex(text)) {
    std::string lower(text);
    for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    SIMPUL_CHECK(to_hex(*bytes) == lower);
  }
  SIMPUL_CHECK(from_hex(to_hex(input)).value() == to_bytes(input));
  SIMPUL_CHECK(is_utf8(text) == is_utf8_by_the_table(input));
  SIMPUL_CHECK(is_utf8(text) || !is_plain_utf8(text));
  if (const auto number = parse_decimal(text)) SIMPUL_CHECK(std::to_string(*number) == text);
  check_shown(printable(text, false), false);
  check_shown(printable(text, true), true);
  SIMPUL_CHECK(printable(printable(text, true), true) == printable(text, true));
  SIMPUL_CHECK(display_width(text) <= text.size());
  const View view;
  (void)short_time(std::string(text), view, true);
}

}  // namespace simpul::fuzz
