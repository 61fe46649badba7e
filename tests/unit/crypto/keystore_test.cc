#include "crypto/keystore.h"

#include <rapidcheck/catch.h>
#include <sodium.h>

#include <catch2/catch.hpp>

using namespace simpul;

namespace {

const BytesView kPassphrase = as_bytes("lima burung gereja");

Keystore any_keystore(std::uint64_t seed = 5) {
  SeededRandom random(seed);
  return Keystore::generate("51.03", random);
}

Bytes encoded(const Keystore& keystore, BytesView passphrase = kPassphrase) {
  SeededRandom random(6);
  return encode_keystore(keystore, passphrase, KeystoreCost::least(), random);
}

ErrorCode refusal(BytesView file, BytesView passphrase = kPassphrase) {
  const auto keystore = decode_keystore(file, passphrase);
  REQUIRE_FALSE(keystore);
  return keystore.error().code;
}

Bytes entry(std::uint8_t kind, std::uint8_t id, BytesView bytes) {
  Bytes out = {kind, id, 0, 0, 0, static_cast<std::uint8_t>(bytes.size()), 0};
  append(out, bytes);
  return out;
}

const Bytes kSecret(32, 0x21);

// A plaintext with all that a keystore must hold, except one kind.
Bytes entries_without(std::uint8_t left_out) {
  Bytes plaintext;
  for (std::uint8_t kind = 1; kind <= 5; ++kind) {
    if (kind == left_out) continue;
    append(plaintext, entry(kind, 7, kind == 1 ? as_bytes("34") : BytesView(kSecret)));
  }
  return plaintext;
}

// A keystore file made by the words of the format, around any plaintext.
Bytes keystore_by_hand(const Bytes& plaintext) {
  Bytes file = to_bytes("SIMPULKS");
  append(file, Bytes{1, 0});
  append(file, Bytes{1, 0, 0, 0, 0, 0, 0, 0});
  append(file, Bytes{0, 0x20, 0, 0, 0, 0, 0, 0});
  append(file, Bytes(40, 0x77));
  Bytes key(32);
  const auto text = as_text(kPassphrase);
  REQUIRE(crypto_pwhash(key.data(), key.size(), text.data(), text.size(), file.data() + 26, 1, 8192,
                        crypto_pwhash_ALG_ARGON2ID13) == 0);
  Bytes cipher(plaintext.size() + 16);
  crypto_aead_xchacha20poly1305_ietf_encrypt(cipher.data(), nullptr, plaintext.data(),
                                             plaintext.size(), file.data(), 66, nullptr,
                                             file.data() + 42, key.data());
  append(file, cipher);
  return file;
}

}  // namespace

