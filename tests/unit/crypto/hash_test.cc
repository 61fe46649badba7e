#include "crypto/hash.h"

#include <rapidcheck/catch.h>
#include <sodium.h>

#include <catch2/catch.hpp>
#include <string>

#include "crypto/encoding.h"

using namespace simpul;

TEST_CASE("sha256 gives the digests published in FIPS 180", "[crypto][hash]") {
  const auto hex = [](std::string_view text) { return to_hex(sha256(as_bytes(text)).view()); };
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
            "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256 agrees with a second implementation at every length", "[crypto][hash]") {
  Bytes data;
  for (std::size_t size = 0; size < 300; ++size) {
    Digest other;
    crypto_hash_sha256(other.bytes.data(), data.data(), data.size());
    REQUIRE(sha256(data) == other);
    data.push_back(static_cast<std::uint8_t>(size * 7));
  }
}

TEST_CASE("a digest of pieces is the digest of the whole", "[crypto][hash][property]") {
  rc::prop("two, three or many pieces", [](const Bytes& a, const Bytes& b, const Bytes& c) {
    Bytes whole = a;
    append(whole, b);
    RC_ASSERT(sha256(a, b) == sha256(whole));
    append(whole, c);
    RC_ASSERT(sha256(a, b, c) == sha256(whole));

    Sha256 hasher;
    hasher.update(a).update(b);
    Sha256 copy = hasher;
    RC_ASSERT(hasher.update(c).finish() == sha256(whole));
    RC_ASSERT(copy.finish() == sha256(a, b));
    RC_ASSERT(hasher.update(c).finish() == sha256(c));
  });
}

TEST_CASE("digests are ordered bytewise", "[crypto][hash]") {
  Digest low;
  Digest high;
  CHECK(low.is_zero());
  low.bytes[31] = 0xff;
  high.bytes[0] = 1;
  CHECK(low < high);
  CHECK_FALSE(low.is_zero());
}
