#include "crypto/encoding.h"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <utility>

using namespace simpul;

TEST_CASE("base64 gives the vectors of RFC 4648 section 10", "[crypto][encoding]") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    CHECK(to_base64(as_bytes(plain)) == encoded);
    REQUIRE(from_base64(encoded));
    CHECK(as_text(*from_base64(encoded)) == plain);
  }
}

TEST_CASE("base64 refuses all but the canonical form", "[crypto][encoding]") {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm9v\n",
                           "Zm 9", "Zm9-", "Zm9_", "=Zm9", "Zm=v", "Zm\x80v"}) {
    INFO(text);
    const auto decoded = from_base64(text);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("hex is lower case out and either case in", "[crypto][encoding]") {
  const Bytes bytes = {0x00, 0x9a, 0xbc, 0xdf, 0xff};
  CHECK(to_hex(bytes) == "009abcdfff");
  CHECK(from_hex("009ABcdFff") == bytes);
  CHECK(from_hex("") == Bytes{});
}

TEST_CASE("hex refuses odd lengths and other characters", "[crypto][encoding]") {
  for (const char* text : {"0", "abc", "0g", "G0", "0x", " 0", "@0", "`0", "/0", ":0"}) {
    INFO(text);
    const auto decoded = from_hex(text);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("text forms come back as the bytes they were", "[crypto][encoding][property]") {
  rc::prop("hex and base64", [](const Bytes& bytes) {
    RC_ASSERT(from_hex(to_hex(bytes)).value() == bytes);
    RC_ASSERT(from_base64(to_base64(bytes)).value() == bytes);
  });
  rc::prop("what decodes as base64 encodes to the same text", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("AQgw/+=9")));
    const auto decoded = from_base64(text);
    if (decoded) RC_ASSERT(to_base64(*decoded) == text);
  });
}
