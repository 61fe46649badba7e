#include "crypto/enclosure_cipher.h"

#include <rapidcheck/catch.h>
#include <sodium.h>

#include <catch2/catch.hpp>
#include <numeric>

#include "crypto/encoding.h"

using namespace simpul;

namespace {

SealedEnclosure sealed_of(BytesView plaintext, std::uint64_t seed = 3) {
  SeededRandom random(seed);
  return seal_enclosure(plaintext, random).value();
}

Result<SecretBytes> open(const SealedEnclosure& sealed) {
  return open_enclosure(sealed.chunks, sealed.key.view(), sealed.commitment);
}

ErrorCode refusal(const SealedEnclosure& sealed) {
  const auto opened = open(sealed);
  REQUIRE_FALSE(opened);
  return opened.error().code;
}

// Makes the commitment fit the chunks again, as a dishonest author would.
void recommit(SealedEnclosure& sealed) {
  const auto leaf = [&](std::size_t i) { return sha256(Bytes{0}, sealed.chunks.at(i)); };
  Sha256 all;
  for (const Bytes& chunk : sealed.chunks) all.update(chunk);
  sealed.commitment.digest = all.finish();
  Digest root = leaf(0);
  if (sealed.chunks.size() == 2) root = sha256(Bytes{1}, leaf(0).view(), leaf(1).view());
  sealed.commitment.chunk_root = root;
  sealed.commitment.key_commitment = sha256(as_bytes("simpul/enclosure-key/v1"), sealed.key.view(),
                                            sealed.commitment.digest.view());
}

// Encrypts a padded plaintext of one chunk by the words of the header alone.
SealedEnclosure by_hand(const Bytes& padded) {
  SealedEnclosure sealed;
  sealed.key = SecretBytes(Bytes(32, 9));
  sealed.commitment.padded_size = padded.size();
  Bytes context = to_bytes("simpul/enclosure/v1");
  append(context, Bytes{0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  const Bytes nonce(24, 0);
  Bytes chunk(padded.size() + 16);
  crypto_aead_xchacha20poly1305_ietf_encrypt(chunk.data(), nullptr, padded.data(), padded.size(),
                                             context.data(), context.size(), nullptr, nonce.data(),
                                             sealed.key.view().data());
  sealed.chunks.push_back(chunk);
  recommit(sealed);
  return sealed;
}

}  // namespace

TEST_CASE("an enclosure opens to what was put in, at every size that matters",
          "[crypto][enclosure]") {
  for (const std::size_t size :
       {0u, 1u, 248u, 249u, 4088u, 4089u, 65528u, 65529u, 131064u, 131065u, 300000u}) {
    INFO(size);
    SeededRandom random(size);
    const Bytes plaintext = random.bytes(size);
    CHECK(equal(open(sealed_of(plaintext)).value().view(), plaintext));
  }
}

TEST_CASE("padding hides the length in the prescribed steps", "[crypto][enclosure]") {
  const auto padded = [](std::size_t size) {
    return sealed_of(Bytes(size, 'x')).commitment.padded_size;
  };
  CHECK(padded(0) == 256);
  CHECK(padded(248) == 256);
  CHECK(padded(249) == 512);
  CHECK(padded(4088) == 4096);
  CHECK(padded(4089) == 8192);
  CHECK(padded(65528) == 65536);
  CHECK(padded(65529) == 131072);
  CHECK(padded(131064) == 131072);
  CHECK(padded(131065) == 196608);
}

TEST_CASE("chunks have the number and lengths that the commitment states", "[crypto][enclosure]") {
  const SealedEnclosure small = sealed_of(Bytes(300, 'x'));
  REQUIRE(small.commitment.chunk_count() == 1);
  CHECK(small.commitment.chunk_cipher_size(0) == 512 + kChunkTagSize);
  CHECK(small.commitment.chunk_cipher_size(1) == 0);
  const SealedEnclosure large = sealed_of(Bytes(150'000, 'x'));
  REQUIRE(large.chunks.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(large.chunks[i].size() == large.commitment.chunk_cipher_size(i));
  }
  EnclosureCommitment odd;
  odd.padded_size = kChunkSize + 1;
  CHECK(odd.chunk_count() == 2);
  CHECK(odd.chunk_cipher_size(1) == 1 + kChunkTagSize);
}

TEST_CASE("the chunk root is the RFC 6962 tree hash of the chunks", "[crypto][enclosure]") {
  const SealedEnclosure sealed = sealed_of(Bytes(150'000, 'x'));
  const auto leaf = [&](std::size_t i) { return sha256(Bytes{0}, sealed.chunks.at(i)); };
  const Digest left = sha256(Bytes{1}, leaf(0).view(), leaf(1).view());
  CHECK(sealed.commitment.chunk_root == sha256(Bytes{1}, left.view(), leaf(2).view()));
  const SealedEnclosure single = sealed_of({});
  CHECK(single.commitment.chunk_root == sha256(Bytes{0}, single.chunks.at(0)));
}

TEST_CASE("an enclosure made by the words of the format opens", "[crypto][enclosure]") {
  Bytes padded(256, 0);
  padded[0] = 3;
  std::copy_n("apa", 3, padded.begin() + 8);
  CHECK(as_text(open(by_hand(padded)).value().view()) == "apa");
}

TEST_CASE("an enclosure has the bytes of the specification's example", "[crypto][enclosure]") {
  class Ascending final : public Random {  // 0, 1, ...
    void fill(std::span<std::uint8_t> out) override {
      std::iota(out.begin(), out.end(), std::uint8_t{0});
    }
  } random;
  Bytes content{1, 10};
  append(content, as_bytes("text/plain"));
  append(content, Bytes{0, 0});
  append(content, as_bytes("Jalan rusak"));
  // Computed once by another program, from protocol/SPEC.md and libsodium alone.
  const EnclosureCommitment commitment = seal_enclosure(content, random).value().commitment;
  CHECK(commitment.padded_size == 256);
  CHECK(to_hex(commitment.digest.view()) ==
        "8ae74e0d496802792016e39ca08955715d461a05a3c3e6baaf16d22048e4ea0f");
  CHECK(to_hex(commitment.chunk_root.view()) ==
        "cab0fa41db967000d675dd09f7d83e76b89c793f712dcc0b60461ae6044f4513");
  CHECK(to_hex(commitment.key_commitment.view()) ==
        "1d00af634ff641f02ba0c1240c2903fa320e772beeebb8d6e4c87e3e82d0786d");
}

TEST_CASE("an enclosure with any byte changed is refused", "[crypto][enclosure]") {
  SealedEnclosure sealed = sealed_of(as_bytes("jalan rusak di depan pasar"));
  for (std::uint8_t& byte : sealed.chunks.at(0)) {
    byte ^= 1;
    REQUIRE(refusal(sealed) == ErrorCode::kBadSignature);
    byte ^= 1;
  }
  CHECK(open(sealed));
}

TEST_CASE("a changed chunk does not decrypt even when the commitment fits it",
          "[crypto][enclosure]") {
  SealedEnclosure sealed = sealed_of(as_bytes("jalan rusak"));
  for (std::uint8_t& byte : sealed.chunks.at(0)) {
    byte ^= 1;
    recommit(sealed);
    REQUIRE(refusal(sealed) == ErrorCode::kBadSignature);
    byte ^= 1;
  }
}

TEST_CASE("reordered and dropped chunks are refused", "[crypto][enclosure]") {
  SealedEnclosure sealed = sealed_of(Bytes(100'000, 'x'));
  REQUIRE(sealed.chunks.size() == 2);
  SECTION("reordered") {
    std::swap(sealed.chunks[0], sealed.chunks[1]);
    CHECK(refusal(sealed) == ErrorCode::kBadSignature);
    recommit(sealed);
    CHECK(refusal(sealed) == ErrorCode::kBadSignature);
  }
  SECTION("dropped") {
    sealed.chunks.pop_back();
    CHECK(refusal(sealed) == ErrorCode::kMalformed);
    sealed.commitment.padded_size -= kChunkSize;
    recommit(sealed);
    CHECK(refusal(sealed) == ErrorCode::kBadSignature);
  }
  SECTION("added, shortened, lengthened, none") {
    auto& chunks = sealed.chunks;
    chunks.push_back(chunks[0]);
    CHECK(refusal(sealed) == ErrorCode::kMalformed);
    chunks.pop_back();
    chunks[1].pop_back();
    CHECK(refusal(sealed) == ErrorCode::kMalformed);
    chunks[1].resize(chunks[1].size() + 2);
    CHECK(refusal(sealed) == ErrorCode::kMalformed);
    chunks.clear();
    CHECK(refusal(sealed) == ErrorCode::kMalformed);
  }
}

TEST_CASE("each part of the commitment binds", "[crypto][enclosure]") {
  SealedEnclosure sealed = sealed_of(as_bytes("isi"));
  CHECK(key_matches(sealed.key.view(), sealed.commitment));
  CHECK(check_chunks(sealed.chunks, sealed.commitment));
  EnclosureCommitment& commitment = sealed.commitment;
  SECTION("key commitment") {
    commitment.key_commitment.bytes[5] ^= 1;
    CHECK(refusal(sealed) == ErrorCode::kWrongKey);
    CHECK(check_chunks(sealed.chunks, commitment));
  }
  SECTION("digest") {
    commitment.digest.bytes[5] ^= 1;
    CHECK(refusal(sealed) == ErrorCode::kWrongKey);
    CHECK(check_chunks(sealed.chunks, commitment).error().code == ErrorCode::kBadSignature);
  }
  SECTION("chunk root") {
    commitment.chunk_root.bytes[5] ^= 1;
    CHECK(refusal(sealed) == ErrorCode::kBadSignature);
  }
  SECTION("size") {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{512},
                                     kEnclosureSizeMax + 1, ~std::uint64_t{0}}) {
      commitment.padded_size = size;
      CHECK(refusal(sealed) == ErrorCode::kMalformed);
    }
  }
}

TEST_CASE("a key other than the committed one is refused", "[crypto][enclosure]") {
  const SealedEnclosure sealed = sealed_of(as_bytes("isi"));
  for (const std::size_t size : {0u, 31u, 32u, 33u}) {
    const Bytes key(size, 0x11);
    CHECK_FALSE(key_matches(key, sealed.commitment));
    CHECK(open_enclosure(sealed.chunks, key, sealed.commitment).error().code ==
          ErrorCode::kWrongKey);
  }
}

TEST_CASE("padding other than the prescribed zeros is malformed", "[crypto][enclosure]") {
  Bytes padded(256, 0);
  SECTION("nonzero") {
    padded[255] = 1;
  }
  SECTION("length beyond the end") {
    padded[0] = 249;
  }
  SECTION("huge length") {
    std::fill_n(padded.begin(), 8, std::uint8_t{0xff});
  }
  SECTION("more than needed") {
    padded.resize(512);
  }
  SECTION("a size that is no step") {
    padded.resize(100);
  }
  CHECK(refusal(by_hand(padded)) == ErrorCode::kMalformed);
}

TEST_CASE("two enclosures of one text share no key and no ciphertext", "[crypto][enclosure]") {
  SeededRandom random(1);
  const auto one = seal_enclosure(as_bytes("isi"), random).value();
  const auto two = seal_enclosure(as_bytes("isi"), random).value();
  CHECK_FALSE(one.key == two.key);
  CHECK(one.commitment.digest != two.commitment.digest);
}

TEST_CASE("an enclosure beyond the limit is refused before it is read", "[crypto][enclosure]") {
  SeededRandom random(1);
  const std::uint8_t byte = 0;
  const BytesView pretended(&byte, kEnclosureSizeMax - 7);
  CHECK(seal_enclosure(pretended, random).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("any enclosure opens to what was put in", "[crypto][enclosure][property]") {
  rc::prop("round trip", [](std::uint64_t seed, const Bytes& plaintext) {
    const SealedEnclosure sealed = sealed_of(plaintext, seed);
    RC_ASSERT(equal(open(sealed).value().view(), plaintext));
  });
}

TEST_CASE("a wrapped key opens under the same key and context only", "[crypto][enclosure]") {
  SeededRandom random(4);
  const Bytes key = random.bytes(32);
  const Bytes under = random.bytes(32);
  const BytesView context = as_bytes("vault/1");
  Bytes wrapped = wrap_key(key, under, context, random);
  REQUIRE(wrapped.size() == kWrappedKeySize);
  CHECK(equal(unwrap_key(wrapped, under, context).value().view(), key));
  CHECK(unwrap_key(wrapped, key, context).error().code == ErrorCode::kWrongKey);
  CHECK(unwrap_key(wrapped, under, as_bytes("vault/2")).error().code == ErrorCode::kWrongKey);
  CHECK(wrapped != wrap_key(key, under, context, random));
  for (std::uint8_t& byte : wrapped) {
    byte ^= 1;
    REQUIRE(unwrap_key(wrapped, under, context).error().code == ErrorCode::kWrongKey);
    byte ^= 1;
  }
  wrapped.push_back(0);
  CHECK(unwrap_key(wrapped, under, context).error().code == ErrorCode::kMalformed);
  CHECK(unwrap_key(BytesView(wrapped).first(kWrappedKeySize - 1), under, context).error().code ==
        ErrorCode::kMalformed);
  CHECK(unwrap_key({}, under, context).error().code == ErrorCode::kMalformed);
}
