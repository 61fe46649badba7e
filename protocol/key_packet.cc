// The signature on key packets.
#include <algorithm>

#include "protocol/frame.h"

namespace simpul {
namespace {

constexpr std::string_view kPacketDomain{"simpul/packet/v1\0", 17};

void append_number(Bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
void append_counted(Bytes& out, BytesView bytes) {
  append_number(out, bytes.size(), 4);
  append(out, bytes);
}

}  // namespace

Bytes packet_signing_bytes(const KeyPacket& packet) {
  Bytes out;
  out.reserve(256 + packet.sealed.size());
  append(out, as_bytes(kPacketDomain));
  append(out, packet.enclosure.view());
  append_counted(out, as_bytes(packet.case_id.text()));
  append_counted(out, as_bytes(packet.from.text()));
  append_counted(out, as_bytes(packet.to.text()));
  append_number(out, packet.sealing_version, 4);
  append_number(out, packet.withdrawn ? 1 : 0, 1);
  append_counted(out, packet.sealed);
  return out;
}

void sign_packet(KeyPacket& packet, const SigningKey& key) {
  packet.signature = key.sign(packet_signing_bytes(packet));
}

bool verify_packet(const KeyPacket& packet, const VerifyKey& key) {
  return verify(key, packet_signing_bytes(packet), packet.signature);
}

}  // namespace simpul
