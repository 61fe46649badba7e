// Sealed boxes: anyone can seal to a SealKey, only its holder opens. The construction is
// libsodium's crypto_box_seal (X25519, XSalsa20-Poly1305, nonce = BLAKE2b of both public
// keys), with the ephemeral key drawn from the caller's Random.
#pragma once

#include "crypto/keys.h"

namespace simpul {

inline constexpr std::size_t kSealOverhead = 48;  // ephemeral key 32 + tag 16

// Error::kMalformed when `to` is a point of low order, to which nothing can be sealed.
Result<Bytes> seal(BytesView message, const SealKey& to, Random& random);

// Error::kWrongKey when it was sealed to another key or altered, kMalformed when too short.
Result<SecretBytes> open_sealed(BytesView box, const SealingKey& key);

}  // namespace simpul
