// What frames are called, and how large they can be.
#include "protocol/frame.h"

namespace simpul {
namespace {

// Header, root pointer, and the fixed parts of the largest frame kind, with room to spare.
constexpr std::size_t kFixedSize = 256;
constexpr std::size_t kGroupSize = 96;
constexpr std::size_t kNodeSize = 48;
constexpr std::size_t kPacketSize = 176;  // digest and signature included

std::size_t padded(std::size_t size) {
  return (size + 7) & ~std::size_t{7};
}
std::size_t size_of(const Bytes& bytes) {
  return padded(bytes.size());
}
std::size_t size_of(const std::string& text) {
  return padded(text.size() + 1);
}

std::size_t size_of(const ProvedGroup& group) {
  std::size_t size = kGroupSize + size_of(group.journal.member.text()) + size_of(group.checkpoint) +
                     group.nodes.size() * kNodeSize;
  for (const auto& event : group.events) size += 16 + size_of(event.bytes);
  return size;
}

std::size_t size_of(const KeyPacket& packet) {
  return kPacketSize + size_of(packet.case_id.text()) + size_of(packet.from.text()) +
         size_of(packet.to.text()) + size_of(packet.sealed);
}

struct VariableSize {
  std::size_t operator()(const Hello& hello) const {
    return size_of(hello.federation) + size_of(hello.member.text()) + size_of(hello.held_of_you) +
           size_of(hello.own_head) + size_of(hello.software);
  }
  std::size_t operator()(const Subscribe& subscribe) const {
    return size_of(subscribe.stream.journal.member.text());
  }
  std::size_t operator()(const JournalRecords& records) const {
    std::size_t size = size_of(records.journal.member.text()) + size_of(records.checkpoint);
    for (const Bytes& event : records.events) size += 8 + size_of(event);
    return size;
  }
  std::size_t operator()(const MailboxRecords& records) const {
    std::size_t size = 0;
    for (const auto& group : records.groups) size += size_of(group);
    for (const auto& packet : records.packets) size += size_of(packet);
    return size;
  }
  std::size_t operator()(const Ack& ack) const {
    return size_of(ack.stream.journal.member.text()) + size_of(ack.receipt);
  }
  std::size_t operator()(const CaseRequest& request) const {
    return size_of(request.case_id.text());
  }
  std::size_t operator()(const ConsistencyRequest& request) const {
    return size_of(request.journal.member.text());
  }
  std::size_t operator()(const EnclosureChunk& chunk) const {
    return size_of(chunk.bytes) + chunk.proof.size() * Digest::kSize;
  }
  std::size_t operator()(const RosterFrame& roster) const { return size_of(roster.signed_roster); }
  std::size_t operator()(const Enrol& enrol) const { return size_of(enrol.request); }
  std::size_t operator()(const EnrolStatus& status) const { return size_of(status.reason); }
  std::size_t operator()(const ForkNotice& notice) const { return size_of(notice.proof); }
  std::size_t operator()(const Bye& bye) const { return size_of(bye.reason); }
  template <class Fixed>
  std::size_t operator()(const Fixed&) const {
    return 0;
  }
};

}  // namespace

std::size_t encoded_size_max(const Frame& frame) {
  return kFixedSize + std::visit(VariableSize{}, frame);
}

const char* name_of(const Frame& frame) {
  static constexpr const char* kNames[] = {"hello",
                                           "subscribe",
                                           "records",
                                           "mailbox-records",
                                           "ack",
                                           "case-request",
                                           "enclosure-request",
                                           "enclosure-chunk",
                                           "enclosure-done",
                                           "roster-request",
                                           "roster",
                                           "enrol",
                                           "enrol-status",
                                           "fork-notice",
                                           "ping",
                                           "bye",
                                           "consistency-request"};
  static_assert(std::size(kNames) == std::variant_size_v<Frame>);
  return kNames[frame.index()];
}

const char* name_of(ByeCode code) {
  switch (code) {
    case ByeCode::kShutdown:
      return "shutdown";
    case ByeCode::kUnknownMember:
      return "unknown-member";
    case ByeCode::kSuspended:
      return "suspended";
    case ByeCode::kWrongFederation:
      return "wrong-federation";
    case ByeCode::kVersion:
      return "version";
    case ByeCode::kMalformed:
      return "malformed";
    case ByeCode::kProtocol:
      return "protocol";
    case ByeCode::kOverLimit:
      return "over-limit";
    case ByeCode::kIdle:
      return "idle";
    case ByeCode::kReplaced:
      return "replaced";
    case ByeCode::kQuarantined:
      return "quarantined";
    case ByeCode::kStaleRoster:
      return "stale-roster";
    case ByeCode::kNotEntitled:
      return "not-entitled";
  }
  return "other";
}

}  // namespace simpul
