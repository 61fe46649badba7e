#include "protocol/frame.h"

#include <capnp/message.h>

#include <bit>
#include <cstring>

#include "protocol/capnp_message.h"
#include "schema/frame.capnp.h"

namespace simpul {
namespace {

namespace layout = simpul::wire::frame;

static_assert(std::endian::native == std::endian::little, "frames are built in place");

constexpr std::size_t kHeaderSize = 8;  // segment count and segment length

void put(layout::Journal::Builder to, const JournalId& journal) {
  to.setMember(text_of(journal.member.text()));
  to.setGeneration(journal.generation);
}

void put(layout::Stream::Builder to, const StreamId& stream) {
  if (stream.is_mailbox) {
    to.setMailbox(stream.mailbox_generation);
  } else {
    put(to.initJournal(), stream.journal);
  }
}

void put(layout::Node::Builder to, const TreeNode& node) {
  std::array<std::uint64_t, 4> words;
  std::memcpy(words.data(), node.hash.bytes.data(), Digest::kSize);
  to.setLevel(node.id.level);
  to.setIndex(node.id.index);
  to.setW0(words[0]);
  to.setW1(words[1]);
  to.setW2(words[2]);
  to.setW3(words[3]);
}

void put(layout::ProvedGroup::Builder to, const ProvedGroup& group) {
  put(to.initJournal(), group.journal);
  to.setKnownSize(group.known_size);
  to.setCheckpoint(text_of(group.checkpoint));
  auto nodes = to.initNodes(static_cast<unsigned>(group.nodes.size()));
  for (unsigned i = 0; i < nodes.size(); ++i) put(nodes[i], group.nodes[i]);
  auto events = to.initEvents(static_cast<unsigned>(group.events.size()));
  for (unsigned i = 0; i < events.size(); ++i) {
    events[i].setIndex(group.events[i].index);
    events[i].setBytes(data_of(group.events[i].bytes));
  }
}

void put(layout::KeyPacket::Builder to, const KeyPacket& packet) {
  to.setEnclosure(data_of(packet.enclosure.view()));
  to.setCaseId(text_of(packet.case_id.text()));
  to.setFrom(text_of(packet.from.text()));
  to.setTo(text_of(packet.to.text()));
  to.setSealingVersion(packet.sealing_version);
  to.setWithdrawn(packet.withdrawn);
  to.setSealed(data_of(packet.sealed));
  to.setSignature(data_of(packet.signature));
}

void put(layout::Frame::Builder root, const Hello& hello) {
  auto to = root.initHello();
  to.setIsWelcome(hello.is_welcome);
  to.setVersion(hello.version);
  to.setFederation(text_of(hello.federation));
  to.setMember(text_of(hello.member.text()));
  to.setRosterVersion(hello.roster_version);
  to.setRosterHash(data_of(hello.roster_hash.view()));
  to.setHeldOfYou(text_of(hello.held_of_you));
  to.setOwnHead(text_of(hello.own_head));
  to.setSoftware(text_of(hello.software));
}

void put(layout::Frame::Builder root, const Subscribe& subscribe) {
  auto to = root.initSubscribe();
  put(to.initStream(), subscribe.stream);
  to.setFrom(subscribe.from);
  to.setCreditBytes(subscribe.credit_bytes);
}

void put(layout::Frame::Builder root, const JournalRecords& records) {
  auto to = root.initJournalRecords();
  put(to.initJournal(), records.journal);
  to.setFirst(records.first);
  to.setCheckpoint(text_of(records.checkpoint));
  auto events = to.initEvents(static_cast<unsigned>(records.events.size()));
  for (unsigned i = 0; i < events.size(); ++i) events.set(i, data_of(records.events[i]));
}

void put(layout::Frame::Builder root, const MailboxRecords& records) {
  auto to = root.initMailboxRecords();
  to.setIsReply(records.is_reply);
  to.setGeneration(records.generation);
  to.setFirst(records.first);
  to.setLast(records.last);
  auto groups = to.initGroups(static_cast<unsigned>(records.groups.size()));
  for (unsigned i = 0; i < groups.size(); ++i) put(groups[i], records.groups[i]);
  auto packets = to.initPackets(static_cast<unsigned>(records.packets.size()));
  for (unsigned i = 0; i < packets.size(); ++i) put(packets[i], records.packets[i]);
}

void put(layout::Frame::Builder root, const Ack& ack) {
  auto to = root.initAck();
  put(to.initStream(), ack.stream);
  to.setCursor(ack.cursor);
  to.setReceipt(text_of(ack.receipt));
  to.setCreditBytes(ack.credit_bytes);
}

void put(layout::Frame::Builder root, const CaseRequest& request) {
  root.setCaseRequest(text_of(request.case_id.text()));
}

void put(layout::Frame::Builder root, const ConsistencyRequest& request) {
  auto to = root.initConsistencyRequest();
  put(to.initJournal(), request.journal);
  to.setKnownSize(request.known_size);
  to.setSize(request.size);
}

void put(layout::Frame::Builder root, const EnclosureRequest& request) {
  auto to = root.initEnclosureRequest();
  to.setDigest(data_of(request.digest.view()));
  to.setFirst(request.first);
  to.setCount(request.count);
}

void put(layout::Frame::Builder root, const EnclosureChunk& chunk) {
  auto to = root.initEnclosureChunk();
  to.setDigest(data_of(chunk.digest.view()));
  to.setIndex(chunk.index);
  to.setAbsent(chunk.absent);
  to.setBytes(data_of(chunk.bytes));
  auto proof = to.initProof(static_cast<unsigned>(chunk.proof.size() * Digest::kSize));
  for (std::size_t i = 0; i < chunk.proof.size(); ++i) {
    std::memcpy(proof.begin() + i * Digest::kSize, chunk.proof[i].bytes.data(), Digest::kSize);
  }
}

void put(layout::Frame::Builder root, const EnclosureDone& done) {
  root.setEnclosureDone(data_of(done.digest.view()));
}
void put(layout::Frame::Builder root, const RosterRequest& request) {
  root.setRosterRequest(request.have_version);
}
void put(layout::Frame::Builder root, const RosterFrame& roster) {
  root.setRoster(data_of(roster.signed_roster));
}
void put(layout::Frame::Builder root, const Enrol& enrol) {
  root.setEnrol(data_of(enrol.request));
}
void put(layout::Frame::Builder root, const ForkNotice& notice) {
  root.setForkNotice(data_of(notice.proof));
}

void put(layout::Frame::Builder root, const EnrolStatus& status) {
  auto to = root.initEnrolStatus();
  to.setState(static_cast<std::uint8_t>(status.state));
  to.setReason(text_of(status.reason));
}

void put(layout::Frame::Builder root, const Ping& ping) {
  auto to = root.initPing();
  to.setNonce(ping.nonce);
  to.setIsPong(ping.is_pong);
  to.setTime(ping.time.time_since_epoch().count());
}

void put(layout::Frame::Builder root, const Bye& bye) {
  auto to = root.initBye();
  to.setCode(static_cast<std::uint16_t>(bye.code));
  to.setReason(text_of(bye.reason));
}

void write_header(Bytes& frame, std::uint32_t words) {
  const std::uint32_t header[2] = {0, words};
  std::memcpy(frame.data(), header, kHeaderSize);
}

}  // namespace

Result<Bytes> encode_frame(const Frame& frame) {
  const std::size_t bound = encoded_size_max(frame);
  if (bound > 2 * kFrameSizeMax) {
    return fail(ErrorCode::kTooLarge, "a frame of up to " + std::to_string(bound) +
                                          " bytes passes the limit: send fewer records in it");
  }
  Bytes out(bound);  // operator new aligns it for any word
  std::size_t size = 0;
  try {
    auto* words = reinterpret_cast<capnp::word*>(out.data() + kHeaderSize);
    capnp::FlatMessageBuilder builder(
        kj::arrayPtr(words, (bound - kHeaderSize) / sizeof(capnp::word)));
    auto root = builder.initRoot<layout::Frame>();
    std::visit([&](const auto& content) { put(root, content); }, frame);
    size = builder.getSegmentsForOutput()[0].size();
  } catch (const kj::Exception&) {
    return fail(ErrorCode::kTooLarge, "a frame outgrew what was reckoned for it");
  }
  out.resize(kHeaderSize + size * sizeof(capnp::word));
  if (out.size() > kFrameSizeMax) {
    return fail(ErrorCode::kTooLarge, "a frame of " + std::to_string(out.size()) +
                                          " bytes passes the limit of " +
                                          std::to_string(kFrameSizeMax));
  }
  write_header(out, static_cast<std::uint32_t>(size));
  return out;
}

}  // namespace simpul
