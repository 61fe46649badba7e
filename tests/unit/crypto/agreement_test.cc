#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "crypto/keys.h"

using namespace simpul;

namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}

std::string multiply(std::string_view scalar, std::string_view point) {
  return to_hex(x25519(hex(scalar), hex(point)).value().view());
}

std::string iterate(int count) {
  Bytes scalar(32);
  scalar[0] = 9;
  Bytes point = scalar;
  for (int i = 0; i < count; ++i) {
    const SecretBytes next = x25519(scalar, point).value();
    point = scalar;
    scalar = to_bytes(next.view());
  }
  return to_hex(scalar);
}

}  // namespace

TEST_CASE("X25519 gives the vectors of RFC 7748 section 5.2", "[crypto][keys]") {
  CHECK(multiply("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                 "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c") ==
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  CHECK(multiply("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                 "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493") ==
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

TEST_CASE("X25519 iterates as in RFC 7748 section 5.2", "[crypto][keys]") {
  CHECK(iterate(1) == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
  CHECK(iterate(1000) == "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST_CASE("sealing and transport keys agree as in RFC 7748 section 6.1", "[crypto][keys]") {
  const Bytes alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const Bytes bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  const auto sealing = SealingKey::from_secret(alice).value();
  const auto transport = TransportSecret::from_secret(bob).value();
  CHECK(to_hex(sealing.seal_key().view()) ==
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  CHECK(to_hex(transport.transport_key().view()) ==
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const char* shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
  CHECK(to_hex(x25519(alice, transport.transport_key().view()).value().view()) == shared);
  CHECK(to_hex(x25519(bob, sealing.seal_key().view()).value().view()) == shared);
}

TEST_CASE("points of low order are refused", "[crypto][keys]") {
  const Bytes scalar(32, 0x42);
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "0000000000000000000000000000000000000000000000000000000000000080"}) {
    INFO(point);
    const auto shared = x25519(scalar, hex(point));
    REQUIRE_FALSE(shared);
    CHECK(shared.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("X25519 keys are made of exactly 32 bytes", "[crypto][keys]") {
  for (const std::size_t size : {0u, 31u, 33u}) {
    const Bytes wrong(size, 9);
    CHECK(SealingKey::from_secret(wrong).error().code == ErrorCode::kMalformed);
    CHECK(TransportSecret::from_secret(wrong).error().code == ErrorCode::kMalformed);
    CHECK(x25519(wrong, Bytes(32, 9)).error().code == ErrorCode::kMalformed);
    CHECK(x25519(Bytes(32, 9), wrong).error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("any two generated keys agree on one secret", "[crypto][keys][property]") {
  rc::prop("both ways round", [](std::uint64_t seed) {
    SeededRandom random(seed);
    const SealingKey one = SealingKey::generate(random);
    const SealingKey two = SealingKey::generate(random);
    RC_ASSERT(one.seal_key() != two.seal_key());
    RC_ASSERT(x25519(one.secret(), two.seal_key().view()).value() ==
              x25519(two.secret(), one.seal_key().view()).value());
  });
}

TEST_CASE("a fingerprint is eight groups and covers all three keys", "[crypto][keys]") {
  VerifyKey signing;
  SealKey sealing;
  TransportKey transport;
  // Computed once with sha256sum over the tag and 96 zero bytes.
  const std::string text = fingerprint(signing, sealing, transport);
  CHECK(text == "8698 04d3 cfa2 0836 ac7c 951e 4b6e 4d74");
  signing.bytes[31] = 1;
  CHECK(fingerprint(signing, sealing, transport) != text);
  signing.bytes[31] = 0;
  sealing.bytes[31] = 1;
  CHECK(fingerprint(signing, sealing, transport) != text);
  sealing.bytes[31] = 0;
  transport.bytes[31] = 1;
  CHECK(fingerprint(signing, sealing, transport) != text);
}
