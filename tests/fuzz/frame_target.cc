// Frames. One that is accepted keeps within the limits, reads the same from any address, is written
// within the bound that encoded_size_max gives, and then reads as the same value and is written to
// the same bytes again.
#include "protocol/checkpoint.h"
#include "protocol/frame.h"
#include "protocol/roster.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

void check_limits(const Hello& hello) {
  SIMPUL_CHECK(hello.held_of_you.size() <= kNoteSizeMax && hello.own_head.size() <= kNoteSizeMax);
  SIMPUL_CHECK(hello.software.size() <= kSoftwareSizeMax && !hello.member.empty());
}

void check_limits(const JournalRecords& records) {
  SIMPUL_CHECK(records.events.size() <= kRecordsPerFrameMax);
  SIMPUL_CHECK(records.first + records.events.size() >= records.first);
  SIMPUL_CHECK(records.checkpoint.size() <= kNoteSizeMax);
  for (const Bytes& event : records.events) SIMPUL_CHECK(event.size() <= kEventSizeMax);
}

void check_limits(const MailboxRecords& records) {
  std::size_t nodes = 0, events = 0;
  for (const ProvedGroup& group : records.groups) {
    nodes += group.nodes.size();
    events += group.events.size();
    SIMPUL_CHECK(group.checkpoint.size() <= kNoteSizeMax && group.journal.generation > 0);
  }
  SIMPUL_CHECK(nodes <= kNodesPerFrameMax && events <= kRecordsPerFrameMax);
  SIMPUL_CHECK(records.groups.size() <= kGroupsPerFrameMax && records.first <= records.last);
  SIMPUL_CHECK(records.packets.size() <= kPacketsPerFrameMax);
  for (const KeyPacket& packet : records.packets) {
    SIMPUL_CHECK(packet.sealed.size() <= kPacketSizeMax);
    SIMPUL_CHECK(packet.withdrawn == packet.sealed.empty());
  }
}

void check_limits(const EnclosureChunk& chunk) {
  SIMPUL_CHECK(chunk.bytes.size() <= kChunkSize + kChunkTagSize);
  SIMPUL_CHECK(chunk.proof.size() <= kChunkProofMax);
}

void check_limits(const EnclosureRequest& request) {
  SIMPUL_CHECK(request.count >= 1 && request.count <= kChunksPerRequestMax);
}

void check_limits(const ConsistencyRequest& request) {
  SIMPUL_CHECK(request.known_size > 0 && request.known_size < request.size);
}

void check_limits(const Ack& ack) {
  SIMPUL_CHECK(ack.receipt.size() <= kReceiptSizeMax);
}

void check_limits(const RosterFrame& roster) {
  SIMPUL_CHECK(roster.signed_roster.size() <= kRosterSizeMax);
}

void check_limits(const Enrol& enrol) {
  SIMPUL_CHECK(enrol.request.size() <= kEnrolmentSizeMax);
}

void check_limits(const EnrolStatus& status) {
  SIMPUL_CHECK(status.reason.size() <= kReasonSizeMax && status.state <= EnrolState::kRejected);
}

void check_limits(const Bye& bye) {
  SIMPUL_CHECK(bye.reason.size() <= kReasonSizeMax);
}

template <class Other>
void check_limits(const Other&) {}

}  // namespace

void fuzz_frame(BytesView input) {
  const Result<Frame> frame = decode_frame(input);
  const Unaligned moved(input);
  const Result<Frame> again = decode_frame(moved.view());
  SIMPUL_CHECK(frame.has_value() == again.has_value());
  if (!frame) return;
  SIMPUL_CHECK(*frame == *again);
  std::visit([](const auto& content) { check_limits(content); }, *frame);
  const Result<Bytes> encoded = encode_frame(*frame);
  if (!encoded) {
    // Parts that the input used twice are written twice.
    SIMPUL_CHECK(encoded.error().code == ErrorCode::kTooLarge);
    return;
  }
  SIMPUL_CHECK(encoded->size() <= encoded_size_max(*frame));
  const Result<Frame> rewritten = decode_frame(*encoded);
  SIMPUL_CHECK(rewritten.has_value() && *rewritten == *frame);
  SIMPUL_CHECK(encode_frame(*rewritten).value() == *encoded);
}

}  // namespace simpul::fuzz
