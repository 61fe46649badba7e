#include <catch2/catch.hpp>

#include "frame_samples.h"
#include "protocol/frame.h"

namespace simpul {

using namespace simpul::testing;

namespace {

KeyPacket sample_packet() {
  KeyPacket packet;
  packet.enclosure = digest_of(0x33);
  packet.case_id = sample_case();
  packet.from = sample_member("51.03");
  packet.to = sample_member("51");
  packet.sealing_version = 2;
  packet.sealed = Bytes(80, 0x44);
  return packet;
}

}  // namespace

TEST_CASE("a key packet verifies under its sender's key alone", "[packet]") {
  SeededRandom random(1);
  const auto key = SigningKey::generate(random);
  const auto other = SigningKey::generate(random);
  KeyPacket packet = sample_packet();
  CHECK_FALSE(verify_packet(packet, key.verify_key()));
  sign_packet(packet, key);
  CHECK(verify_packet(packet, key.verify_key()));
  CHECK_FALSE(verify_packet(packet, other.verify_key()));
}

TEST_CASE("no field of a signed key packet can be altered", "[packet]") {
  SeededRandom random(2);
  const auto key = SigningKey::generate(random);
  KeyPacket packet = sample_packet();
  sign_packet(packet, key);
  const auto broken_by = [&](auto&& change) {
    KeyPacket altered = packet;
    change(altered);
    return !verify_packet(altered, key.verify_key());
  };
  CHECK(broken_by([](KeyPacket& p) { p.enclosure = digest_of(0x34); }));
  CHECK(broken_by([](KeyPacket& p) { p.case_id = sample_case(9); }));
  CHECK(broken_by([](KeyPacket& p) { p.from = sample_member("51.04"); }));
  CHECK(broken_by([](KeyPacket& p) { p.to = sample_member("34"); }));
  CHECK(broken_by([](KeyPacket& p) { p.sealing_version = 3; }));
  CHECK(broken_by([](KeyPacket& p) { p.withdrawn = true; }));
  CHECK(broken_by([](KeyPacket& p) { p.sealed[0] ^= 1; }));
  CHECK(broken_by([](KeyPacket& p) { p.sealed.pop_back(); }));
  CHECK(broken_by([](KeyPacket& p) { p.signature[0] ^= 1; }));
}

TEST_CASE("the signed bytes of a key packet begin with their domain", "[packet]") {
  const Bytes bytes = packet_signing_bytes(sample_packet());
  CHECK(as_text(bytes).substr(0, 17) == std::string_view("simpul/packet/v1\0", 17));
  CHECK(bytes.size() == 17 + 32 + 4 + sample_case().text().size() + 4 + 5 + 4 + 2 + 4 + 1 + 4 + 80);
}

}  // namespace simpul
