#include "crypto/keystore.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "crypto/little_endian.h"
#include "crypto/sodium.h"

namespace simpul {
namespace {

constexpr std::string_view kMagic = "SIMPULKS";
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kVaultKeySize = 32;

constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kOpslimitAt = 10;
constexpr std::size_t kMemlimitAt = 18;
constexpr std::size_t kSaltAt = 26;
constexpr std::size_t kNonceAt = kSaltAt + crypto_pwhash_SALTBYTES;
constexpr std::size_t kHeaderSize = kNonceAt + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kEntryHeaderSize = 7;

static_assert(kHeaderSize == 66);

enum Kind : std::uint8_t {
  kMember = 1,
  kSigning = 2,
  kTransport = 3,
  kSealing = 4,
  kVault = 5,
  kComing = 6,
};

std::unexpected<Error> malformed(std::string why) {
  return fail(ErrorCode::kMalformed, std::move(why));
}

constexpr std::size_t kSeedSize = 32;

SecretBytes coming_bytes(const ComingKey& coming) {
  SecretBytes bytes(kSeedSize + sizeof(coming.from_generation));
  const auto end = std::ranges::copy(coming.key.seed(), bytes.mutable_view().begin()).out;
  std::ranges::copy(to_little_endian(coming.from_generation), end);
  return bytes;
}

// Calls back with (kind, id, bytes) for every entry, in the order of the file.
template <class Visit>
void visit_entries(const Keystore& keystore, Visit visit) {
  visit(kMember, 0u, as_bytes(keystore.member));
  visit(kSigning, keystore.key_version, keystore.signing.seed());
  visit(kTransport, 0u, keystore.transport.secret());
  for (const auto& [version, key] : keystore.sealing) visit(kSealing, version, key.secret());
  for (const auto& [version, key] : keystore.vault) visit(kVault, version, key.view());
  if (keystore.coming) {
    const SecretBytes bytes = coming_bytes(*keystore.coming);
    visit(kComing, keystore.coming->version, bytes.view());
  }
  for (const KeystoreEntry& entry : keystore.unknown) {
    visit(entry.kind, entry.id, entry.bytes.view());
  }
}

// The plaintext, in memory that never moves, so that no copy of a secret stays behind.
SecretBytes plaintext_of(const Keystore& keystore) {
  std::size_t size = 0;
  visit_entries(keystore, [&](std::uint8_t, std::uint32_t, BytesView bytes) {
    SIMPUL_CHECK(bytes.size() <= 0xffff);
    size += kEntryHeaderSize + bytes.size();
  });
  SecretBytes plaintext(size);
  auto out = plaintext.mutable_view().begin();
  visit_entries(keystore, [&](std::uint8_t kind, std::uint32_t id, BytesView bytes) {
    *out++ = kind;
    out = std::ranges::copy(to_little_endian(id), out).out;
    out = std::ranges::copy(to_little_endian(static_cast<std::uint16_t>(bytes.size())), out).out;
    out = std::ranges::copy(bytes, out).out;
  });
  return plaintext;
}

// The encryption key that a passphrase and a header give; nothing when memory is short.
std::optional<SecretBytes> derive(BytesView header, BytesView passphrase) {
  ensure_sodium();
  SecretBytes key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  // libsodium wants a pointer even to an empty passphrase.
  const auto text = passphrase.empty() ? std::string_view("") : as_text(passphrase);
  const int failed = crypto_pwhash(
      key.mutable_view().data(), key.size(), text.data(), text.size(), header.data() + kSaltAt,
      from_little_endian<std::uint64_t>(header.subspan(kOpslimitAt)),
      from_little_endian<std::uint64_t>(header.subspan(kMemlimitAt)), crypto_pwhash_ALG_ARGON2ID13);
  if (failed) return std::nullopt;
  return key;
}

// What must hold before any work is done for a file from outside.
Result<void> check_header(BytesView file) {
  if (file.size() > kKeystoreSizeMax) {
    return fail(ErrorCode::kTooLarge, "a keystore is at most 1 MiB");
  }
  if (file.size() < kHeaderSize + kTagSize || !as_text(file).starts_with(kMagic)) {
    return malformed("this is not a keystore");
  }
  if (from_little_endian<std::uint16_t>(file.subspan(kVersionAt)) != kVersion) {
    return malformed("the keystore was written by another version; this one reads version 1");
  }
  const auto opslimit = from_little_endian<std::uint64_t>(file.subspan(kOpslimitAt));
  const auto memlimit = from_little_endian<std::uint64_t>(file.subspan(kMemlimitAt));
  if (opslimit > kKeystoreOpslimitMax || memlimit > kKeystoreMemlimitMax) {
    return fail(ErrorCode::kTooLarge, "the keystore asks for more work than any node's would");
  }
  if (opslimit < crypto_pwhash_OPSLIMIT_MIN || memlimit < crypto_pwhash_MEMLIMIT_MIN) {
    return malformed("the keystore asks for less work than Argon2id does");
  }
  return {};
}

Result<SecretBytes> decrypt(BytesView file, BytesView passphrase) {
  const BytesView header = file.first(kHeaderSize);
  const BytesView cipher = file.subspan(kHeaderSize);
  const auto key = derive(header, passphrase);
  if (!key) {
    return fail(ErrorCode::kUnavailable, "not enough memory to open the keystore; try again");
  }
  SecretBytes plaintext(cipher.size() - kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plaintext.mutable_view().data(), nullptr, nullptr, cipher.data(), cipher.size(),
          header.data(), header.size(), header.data() + kNonceAt, key->view().data()) != 0) {
    return fail(ErrorCode::kWrongKey, "wrong passphrase, or the keystore was altered");
  }
  return plaintext;
}

// Collects entries and refuses those that contradict each other.
class Reader {
 public:
  Result<void> read(std::uint8_t kind, std::uint32_t id, BytesView bytes) {
    switch (kind) {
      case kMember:
        if (member_ || bytes.empty()) return malformed("the keystore names no single member");
        member_ = std::string(as_text(bytes));
        return {};
      case kSigning:
        key_version_ = id;
        return once(signing_, SigningKey::from_seed(bytes));
      case kTransport:
        return once(transport_, TransportSecret::from_secret(bytes));
      case kSealing:
        return add(sealing_, id, SealingKey::from_secret(bytes));
      case kVault:
        if (bytes.size() != kVaultKeySize) return malformed("a vault key is 32 bytes");
        return add(vault_, id, Result<SecretBytes>(SecretBytes(bytes)));
      case kComing:
        return take_coming(id, bytes);
      default:
        unknown_.push_back({.kind = kind, .id = id, .bytes = SecretBytes(bytes)});
        return {};
    }
  }

