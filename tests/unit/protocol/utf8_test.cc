#include "protocol/utf8.h"

#include <catch2/catch.hpp>
#include <string>

using namespace simpul;

TEST_CASE("UTF-8 is accepted in all its lengths", "[utf8]") {
  for (const char* text : {"", "Kabupaten Badung", "\x7f", "\u0080", "\u07ff", "\u0800",
                           "\xed\x9f\xbf", "\ue000", "\uffff", "\U00010000", "\U0010ffff"}) {
    CHECK(is_utf8(text));
  }
}

TEST_CASE("what is not UTF-8 is refused", "[utf8]") {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe0\xa0",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "fine\xfe"}) {
    CHECK_FALSE(is_utf8(text));
    CHECK_FALSE(is_plain_utf8(text));
  }
}

TEST_CASE("text for a line holds nothing that moves or hides what is around it", "[utf8]") {
  for (const char* text : {"Kabupaten Badung", "Dinas \u00e9\u4e2d\U0001f600", "a\u00a0b"}) {
    CHECK(is_plain_utf8(text));
  }
  for (const char* text : {"a\nb", "\t", "\x1b[2J", "\x7f", "\u0085", "\u2028", "\u2029", "\u200f",
                           "\u202e", "\u2066", "\u2069"}) {
    CHECK(is_utf8(text));
    CHECK_FALSE(is_plain_utf8(text));
  }
  CHECK_FALSE(is_plain_utf8(std::string(1, '\0')));
}
