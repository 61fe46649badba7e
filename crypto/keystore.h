// The keystore: all of a node's secrets in one encrypted blob. Pure: bytes in, bytes out;
// reading and writing the file is the node's business.
//
// Layout: "SIMPULKS" | version u16 | Argon2id opslimit u64 | memlimit u64 (bytes) | salt 16 |
// nonce 24 | XChaCha20-Poly1305 ciphertext, with everything before the ciphertext as
// associated data; integers little-endian. The plaintext is a sequence of entries: kind u8 |
// id u32 | length u16 | bytes. Unknown kinds are kept and written back.
#pragma once

#include <map>
#include <optional>
#include <string>

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

struct Keystore {
  std::string member;             // member id these keys belong to
  std::uint32_t key_version = 1;  // of the signing key
  SigningKey signing;
  TransportSecret transport;
  // Sealing keys by version: the newest is in use, older ones open what is still under way.
  std::map<std::uint32_t, SealingKey> sealing;
  // Vault keys by version: the newest wraps, older ones only until re-wrapping is done.
  std::map<std::uint32_t, SecretBytes> vault;

  static Keystore generate(std::string member, Random& random);
};

Bytes encode_keystore(const Keystore& keystore, BytesView passphrase, const KeystoreCost& cost,
                      Random& random);

// Error::kWrongKey on a wrong passphrase or any alteration (they cannot be told apart),
// kMalformed when it is no keystore, kTooLarge when it asks for more work than the limits.
Result<Keystore> decode_keystore(BytesView file, BytesView passphrase);

}  // namespace simpul