  Result<Keystore> finish() && {
    if (!member_ || !signing_ || !transport_ || sealing_.empty() || vault_.empty()) {
      return malformed("the keystore lacks the member id or one of the kinds of keys");
    }
    return Keystore{.member = std::move(*member_),
                    .key_version = key_version_,
                    .signing = std::move(*signing_),
                    .transport = std::move(*transport_),
                    .sealing = std::move(sealing_),
                    .vault = std::move(vault_),
                    .unknown = std::move(unknown_),
                    .coming = std::move(coming_)};
  }

 private:
  Result<void> take_coming(std::uint32_t version, BytesView bytes) {
    if (coming_ || bytes.size() != kSeedSize + 4) {
      return malformed("the keystore names no single key to come");
    }
    SIMPUL_TRY(key, SigningKey::from_seed(bytes.first(kSeedSize)));
    coming_ = ComingKey{version, std::move(key),
                        from_little_endian<std::uint32_t>(bytes.subspan(kSeedSize))};
    return {};
  }

  template <class Key>
  static Result<void> once(std::optional<Key>& to, Result<Key> key) {
    if (!key) return std::unexpected(std::move(key).error());
    if (to) return malformed("the keystore holds a key twice");
    to = std::move(*key);
    return {};
  }

  template <class Key>
  static Result<void> add(std::map<std::uint32_t, Key>& to, std::uint32_t id, Result<Key> key) {
    if (!key) return std::unexpected(std::move(key).error());
    if (!to.emplace(id, std::move(*key)).second) {
      return malformed("the keystore holds a key twice");
    }
    return {};
  }