TEST_CASE("a keystore opens with all that was put in", "[crypto][keystore]") {
  SeededRandom random(9);
  Keystore keystore = any_keystore();
  keystore.key_version = 3;
  keystore.sealing.emplace(2, SealingKey::generate(random));
  keystore.vault.emplace(70'000, SecretBytes(random.bytes(32)));
  const Keystore read = decode_keystore(encoded(keystore), kPassphrase).value();
  CHECK(read.member == "51.03");
  CHECK(read.key_version == 3);
  CHECK(read.signing.verify_key() == keystore.signing.verify_key());
  CHECK(equal(read.signing.seed(), keystore.signing.seed()));
  CHECK(read.transport.transport_key() == keystore.transport.transport_key());
  CHECK(equal(read.transport.secret(), keystore.transport.secret()));
  REQUIRE(read.sealing.size() == 2);
  CHECK(read.sealing.at(1).seal_key() == keystore.sealing.at(1).seal_key());
  CHECK(read.sealing.at(2).seal_key() == keystore.sealing.at(2).seal_key());
  CHECK(read.vault == keystore.vault);
}

TEST_CASE("a signing key to come is kept with the generation it begins with",
          "[crypto][keystore]") {
  SeededRandom random(10);
  Keystore keystore = any_keystore();
  keystore.coming = ComingKey{2, SigningKey::generate(random), 70'000};
  const Keystore read = decode_keystore(encoded(keystore), kPassphrase).value();
  REQUIRE(read.coming);
  CHECK(read.coming->version == 2);
  CHECK(read.coming->from_generation == 70'000);
  CHECK(equal(read.coming->key.seed(), keystore.coming->key.seed()));
  CHECK(equal(read.signing.seed(), keystore.signing.seed()));
  Bytes twice = entries_without(0);
  append(twice, entry(6, 8, Bytes(36)));
  CHECK(decode_keystore(keystore_by_hand(twice), kPassphrase));
  append(twice, entry(6, 9, Bytes(36)));
  CHECK(refusal(keystore_by_hand(twice)) == ErrorCode::kMalformed);
  Bytes half = entries_without(0);
  append(half, entry(6, 8, Bytes(32)));
  CHECK(refusal(keystore_by_hand(half)) == ErrorCode::kMalformed);
}

TEST_CASE("a keystore says what work it was made with", "[crypto][keystore]") {
  const KeystoreCost cost = keystore_cost(encoded(any_keystore())).value();
  CHECK(cost.opslimit == KeystoreCost::least().opslimit);
  CHECK(cost.memlimit_bytes == KeystoreCost::least().memlimit_bytes);
  CHECK(keystore_cost(Bytes(200)).error().code == ErrorCode::kMalformed);
}

TEST_CASE("a generated keystore holds four different secrets", "[crypto][keystore]") {
  const Keystore keystore = any_keystore();
  CHECK(keystore.key_version == 1);
  REQUIRE(keystore.sealing.size() == 1);
  REQUIRE(keystore.vault.size() == 1);
  const std::vector<BytesView> secrets = {keystore.signing.seed(), keystore.transport.secret(),
                                          keystore.sealing.at(1).secret(),
                                          keystore.vault.at(1).view()};
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(equal(secrets[i], secrets[j]));
  }
}

TEST_CASE("a keystore made by the words of the format opens", "[crypto][keystore]") {
  const Keystore read = decode_keystore(keystore_by_hand(entries_without(0)), kPassphrase).value();
  CHECK(read.member == "34");
  CHECK(read.key_version == 7);
  CHECK(equal(read.signing.seed(), kSecret));
  CHECK(equal(read.sealing.at(7).secret(), kSecret));
  CHECK(read.unknown.empty());
}

TEST_CASE("a wrong passphrase does not open a keystore", "[crypto][keystore]") {
  const Bytes file = encoded(any_keystore());
  CHECK(refusal(file, as_bytes("lima burung gerejb")) == ErrorCode::kWrongKey);
  CHECK(refusal(file, {}) == ErrorCode::kWrongKey);
  const Bytes open_to_all = encoded(any_keystore(), {});
  CHECK(decode_keystore(open_to_all, {}));
  CHECK(refusal(open_to_all) == ErrorCode::kWrongKey);
}

TEST_CASE("a keystore with any byte changed is refused", "[crypto][keystore]") {
  Bytes file = encoded(any_keystore());
  for (std::size_t i = 0; i < file.size(); ++i) {
    INFO(i);
    file[i] ^= 1;
    const ErrorCode code = refusal(file);
    if (i < 10) CHECK(code == ErrorCode::kMalformed);
    if (i >= 26) CHECK(code == ErrorCode::kWrongKey);
    file[i] ^= 1;
  }
  CHECK(decode_keystore(file, kPassphrase));
}

TEST_CASE("a keystore cut short or continued is refused", "[crypto][keystore]") {
  Bytes file = encoded(any_keystore());
  for (std::size_t size = 0; size < file.size(); ++size) {
    const ErrorCode code = refusal(BytesView(file).first(size));
    CHECK(code == (size < 66 + 16 ? ErrorCode::kMalformed : ErrorCode::kWrongKey));
  }
  file.push_back(0);
  CHECK(refusal(file) == ErrorCode::kWrongKey);
}

TEST_CASE("a keystore that asks for too much or too little work is refused before any is done",
          "[crypto][keystore]") {
  const Bytes file = encoded(any_keystore());
  const auto with = [&](std::size_t at, std::uint64_t value) {
    Bytes changed = file;
    for (std::size_t i = 0; i < 8; ++i) {
      changed[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
    return refusal(changed);
  };
  constexpr std::size_t kOpslimitAt = 10;
  constexpr std::size_t kMemlimitAt = 18;
  CHECK(with(kOpslimitAt, kKeystoreOpslimitMax + 1) == ErrorCode::kTooLarge);
  CHECK(with(kOpslimitAt, ~std::uint64_t{0}) == ErrorCode::kTooLarge);
  CHECK(with(kOpslimitAt, 0) == ErrorCode::kMalformed);
  CHECK(with(kOpslimitAt, kKeystoreOpslimitMax) == ErrorCode::kWrongKey);
  CHECK(with(kMemlimitAt, kKeystoreMemlimitMax + 1) == ErrorCode::kTooLarge);
  CHECK(with(kMemlimitAt, ~std::uint64_t{0}) == ErrorCode::kTooLarge);
  CHECK(with(kMemlimitAt, 8191) == ErrorCode::kMalformed);
  CHECK(refusal(Bytes(kKeystoreSizeMax + 1)) == ErrorCode::kTooLarge);
}

TEST_CASE("entries of unknown kinds are kept and written back", "[crypto][keystore]") {
  Bytes plaintext = entries_without(0);
  append(plaintext, entry(200, 1, as_bytes("kelak")));
  append(plaintext, entry(7, 2, {}));
  append(plaintext, entry(200, 1, as_bytes("lagi")));
  const Keystore first = decode_keystore(keystore_by_hand(plaintext), kPassphrase).value();
  const Keystore read = decode_keystore(encoded(first), kPassphrase).value();
  REQUIRE(read.unknown.size() == 3);
  CHECK(read.unknown[0].kind == 200);
  CHECK(read.unknown[0].id == 1);
  CHECK(as_text(read.unknown[0].bytes.view()) == "kelak");
  CHECK(read.unknown[1].kind == 7);
  CHECK(read.unknown[1].bytes.empty());
  CHECK(as_text(read.unknown[2].bytes.view()) == "lagi");
}

TEST_CASE("a keystore that lacks something is malformed", "[crypto][keystore]") {
  for (std::uint8_t kind = 1; kind <= 5; ++kind) {
    INFO(int{kind});
    CHECK(refusal(keystore_by_hand(entries_without(kind))) == ErrorCode::kMalformed);
  }
  CHECK(refusal(keystore_by_hand({})) == ErrorCode::kMalformed);
}

TEST_CASE("a keystore with an entry twice is malformed", "[crypto][keystore]") {
  for (std::uint8_t kind = 1; kind <= 5; ++kind) {
    INFO(int{kind});
    Bytes plaintext = entries_without(0);
    append(plaintext, entry(kind, 7, kSecret));
    CHECK(refusal(keystore_by_hand(plaintext)) == ErrorCode::kMalformed);
  }
}

TEST_CASE("a keystore with a secret of another length is malformed", "[crypto][keystore]") {
  for (std::uint8_t kind = 1; kind <= 5; ++kind) {
    for (const std::size_t size : {0u, 31u, 33u}) {
      if (kind == 1 && size > 0) continue;
      INFO(int{kind} << " " << size);
      Bytes plaintext = entries_without(kind);
      append(plaintext, entry(kind, 7, Bytes(size, 1)));
      CHECK(refusal(keystore_by_hand(plaintext)) == ErrorCode::kMalformed);
    }
  }
}

TEST_CASE("a keystore that ends within an entry is malformed", "[crypto][keystore]") {
  Bytes plaintext = entries_without(0);
  const std::size_t whole = plaintext.size();
  append(plaintext, entry(200, 1, as_bytes("kelak")));
  for (std::size_t size = whole + 1; size < plaintext.size(); ++size) {
    const Bytes cut(plaintext.begin(), plaintext.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(refusal(keystore_by_hand(cut)) == ErrorCode::kMalformed);
  }
}

TEST_CASE("no plaintext brings the keystore reader down", "[crypto][keystore][property]") {
  rc::prop("any entries, cut anywhere", [] {
    Bytes plaintext = entries_without(*rc::gen::inRange<std::uint8_t>(0, 6));
    append(plaintext, *rc::gen::arbitrary<Bytes>());
    const auto read = decode_keystore(keystore_by_hand(plaintext), kPassphrase);
    if (read) {
      RC_ASSERT(decode_keystore(encoded(*read), kPassphrase));
    } else {
      RC_ASSERT(read.error().code == ErrorCode::kMalformed);
    }
  });
}

TEST_CASE("any generated keystore opens", "[crypto][keystore][property]") {
  rc::prop("round trip", [](std::uint64_t seed, const Bytes& passphrase) {
    const Keystore keystore = any_keystore(seed);
    const auto read = decode_keystore(encoded(keystore, passphrase), passphrase);
    RC_ASSERT(read.value().signing.verify_key() == keystore.signing.verify_key());
    RC_ASSERT(read.value().vault == keystore.vault);
  });
}
