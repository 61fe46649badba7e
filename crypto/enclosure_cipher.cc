#include "crypto/enclosure_cipher.h"

#include <algorithm>
#include <bit>

#include "crypto/little_endian.h"
#include "crypto/sodium.h"

namespace simpul {
namespace {

constexpr std::size_t kLengthSize = 8;  // of the prefix that states the plaintext's length
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::string_view kChunkTag = "simpul/enclosure/v1";
constexpr std::string_view kKeyTag = "simpul/enclosure-key/v1";

static_assert(kChunkTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(kEnclosureKeySize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kWrappedKeySize == kNonceSize + kEnclosureKeySize + kChunkTagSize);

using Nonce = std::array<std::uint8_t, kNonceSize>;

std::uint64_t padded_size_of(std::uint64_t plain_size) {
  const std::uint64_t size = plain_size + kLengthSize;
  const std::uint64_t step = size <= 4096 ? 256 : size <= kChunkSize ? 4096 : kChunkSize;
  return (size + step - 1) / step * step;
}

Nonce chunk_nonce(std::uint64_t index) {
  Nonce nonce{};
  std::ranges::copy(to_little_endian(index), nonce.end() - sizeof index);
  return nonce;
}

Bytes chunk_context(std::uint64_t index, std::uint64_t count) {
  Bytes context = to_bytes(kChunkTag);
  append(context, to_little_endian(index));
  append(context, to_little_endian(count));
  return context;
}

// The tree hash of RFC 6962 section 2.1 over leaf hashes.
Digest tree_hash(std::span<const Digest> leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves.front();
  static constexpr std::array<std::uint8_t, 1> kNode{1};
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return sha256(kNode, tree_hash(leaves.first(split)).view(),
                tree_hash(leaves.subspan(split)).view());
}

Digest digest_of(const std::vector<Bytes>& chunks) {
  Sha256 hasher;
  for (const Bytes& chunk : chunks) hasher.update(chunk);
  return hasher.finish();
}

Digest chunk_root_of(const std::vector<Bytes>& chunks) {
  static constexpr std::array<std::uint8_t, 1> kLeaf{0};
  std::vector<Digest> leaves;
  leaves.reserve(chunks.size());
  for (const Bytes& chunk : chunks) leaves.push_back(sha256(kLeaf, chunk));
  return tree_hash(leaves);
}

// Writes the stretch of the padded plaintext that begins at `start` and is as long as `out`.
void copy_padded(BytesView plaintext, std::uint64_t start, std::span<std::uint8_t> out) {
  if (start == 0) {
    std::ranges::copy(to_little_endian<std::uint64_t>(plaintext.size()), out.begin());
    out = out.subspan(kLengthSize);
  } else {
    plaintext = plaintext.subspan(std::min<std::size_t>(plaintext.size(), start - kLengthSize));
  }
  const std::size_t count = std::min(plaintext.size(), out.size());
  const auto rest = std::copy_n(plaintext.begin(), count, out.begin());
  std::fill(rest, out.end(), std::uint8_t{0});
}

Bytes encrypt(BytesView plain, BytesView key, const Nonce& nonce, BytesView context) {
  ensure_sodium();
  Bytes cipher(plain.size() + kChunkTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(cipher.data(), nullptr, plain.data(), plain.size(),
                                             context.data(), context.size(), nullptr, nonce.data(),
                                             key.data());
  return cipher;
}

// `plain` is as long as the ciphertext without its tag.
bool decrypt(BytesView cipher, BytesView key, const Nonce& nonce, BytesView context,
             std::span<std::uint8_t> plain) {
  ensure_sodium();
  return crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, cipher.data(),
                                                    cipher.size(), context.data(), context.size(),
                                                    nonce.data(), key.data()) == 0;
}

Digest commit_to_key(BytesView key, const Digest& digest) {
  return sha256(as_bytes(kKeyTag), key, digest.view());
}

// Takes length prefix and padding off.
Result<SecretBytes> strip(BytesView padded) {
  const auto size = from_little_endian<std::uint64_t>(padded);
  // The first test keeps the second from overflowing.
  if (size > padded.size() || padded_size_of(size) != padded.size()) {
    return fail(ErrorCode::kMalformed, "the enclosure's length disagrees with its padding");
  }
  const BytesView padding = padded.subspan(kLengthSize + size);
  if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) {
    return fail(ErrorCode::kMalformed, "the enclosure's padding is not zeros");
  }
  return SecretBytes(padded.subspan(kLengthSize, size));
}

}  // namespace

std::size_t EnclosureCommitment::chunk_cipher_size(std::uint64_t index) const {
  if (index >= chunk_count()) return 0;
  const std::uint64_t plain = std::min<std::uint64_t>(kChunkSize, padded_size - index * kChunkSize);
  return plain + kChunkTagSize;
}

Result<SealedEnclosure> seal_enclosure(BytesView plaintext, Random& random) {
  if (plaintext.size() > kEnclosureSizeMax - kLengthSize) {
    return fail(ErrorCode::kTooLarge, "an enclosure holds at most 256 MiB, less 8 bytes");
  }
  SealedEnclosure sealed;
  sealed.key = SecretBytes(kEnclosureKeySize);
  random.fill(sealed.key.mutable_view());
  EnclosureCommitment& commitment = sealed.commitment;
  commitment.padded_size = padded_size_of(plaintext.size());

  const std::uint64_t count = commitment.chunk_count();
  sealed.chunks.reserve(count);
  SecretBytes buffer(std::min<std::size_t>(kChunkSize, commitment.padded_size));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t size = commitment.chunk_cipher_size(i) - kChunkTagSize;
    const auto plain = buffer.mutable_view().first(size);
    copy_padded(plaintext, i * kChunkSize, plain);
    sealed.chunks.push_back(
        encrypt(plain, sealed.key.view(), chunk_nonce(i), chunk_context(i, count)));
  }
  commitment.digest = digest_of(sealed.chunks);
  commitment.chunk_root = chunk_root_of(sealed.chunks);
  commitment.key_commitment = commit_to_key(sealed.key.view(), commitment.digest);
  return sealed;
}

