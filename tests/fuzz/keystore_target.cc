// Keystore files. The input is what the file holds once decrypted, which the target encrypts as the
// format demands, with libsodium's own calls; and the file as it stands, unless it asks for much
// work. A keystore that is read is written and read again to the same keys, and opens under no
// other passphrase.
#include "crypto/keystore.h"

#include <sodium.h>

#include <algorithm>

#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

constexpr std::string_view kPassphrase = "kata sandi";
constexpr std::size_t kSealHeaderSize = 66, kSealSaltAt = 26, kSealNonceAt = 42;
constexpr std::uint64_t kOpslimit = 1, kMemlimit = 8192;

void put_little_endian(Bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t little_endian_at(BytesView bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t{bytes[at + i]} << (8 * i);
  return value;
}

const std::array<std::uint8_t, 32>& file_key(BytesView salt) {
  static const auto key = [&] {
    std::array<std::uint8_t, 32> derived{};
    SIMPUL_CHECK(sodium_init() >= 0);
    SIMPUL_CHECK(crypto_pwhash(derived.data(), derived.size(), kPassphrase.data(),
                               kPassphrase.size(), salt.data(), kOpslimit, kMemlimit,
                               crypto_pwhash_ALG_ARGON2ID13) == 0);
    return derived;
  }();
  return key;
}

Bytes file_holding(BytesView plaintext) {
  Bytes file = to_bytes(std::string_view("SIMPULKS"));
  put_little_endian(file, 1, 2);
  put_little_endian(file, kOpslimit, 8);
  put_little_endian(file, kMemlimit, 8);
  file.resize(kSealHeaderSize, 9);  // salt and nonce
  const Bytes header = file;
  const auto& key = file_key(BytesView(header).subspan(kSealSaltAt, crypto_pwhash_SALTBYTES));
  file.resize(kSealHeaderSize + plaintext.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      file.data() + kSealHeaderSize, nullptr, plaintext.data(), plaintext.size(), header.data(),
      header.size(), nullptr, header.data() + kSealNonceAt, key.data());
  return file;
}

bool is_cheap(BytesView file) {
  return file.size() < kSealSaltAt ||
         (little_endian_at(file, 10) <= 2 && little_endian_at(file, 18) <= 65536);
}

bool equal_keys(const Keystore& one, const Keystore& other) {
  const auto same_sealing = [](const auto& left, const auto& right) {
    return left.first == right.first && equal(left.second.secret(), right.second.secret());
  };
  const auto same_vault = [](const auto& left, const auto& right) {
    return left.first == right.first && equal(left.second.view(), right.second.view());
  };
  const auto same_unknown = [](const KeystoreEntry& left, const KeystoreEntry& right) {
    return left.kind == right.kind && left.id == right.id &&
           equal(left.bytes.view(), right.bytes.view());
  };
  const auto same_coming = [](const auto& left, const auto& right) {
    if (!left || !right) return !left && !right;
    return left->version == right->version && left->from_generation == right->from_generation &&
           equal(left->key.seed(), right->key.seed());
  };
  return one.member == other.member && same_coming(one.coming, other.coming) &&
         one.key_version == other.key_version && equal(one.signing.seed(), other.signing.seed()) &&
         equal(one.transport.secret(), other.transport.secret()) &&
         std::ranges::equal(one.sealing, other.sealing, same_sealing) &&
         std::ranges::equal(one.vault, other.vault, same_vault) &&
         std::ranges::equal(one.unknown, other.unknown, same_unknown);
}

}  // namespace

void fuzz_keystore(BytesView input) {
  if (is_cheap(input)) SIMPUL_CHECK(!decode_keystore(input, as_bytes(kPassphrase)));
  const Bytes file = file_holding(input);
  const auto keystore = decode_keystore(file, as_bytes(kPassphrase));
  if (!keystore) {
    SIMPUL_CHECK(keystore.error().code == ErrorCode::kMalformed ||
                 keystore.error().code == ErrorCode::kTooLarge);
    return;
  }
  SIMPUL_CHECK(!keystore->member.empty());
  SIMPUL_CHECK(!keystore->sealing.empty() && !keystore->vault.empty());
  SeededRandom random(1);
  const Bytes rewritten =
      encode_keystore(*keystore, as_bytes(kPassphrase), KeystoreCost::least(), random);
  const auto again = decode_keystore(rewritten, as_bytes(kPassphrase));
  SIMPUL_CHECK(again.has_value() && equal_keys(*keystore, *again));
  SIMPUL_CHECK(decode_keystore(rewritten, as_bytes("other")).error().code == ErrorCode::kWrongKey);
}

}  // namespace simpul::fuzz
