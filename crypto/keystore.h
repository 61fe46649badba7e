// The keystore: all of a node's secrets in one encrypted blob. Pure: bytes in, bytes out;
// reading and writing the file is the node's business.
//
// Layout: "SIMPULKS" | version u16 = 1 | Argon2id opslimit u64 | memlimit u64 (bytes) |
// salt 16 | nonce 24 | XChaCha20-Poly1305 ciphertext, with everything before the ciphertext
// as associated data; integers little-endian. The plaintext is a sequence of entries: kind
// u8 | id u32 | length u16 | bytes.
//
//   kind  id       bytes
//   1     0        member id, text
//   2     version  seed of the signing key, 32
//   3     0        transport secret, 32
//   4     version  sealing secret, 32; one or more
//   5     version  vault key, 32; one or more
//   6     version  seed of the signing key to come, 32, and from which generation on, u32
//
// No (kind, id) of these comes twice, kinds 1 to 3 come once, and kind 6 at most once. Unknown
// kinds are kept and written back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "crypto/secret.h"

namespace simpul {

struct KeystoreCost {
  std::uint64_t opslimit = 3;
  std::uint64_t memlimit_bytes = 64ull << 20;

  static KeystoreCost interactive() { return {2, 64ull << 20}; }
  // The least Argon2id allows: for tests and the demo only.
  static KeystoreCost least() { return {1, 8192}; }
};

// Limits on what a keystore from outside may demand of us before its tag is checked.
inline constexpr std::uint64_t kKeystoreMemlimitMax = 1ull << 30;
inline constexpr std::uint64_t kKeystoreOpslimitMax = 16;
inline constexpr std::size_t kKeystoreSizeMax = 1 << 20;

// An entry of a kind that this version does not know.
struct KeystoreEntry {
  std::uint8_t kind = 0;
  std::uint32_t id = 0;
  SecretBytes bytes;
};

// A signing key that was made and is not yet confirmed by the roster.
struct ComingKey {
  std::uint32_t version = 0;
  SigningKey key;
  std::uint32_t from_generation = 0;  // of the journal that it is to sign
};

// REQUIRES, to be encoded: a member id, at least one sealing and one vault key.
struct Keystore {
  std::string member;             // member id these keys belong to
  std::uint32_t key_version = 1;  // of the signing key
  SigningKey signing;
  TransportSecret transport;
  // Sealing keys by version: the newest is in use, older ones open what is still under way.
  std::map<std::uint32_t, SealingKey> sealing;
  // Vault keys by version: the newest wraps, older ones only until re-wrapping is done.
  std::map<std::uint32_t, SecretBytes> vault;
  std::vector<KeystoreEntry> unknown;  // in the order read
  std::optional<ComingKey> coming = std::nullopt;

  // Fresh keys, each of version 1.
  static Keystore generate(std::string member, Random& random);
};

// REQUIRES: `cost` between KeystoreCost::least() and the limits above.
Bytes encode_keystore(const Keystore& keystore, BytesView passphrase, const KeystoreCost& cost,
                      Random& random);

// What `file` was encoded with. Error::kMalformed and kTooLarge as below.
Result<KeystoreCost> keystore_cost(BytesView file);

// Error::kWrongKey on a wrong passphrase or any alteration (they cannot be told apart),
// kMalformed when it is no keystore, kTooLarge when it asks for more work than the limits,
// kUnavailable when there is not the memory it asks for.
Result<Keystore> decode_keystore(BytesView file, BytesView passphrase);

}  // namespace simpul
