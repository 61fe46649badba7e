#include "crypto/hash.h"

// The one-block interface is deprecated in OpenSSL 3 but not gone, and for inputs of a few
// hundred bytes it is a fifth faster than a reused EVP context and needs no allocation.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "crypto/result.h"

namespace simpul {
namespace {

// Sha256 keeps libcrypto's state in place so that its header stays out of ours.
SHA256_CTX* state_of(std::array<std::uint8_t, Sha256::kStateSize>& storage) {
  static_assert(sizeof(SHA256_CTX) == Sha256::kStateSize);
  static_assert(alignof(SHA256_CTX) <= Sha256::kStateAlignment);
  return reinterpret_cast<SHA256_CTX*>(storage.data());
}

}  // namespace

Sha256::Sha256() {
  SIMPUL_CHECK(SHA256_Init(state_of(state_)) == 1);
}

Sha256& Sha256::update(BytesView data) {
  if (!data.empty()) {
    SIMPUL_CHECK(SHA256_Update(state_of(state_), data.data(), data.size()) == 1);
  }
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  SIMPUL_CHECK(SHA256_Final(digest.bytes.data(), state_of(state_)) == 1);
  SIMPUL_CHECK(SHA256_Init(state_of(state_)) == 1);
  return digest;
}

Digest sha256(BytesView data) {
  return Sha256().update(data).finish();
}

Digest sha256(BytesView first, BytesView second) {
  return Sha256().update(first).update(second).finish();
}

Digest sha256(BytesView first, BytesView second, BytesView third) {
  return Sha256().update(first).update(second).update(third).finish();
}

}  // namespace simpul