Result<void> check_chunks(const std::vector<Bytes>& chunks, const EnclosureCommitment& commitment) {
  if (commitment.padded_size < kLengthSize || commitment.padded_size > kEnclosureSizeMax) {
    return fail(ErrorCode::kMalformed, "no enclosure has the committed size");
  }
  if (chunks.size() != commitment.chunk_count()) {
    return fail(ErrorCode::kMalformed, "the enclosure has another number of chunks");
  }
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (chunks[i].size() != commitment.chunk_cipher_size(i)) {
      return fail(ErrorCode::kMalformed, "a chunk of the enclosure has another length");
    }
  }
  if (digest_of(chunks) != commitment.digest || chunk_root_of(chunks) != commitment.chunk_root) {
    return fail(ErrorCode::kBadSignature, "the chunks are not those committed to");
  }
  return {};
}

bool key_matches(BytesView key, const EnclosureCommitment& commitment) {
  return key.size() == kEnclosureKeySize &&
         commit_to_key(key, commitment.digest) == commitment.key_commitment;
}

Result<SecretBytes> open_enclosure(const std::vector<Bytes>& chunks, BytesView key,
                                   const EnclosureCommitment& commitment) {
  if (!key_matches(key, commitment)) {
    return fail(ErrorCode::kWrongKey, "this is not the key that the event commits to");
  }
  SIMPUL_TRY_VOID(check_chunks(chunks, commitment));
  SecretBytes padded(commitment.padded_size);
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const auto plain =
        padded.mutable_view().subspan(i * kChunkSize, chunks[i].size() - kChunkTagSize);
    if (!decrypt(chunks[i], key, chunk_nonce(i), chunk_context(i, chunks.size()), plain)) {
      return fail(ErrorCode::kBadSignature, "a chunk of the enclosure does not decrypt");
    }
  }
  return strip(padded.view());
}

Bytes wrap_key(BytesView key, BytesView under, BytesView context, Random& random) {
  SIMPUL_CHECK(key.size() == kEnclosureKeySize && under.size() == kEnclosureKeySize);
  Nonce nonce{};
  random.fill(nonce);
  Bytes wrapped = to_bytes(BytesView(nonce));
  append(wrapped, encrypt(key, under, nonce, context));
  return wrapped;
}

Result<SecretBytes> unwrap_key(BytesView wrapped, BytesView under, BytesView context) {
  SIMPUL_CHECK(under.size() == kEnclosureKeySize);
  if (wrapped.size() != kWrappedKeySize) {
    return fail(ErrorCode::kMalformed, "a wrapped key is 72 bytes");
  }
  Nonce nonce{};
  std::ranges::copy(wrapped.first(kNonceSize), nonce.begin());
  SecretBytes key(kEnclosureKeySize);
  if (!decrypt(wrapped.subspan(kNonceSize), under, nonce, context, key.mutable_view())) {
    return fail(ErrorCode::kWrongKey, "wrapped under another key or for another use, or altered");
  }
  return key;
}

}  // namespace simpul
