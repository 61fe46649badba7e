#include "crypto/keys.h"

#include "crypto/encoding.h"
#include "crypto/sodium.h"

namespace simpul {
namespace {

constexpr std::size_t kSecretSize = 32;  // of every kind of key

static_assert(crypto_sign_SEEDBYTES == kSecretSize);
static_assert(crypto_scalarmult_SCALARBYTES == kSecretSize);

SecretBytes draw_secret(Random& random) {
  SecretBytes secret(kSecretSize);
  random.fill(secret.mutable_view());
  return secret;
}

Result<void> check_length(BytesView secret) {
  if (secret.size() == kSecretSize) return {};
  return fail(ErrorCode::kMalformed, "a secret key is 32 bytes");
}

template <class Tag>
PublicKey<Tag> public_of(const SecretBytes& secret) {
  ensure_sodium();
  PublicKey<Tag> key;
  SIMPUL_CHECK(crypto_scalarmult_base(key.bytes.data(), secret.view().data()) == 0);
  return key;
}

}  // namespace

bool verify(const VerifyKey& key, BytesView message, BytesView signature) {
  if (signature.size() != crypto_sign_BYTES) return false;
  ensure_sodium();
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

SigningKey SigningKey::generate(Random& random) {
  return std::move(*from_seed(draw_secret(random).view()));
}

Result<SigningKey> SigningKey::from_seed(BytesView seed) {
  SIMPUL_TRY_VOID(check_length(seed));
  ensure_sodium();
  SigningKey key;
  key.seed_ = SecretBytes(seed);
  key.expanded_ = SecretBytes(crypto_sign_SECRETKEYBYTES);
  SIMPUL_CHECK(crypto_sign_seed_keypair(key.public_.bytes.data(),
                                        key.expanded_.mutable_view().data(), seed.data()) == 0);
  return key;
}

Signature SigningKey::sign(BytesView message) const {
  SIMPUL_CHECK(!expanded_.empty());  // empty once moved from
  Signature signature;
  SIMPUL_CHECK(crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                                    expanded_.view().data()) == 0);
  return signature;
}

SigningKey SigningKey::clone() const {
  SigningKey copy;
  copy.seed_ = seed_.clone();
  copy.expanded_ = expanded_.clone();
  copy.public_ = public_;
  return copy;
}

SealingKey SealingKey::generate(Random& random) {
  return std::move(*from_secret(draw_secret(random).view()));
}

Result<SealingKey> SealingKey::from_secret(BytesView secret) {
  SIMPUL_TRY_VOID(check_length(secret));
  SealingKey key;
  key.secret_ = SecretBytes(secret);
  key.public_ = public_of<SealingTag>(key.secret_);
  return key;
}

TransportSecret TransportSecret::generate(Random& random) {
  return std::move(*from_secret(draw_secret(random).view()));
}

Result<TransportSecret> TransportSecret::from_secret(BytesView secret) {
  SIMPUL_TRY_VOID(check_length(secret));
  TransportSecret key;
  key.secret_ = SecretBytes(secret);
  key.public_ = public_of<TransportTag>(key.secret_);
  return key;
}

Result<SecretBytes> x25519(BytesView scalar, BytesView point) {
  if (scalar.size() != crypto_scalarmult_SCALARBYTES || point.size() != crypto_scalarmult_BYTES) {
    return fail(ErrorCode::kMalformed, "X25519 takes a scalar and a point of 32 bytes each");
  }
  ensure_sodium();
  SecretBytes shared(crypto_scalarmult_BYTES);
  if (crypto_scalarmult(shared.mutable_view().data(), scalar.data(), point.data()) != 0) {
    return fail(ErrorCode::kMalformed, "a point of low order is no key");
  }
  return shared;
}

std::string fingerprint(const VerifyKey& signing, const SealKey& sealing,
                        const TransportKey& transport) {
  constexpr std::size_t kGroups = 8;
  constexpr std::size_t kGroupSize = 4;
  const Digest digest = Sha256()
                            .update(as_bytes("simpul/fingerprint/v1"))
                            .update(signing.view())
                            .update(sealing.view())
                            .update(transport.view())
                            .finish();
  const std::string digits = to_hex(digest.view());
  std::string text;
  for (std::size_t group = 0; group < kGroups; ++group) {
    if (group > 0) text += ' ';
    text.append(digits, group * kGroupSize, kGroupSize);
  }
  return text;
}

}  // namespace simpul