  std::optional<std::string> member_;
  std::uint32_t key_version_ = 0;
  std::optional<SigningKey> signing_;
  std::optional<TransportSecret> transport_;
  std::map<std::uint32_t, SealingKey> sealing_;
  std::map<std::uint32_t, SecretBytes> vault_;
  std::vector<KeystoreEntry> unknown_;
  std::optional<ComingKey> coming_;
};

}  // namespace

Keystore Keystore::generate(std::string member, Random& random) {
  Keystore keystore{.member = std::move(member),
                    .key_version = 1,
                    .signing = SigningKey::generate(random),
                    .transport = TransportSecret::generate(random),
                    .sealing = {},
                    .vault = {},
                    .unknown = {}};
  keystore.sealing.emplace(1, SealingKey::generate(random));
  SecretBytes vault_key(kVaultKeySize);
  random.fill(vault_key.mutable_view());
  keystore.vault.emplace(1, std::move(vault_key));
  return keystore;
}

Bytes encode_keystore(const Keystore& keystore, BytesView passphrase, const KeystoreCost& cost,
                      Random& random) {
  SIMPUL_CHECK(!keystore.member.empty() && !keystore.sealing.empty() && !keystore.vault.empty());
  Bytes file = to_bytes(kMagic);
  append(file, to_little_endian(kVersion));
  append(file, to_little_endian(cost.opslimit));
  append(file, to_little_endian(cost.memlimit_bytes));
  append(file, random.bytes(kHeaderSize - kSaltAt));  // salt and nonce

  const SecretBytes plaintext = plaintext_of(keystore);
  file.resize(kHeaderSize + plaintext.size() + kTagSize);
  SIMPUL_CHECK(check_header(file));
  const auto key = derive(BytesView(file).first(kHeaderSize), passphrase);
  SIMPUL_CHECK(key);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      file.data() + kHeaderSize, nullptr, plaintext.view().data(), plaintext.size(), file.data(),
      kHeaderSize, nullptr, file.data() + kNonceAt, key->view().data());
  return file;
}

Result<KeystoreCost> keystore_cost(BytesView file) {
  SIMPUL_TRY_VOID(check_header(file));
  return KeystoreCost{from_little_endian<std::uint64_t>(file.subspan(kOpslimitAt)),
                      from_little_endian<std::uint64_t>(file.subspan(kMemlimitAt))};
}

Result<Keystore> decode_keystore(BytesView file, BytesView passphrase) {
  SIMPUL_TRY_VOID(check_header(file));
  SIMPUL_TRY(plaintext, decrypt(file, passphrase));
  Reader reader;
  for (BytesView rest = plaintext.view(); !rest.empty();) {
    if (rest.size() < kEntryHeaderSize) return malformed("the keystore ends within an entry");
    const std::uint8_t kind = rest[0];
    const auto id = from_little_endian<std::uint32_t>(rest.subspan(1));
    const auto size = from_little_endian<std::uint16_t>(rest.subspan(5));
    rest = rest.subspan(kEntryHeaderSize);
    if (rest.size() < size) return malformed("the keystore ends within an entry");
    SIMPUL_TRY_VOID(reader.read(kind, id, rest.first(size)));
    rest = rest.subspan(size);
  }
  return std::move(reader).finish();
}

}  // namespace simpul
