// The encryption of one enclosure: a random 32-byte key of its own, XChaCha20-Poly1305 per
// 64 KiB chunk, and what an event commits to so that no other plaintext, key or length can
// be passed off later.
//
// Layout. The plaintext is preceded by its length (8 bytes, little-endian) and padded with
// zeros: to a multiple of 256 bytes up to 4 KiB, to a multiple of 4 KiB up to 64 KiB, to a
// multiple of 64 KiB above. The padded text is cut into chunks of 64 KiB; chunk i is
// encrypted under the key with a nonce of 16 zero bytes followed by i (8 bytes,
// little-endian), and with associated data "simpul/enclosure/v1" followed by i and the
// number of chunks (8 bytes each, little-endian), so chunks can be neither reordered nor
// dropped. The key is used for one enclosure only, which is what makes counted nonces safe.
//
// A wrapped key is a random nonce (24 bytes), the ciphertext (32) and its tag (16).
//
// Everything here is pure and thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/result.h"
#include "crypto/secret.h"

namespace simpul {

inline constexpr std::size_t kChunkSize = 64 * 1024;              // plaintext bytes in a full chunk
inline constexpr std::size_t kChunkTagSize = 16;                  // Poly1305
inline constexpr std::uint64_t kEnclosureSizeMax = 256ull << 20;  // padded plaintext

// What an event says of an enclosure; enough to check every chunk as it arrives.
struct EnclosureCommitment {
  Digest digest;  // SHA-256 of all ciphertext chunks in order: the enclosure's address
  std::uint64_t padded_size = 0;  // plaintext bytes with length prefix and padding
  Digest chunk_root;              // RFC 6962 tree hash over the ciphertext chunks
  Digest key_commitment;          // SHA-256("simpul/enclosure-key/v1" || key || digest)

  bool operator==(const EnclosureCommitment&) const = default;
  std::uint64_t chunk_count() const { return (padded_size + kChunkSize - 1) / kChunkSize; }
  // Ciphertext length of chunk `index`; 0 when there is no such chunk.
  std::size_t chunk_cipher_size(std::uint64_t index) const;
};

struct SealedEnclosure {
  SecretBytes key;
  EnclosureCommitment commitment;
  std::vector<Bytes> chunks;  // ciphertext
};

// Error::kTooLarge above kEnclosureSizeMax.
Result<SealedEnclosure> seal_enclosure(BytesView plaintext, Random& random);

// Whether the ciphertext is the one committed to, for those who hold no key as well:
// Error::kMalformed on a wrong number or length of chunks or an impossible size,
// kBadSignature when digest or chunk root differ.
Result<void> check_chunks(const std::vector<Bytes>& chunks, const EnclosureCommitment& commitment);

// True if the key is the one committed to.
bool key_matches(BytesView key, const EnclosureCommitment& commitment);

// Opens all chunks. Error::kWrongKey if the key is not the committed one, kBadSignature if a
// chunk was altered, kMalformed on a wrong number or length of chunks, or padding that is
// not zeros up to the size prescribed above.
Result<SecretBytes> open_enclosure(const std::vector<Bytes>& chunks, BytesView key,
                                   const EnclosureCommitment& commitment);

inline constexpr std::size_t kEnclosureKeySize = 32;
inline constexpr std::size_t kWrappedKeySize = 72;

// Wraps a 32-byte key under another (XChaCha20-Poly1305, `context` as associated data).
Bytes wrap_key(BytesView key, BytesView under, BytesView context, Random& random);

// Error::kMalformed on another length than kWrappedKeySize, kWrongKey when wrapped under
// another key or for another context, or altered.
Result<SecretBytes> unwrap_key(BytesView wrapped, BytesView under, BytesView context);

}  // namespace simpul
