#include "crypto/sealed_box.h"

#include <rapidcheck/catch.h>
#include <sodium.h>

#include <catch2/catch.hpp>

using namespace simpul;

namespace {

struct Fixture {
  SeededRandom random{11};
  SealingKey key = SealingKey::generate(random);
  Bytes message = to_bytes("kunci lampiran");
};

}  // namespace

TEST_CASE_METHOD(Fixture, "libsodium opens what we seal", "[crypto][sealed-box]") {
  const Bytes box = seal(message, key.seal_key(), random).value();
  REQUIRE(box.size() == message.size() + kSealOverhead);
  Bytes opened(message.size());
  REQUIRE(crypto_box_seal_open(opened.data(), box.data(), box.size(), key.seal_key().bytes.data(),
                               key.secret().data()) == 0);
  CHECK(opened == message);
}

TEST_CASE_METHOD(Fixture, "we open what libsodium seals", "[crypto][sealed-box]") {
  Bytes box(message.size() + kSealOverhead);
  REQUIRE(crypto_box_seal(box.data(), message.data(), message.size(),
                          key.seal_key().bytes.data()) == 0);
  CHECK(equal(open_sealed(box, key).value().view(), message));
}

TEST_CASE_METHOD(Fixture, "a sealed box opens only unaltered", "[crypto][sealed-box]") {
  Bytes box = seal(message, key.seal_key(), random).value();
  for (std::uint8_t& byte : box) {
    byte ^= 1;
    const auto opened = open_sealed(box, key);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == ErrorCode::kWrongKey);
    byte ^= 1;
  }
  CHECK(open_sealed(box, key));
  CHECK(open_sealed(BytesView(box).first(box.size() - 1), key).error().code ==
        ErrorCode::kWrongKey);
}

TEST_CASE_METHOD(Fixture, "a sealed box opens for its addressee only", "[crypto][sealed-box]") {
  const Bytes box = seal(message, key.seal_key(), random).value();
  const SealingKey other = SealingKey::generate(random);
  CHECK(open_sealed(box, other).error().code == ErrorCode::kWrongKey);
}

TEST_CASE_METHOD(Fixture, "what is too short to be a sealed box is malformed",
                 "[crypto][sealed-box]") {
  for (std::size_t size = 0; size < kSealOverhead; ++size) {
    CHECK(open_sealed(Bytes(size), key).error().code == ErrorCode::kMalformed);
  }
  CHECK(open_sealed(Bytes(kSealOverhead), key).error().code == ErrorCode::kWrongKey);
}

TEST_CASE_METHOD(Fixture, "nothing is sealed to a point of low order", "[crypto][sealed-box]") {
  CHECK(seal(message, SealKey{}, random).error().code == ErrorCode::kMalformed);
}

TEST_CASE_METHOD(Fixture, "sealing twice gives two unrelated boxes", "[crypto][sealed-box]") {
  const Bytes one = seal(message, key.seal_key(), random).value();
  const Bytes two = seal(message, key.seal_key(), random).value();
  CHECK_FALSE(equal(BytesView(one).first(32), BytesView(two).first(32)));
}

TEST_CASE("any message comes out of its sealed box as it went in",
          "[crypto][sealed-box][property]") {
  rc::prop("round trip", [](std::uint64_t seed, const Bytes& message) {
    SeededRandom random(seed);
    const SealingKey key = SealingKey::generate(random);
    const Bytes box = seal(message, key.seal_key(), random).value();
    RC_ASSERT(equal(open_sealed(box, key).value().view(), message));
  });
}
