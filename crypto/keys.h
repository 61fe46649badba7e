// Typed keys. Three kinds that never mix: signing (Ed25519, RFC 8032), sealing (X25519,
// RFC 7748) and transport (CURVE, as ZeroMQ uses it). Secret halves are wiped on
// destruction. Everything here is pure and thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/result.h"
#include "crypto/secret.h"

namespace simpul {

// 32 public bytes of one kind; the tag keeps kinds apart at compile time.
template <class Tag>
struct PublicKey {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  auto operator<=>(const PublicKey&) const = default;
  BytesView view() const { return bytes; }
  bool is_zero() const { return *this == PublicKey{}; }

  // Error::kMalformed unless exactly 32 bytes.
  static Result<PublicKey> from(BytesView raw) {
    if (raw.size() != kSize) return fail(ErrorCode::kMalformed, "a public key is 32 bytes");
    PublicKey key;
    std::copy(raw.begin(), raw.end(), key.bytes.begin());
    return key;
  }
};

using VerifyKey = PublicKey<struct SigningTag>;       // Ed25519
using SealKey = PublicKey<struct SealingTag>;         // X25519
using TransportKey = PublicKey<struct TransportTag>;  // CURVE

using Signature = std::array<std::uint8_t, 64>;

// Ed25519 over the exact bytes given. False for any damage; never throws.
[[nodiscard]] bool verify(const VerifyKey& key, BytesView message, BytesView signature);

class SigningKey {
 public:
  static SigningKey generate(Random& random);
  // From the 32-byte seed of RFC 8032. Error::kMalformed on another length.
  static Result<SigningKey> from_seed(BytesView seed);

  const VerifyKey& verify_key() const { return public_; }
  Signature sign(BytesView message) const;
  BytesView seed() const { return seed_.view(); }  // secret: for the keystore only
  SigningKey clone() const;

 private:
  SigningKey() = default;
  SecretBytes seed_;
  SecretBytes expanded_;  // libsodium's 64-byte form
  VerifyKey public_;
};

class SealingKey {
 public:
  static SealingKey generate(Random& random);
  static Result<SealingKey> from_secret(BytesView secret);

  const SealKey& seal_key() const { return public_; }
  BytesView secret() const { return secret_.view(); }  // secret: for the keystore only

 private:
  SealingKey() = default;
  SecretBytes secret_;
  SealKey public_;
};

class TransportSecret {
 public:
  static TransportSecret generate(Random& random);
  static Result<TransportSecret> from_secret(BytesView secret);

  const TransportKey& transport_key() const { return public_; }
  BytesView secret() const { return secret_.view(); }  // for the keystore and ZMQ_CURVE_SECRETKEY

 private:
  TransportSecret() = default;
  SecretBytes secret_;
  TransportKey public_;
};

// Raw X25519 (RFC 7748 section 5): for vectors and key agreement inside this layer.
// Error::kMalformed on another length than 32, or when the result would be all zero
// (a point of low order).
Result<SecretBytes> x25519(BytesView scalar, BytesView point);

// What an administrator reads over the telephone to compare keys: the first 16 bytes of
// SHA-256 over "simpul/fingerprint/v1" and the three keys, as eight groups of four
// lower-case hex digits.
std::string fingerprint(const VerifyKey& signing, const SealKey& sealing,
                        const TransportKey& transport);

}  // namespace simpul
