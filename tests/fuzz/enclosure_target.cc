// What comes in an enclosure and the key packet that opens it. Content that is read is written to
// the same bytes; chunks pass only if they are those committed to; a packet is taken only as its
// sender signed it, and opened only by whom it was sealed to.
#include "protocol/enclosure_content.h"

#include "crypto/sealed_box.h"
#include "protocol/frame.h"
#include "protocol/utf8.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

const SealedEnclosure& sealed_sample() {
  static const SealedEnclosure sealed = [] {
    SeededRandom random(3);
    return seal_enclosure(Bytes(70'000, 'x'), random).value();
  }();
  return sealed;
}

const SealingKey& receiver_key() {
  static const SealingKey key = SealingKey::from_secret(Bytes(32, 21)).value();
  return key;
}

KeyPacket true_packet() {
  SeededRandom random(4);
  KeyPacket packet;
  packet.enclosure = sealed_sample().commitment.digest;
  packet.case_id = CaseId::make(member_id("51.03"), random);
  packet.from = member_id("51.03");
  packet.to = member_id("51");
  packet.sealed = seal(sealed_sample().key.view(), receiver_key().seal_key(), random).value();
  sign_packet(packet, signing_key(kAuthorKey));
  return packet;
}

void try_content(BytesView input) {
  const auto content = decode_content(input);
  if (!content) return;
  SIMPUL_CHECK(content->name.size() <= kFileNameSizeMax);
  SIMPUL_CHECK(content->name.find_first_of("/\\") == std::string::npos);
  SIMPUL_CHECK(is_plain_utf8(content->name));
  const auto encoded = encode_content(content->media_type, content->name, content->bytes.view());
  SIMPUL_CHECK(encoded.has_value() && equal(encoded->view(), input));
}

}  // namespace

void fuzz_enclosure_content(BytesView input) {
  try_content(input);
  SeededRandom random(2);
  const auto sealed = seal_enclosure(input, random);
  SIMPUL_CHECK(sealed.has_value());
  SIMPUL_CHECK(check_chunks(sealed->chunks, sealed->commitment).has_value());
  const auto opened = open_enclosure(sealed->chunks, sealed->key.view(), sealed->commitment);
  SIMPUL_CHECK(opened.has_value() && equal(opened->view(), input));
}

void fuzz_enclosure_chunks(BytesView input) {
  Script script(input);
  const SealedEnclosure& truth = sealed_sample();
  EnclosureCommitment commitment = truth.commitment;
  std::vector<Bytes> chunks = truth.chunks;
  Bytes key = to_bytes(truth.key.view());
  bool altered = false;
  switch (script.below(6)) {
    case 0:
      commitment.padded_size = script.u64();
      altered = commitment.padded_size != truth.commitment.padded_size;
      break;
    case 1: {
      Bytes& chunk = chunks[script.below(chunks.size())];
      const auto mask = script.u8();
      chunk[script.u16() % chunk.size()] ^= mask;
      altered = mask != 0;
      break;
    }
    case 2:
      chunks[script.below(chunks.size())] = to_bytes(script.rest());
      altered = true;
      break;
    case 3:
      std::swap(chunks.front(), chunks.back());
      altered = true;
      break;
    case 4:
      key = to_bytes(script.take(32));
      altered = !equal(key, truth.key.view());
      break;
    default:
      break;
  }
  if (key_matches(key, commitment)) (void)check_chunks(chunks, commitment);
  const auto opened = open_enclosure(chunks, key, commitment);
  SIMPUL_CHECK(opened.has_value() == !altered);
}

// The input is a packet's fields one after another, written over those of a true packet.
void fuzz_key_packet(BytesView input) {
  static const KeyPacket truth = true_packet();
  Script script(input);
  KeyPacket packet = truth;
  const std::size_t fields = script.u8();
  if (fields & 1) packet.enclosure.bytes[script.below(32)] ^= script.u8();
  if (fields & 2) packet.to = member_id(script.flag() ? "51" : "pupr");
  if (fields & 4) packet.sealing_version = script.u8();
  if (fields & 8) packet.withdrawn = script.flag();
  if (fields & 16) packet.signature[script.below(64)] ^= script.u8();
  if (fields & 32) packet.from = member_id(script.flag() ? "51.03" : "hub");
  if (fields & 64) packet.sealed = to_bytes(script.take(kPacketSizeMax));
  const bool counts = verify_packet(packet, signing_key(kAuthorKey).verify_key());
  SIMPUL_CHECK(counts == (packet == truth));
  SIMPUL_CHECK(equal(packet_signing_bytes(packet), packet_signing_bytes(truth)) ==
               (packet.enclosure == truth.enclosure && packet.to == truth.to &&
                packet.sealing_version == truth.sealing_version && packet.from == truth.from &&
                packet.withdrawn == truth.withdrawn && packet.sealed == truth.sealed));
  const auto key = open_sealed(packet.sealed, receiver_key());
  SIMPUL_CHECK(key.has_value() == (packet.sealed == truth.sealed));
  if (key) SIMPUL_CHECK(key_matches(key->view(), sealed_sample().commitment));
  const Bytes wrapped = to_bytes(script.take(kWrappedKeySize));
  SIMPUL_CHECK(!unwrap_key(wrapped, sealed_sample().key.view(), packet.enclosure.view()));
}

}  // namespace simpul::fuzz
