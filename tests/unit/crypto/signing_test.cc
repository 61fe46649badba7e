#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <type_traits>

#include "crypto/encoding.h"
#include "crypto/keys.h"

using namespace simpul;

static_assert(!std::is_copy_constructible_v<SigningKey>);
static_assert(!std::is_convertible_v<SealKey, VerifyKey>);
static_assert(!std::is_convertible_v<TransportKey, SealKey>);

namespace {

Bytes bytes_of_hex(std::string_view text) {
  return from_hex(text).value();
}

struct Vector {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc).
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"}};

SigningKey any_key(std::uint64_t seed = 1) {
  SeededRandom random(seed);
  return SigningKey::generate(random);
}

}  // namespace

TEST_CASE("Ed25519 gives the keys and signatures of RFC 8032 section 7.1", "[crypto][keys]") {
  for (const Vector& vector : kVectors) {
    INFO(vector.message);
    const Bytes message = bytes_of_hex(vector.message);
    const auto key = SigningKey::from_seed(bytes_of_hex(vector.seed)).value();
    CHECK(to_hex(key.verify_key().view()) == vector.key);
    CHECK(to_hex(key.sign(message)) == vector.signature);
    CHECK(verify(key.verify_key(), message, bytes_of_hex(vector.signature)));
  }
}

TEST_CASE("a signature fails when any byte of it, the message or the key is changed",
          "[crypto][keys]") {
  const SigningKey key = any_key();
  Bytes message = to_bytes("diteruskan ke 51");
  Signature signature = key.sign(message);
  VerifyKey public_key = key.verify_key();
  const auto flips_are_seen = [&](std::span<std::uint8_t> bytes) {
    for (std::uint8_t& byte : bytes) {
      byte ^= 1;
      CHECK_FALSE(verify(public_key, message, signature));
      byte ^= 1;
    }
  };
  flips_are_seen(message);
  flips_are_seen(signature);
  flips_are_seen(public_key.bytes);
  CHECK(verify(public_key, message, signature));
}

TEST_CASE("a signature of another length never verifies", "[crypto][keys]") {
  const SigningKey key = any_key();
  const Signature signature = key.sign({});
  Bytes longer = to_bytes(BytesView(signature));
  longer.push_back(0);
  CHECK_FALSE(verify(key.verify_key(), {}, longer));
  CHECK_FALSE(verify(key.verify_key(), {}, BytesView(signature).first(63)));
  CHECK_FALSE(verify(key.verify_key(), {}, {}));
}

TEST_CASE("a signature with the group order added to it is refused", "[crypto][keys]") {
  const SigningKey key = any_key();
  const Bytes order =
      bytes_of_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Signature signature = key.sign({});
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    carry += static_cast<unsigned>(signature[32 + i]) + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  CHECK_FALSE(verify(key.verify_key(), {}, signature));
}

TEST_CASE("a verify key of small order accepts nothing", "[crypto][keys]") {
  VerifyKey identity;
  identity.bytes[0] = 1;
  Signature forged{};
  forged[0] = 1;
  CHECK_FALSE(verify(identity, as_bytes("any message"), forged));
}

TEST_CASE("a signing key is made of exactly 32 bytes", "[crypto][keys]") {
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    const auto key = SigningKey::from_seed(Bytes(size, 1));
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::kMalformed);
    CHECK(VerifyKey::from(Bytes(size, 1)).error().code == ErrorCode::kMalformed);
  }
  CHECK(VerifyKey::from(Bytes(32, 7)).value().bytes[31] == 7);
}

TEST_CASE("a cloned and a reloaded signing key sign alike", "[crypto][keys][property]") {
  rc::prop("for any seed and message", [](std::uint64_t seed, const Bytes& message) {
    const SigningKey key = any_key(seed);
    const SigningKey reloaded = SigningKey::from_seed(key.seed()).value();
    RC_ASSERT(key.clone().sign(message) == key.sign(message));
    RC_ASSERT(reloaded.sign(message) == key.sign(message));
    RC_ASSERT(verify(key.verify_key(), message, key.sign(message)));
    RC_ASSERT(!verify(any_key(seed + 1).verify_key(), message, key.sign(message)));
  });
}
