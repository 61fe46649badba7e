#include "crypto/sealed_box.h"

#include <algorithm>

#include "crypto/sodium.h"

namespace simpul {
namespace {

static_assert(kSealOverhead == crypto_box_SEALBYTES);

constexpr std::size_t kKeySize = crypto_box_PUBLICKEYBYTES;

std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce_of(const SealKey& ephemeral,
                                                         const SealKey& to) {
  std::array<std::uint8_t, crypto_box_NONCEBYTES> nonce;
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, nonce.size());
  crypto_generichash_update(&state, ephemeral.bytes.data(), ephemeral.bytes.size());
  crypto_generichash_update(&state, to.bytes.data(), to.bytes.size());
  crypto_generichash_final(&state, nonce.data(), nonce.size());
  return nonce;
}

}  // namespace

Result<Bytes> seal(BytesView message, const SealKey& to, Random& random) {
  const SealingKey ephemeral = SealingKey::generate(random);
  Bytes box(message.size() + kSealOverhead);
  std::ranges::copy(ephemeral.seal_key().bytes, box.begin());
  const auto nonce = nonce_of(ephemeral.seal_key(), to);
  if (crypto_box_easy(box.data() + kKeySize, message.data(), message.size(), nonce.data(),
                      to.bytes.data(), ephemeral.secret().data()) != 0) {
    return fail(ErrorCode::kMalformed, "the sealing key is a point of low order");
  }
  return box;
}

Result<SecretBytes> open_sealed(BytesView box, const SealingKey& key) {
  if (box.size() < kSealOverhead) {
    return fail(ErrorCode::kMalformed, "a sealed box is at least 48 bytes");
  }
  SecretBytes message(box.size() - kSealOverhead);
  if (crypto_box_seal_open(message.mutable_view().data(), box.data(), box.size(),
                           key.seal_key().bytes.data(), key.secret().data()) != 0) {
    return fail(ErrorCode::kWrongKey, "sealed to another key, or altered");
  }
  return message;
}

}  // namespace simpul
