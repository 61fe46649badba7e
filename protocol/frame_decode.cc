// Reading frames from peers that may be hostile. Every pointer is followed once, so that the
// traversal limit, which is the frame's own size, refuses messages that alias their parts.
#include <capnp/serialize.h>

#include <algorithm>
#include <cstring>

#include "protocol/capnp_message.h"
#include "protocol/checkpoint.h"
#include "protocol/frame.h"
#include "protocol/intake.h"
#include "protocol/roster.h"
#include "protocol/utf8.h"
#include "schema/frame.capnp.h"

namespace simpul {
namespace {

namespace layout = simpul::wire::frame;
using Text = capnp::Text::Reader;
using Data = capnp::Data::Reader;

constexpr int kFrameNestingMax = 8;  // Frame, MailboxRecords, list, group, list, event

std::unexpected<Error> malformed(const char* what, const char* how) {
  return fail(ErrorCode::kMalformed, std::string(what) + " " + how);
}
std::unexpected<Error> too_large(const char* what, std::size_t limit) {
  return fail(ErrorCode::kTooLarge,
              std::string(what) + " is past the limit of " + std::to_string(limit));
}

enum class Lines { kOne, kMany };

// Text for people and logs. One line is fit for a screen; notes have line feeds and no other
// control characters.
Result<std::string> text(Text from, std::size_t limit, const char* what,
                         Lines lines = Lines::kOne) {
  const std::string_view view = view_of(from);
  if (view.size() > limit) return too_large(what, limit);
  const bool control = std::any_of(view.begin(), view.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
  });
  if (control || (lines == Lines::kOne && !is_plain_utf8(view)) || !is_utf8(view)) {
    return malformed(what, "is not UTF-8 or holds control characters");
  }
  return std::string(view);
}

Result<Bytes> blob(Data from, std::size_t limit, const char* what) {
  if (from.size() > limit) return too_large(what, limit);
  return Bytes(from.begin(), from.end());
}

Result<Digest> digest(Data from, const char* what) {
  if (from.size() != Digest::kSize) return malformed(what, "is not of 32 bytes");
  Digest out;
  std::copy(from.begin(), from.end(), out.bytes.begin());
  return out;
}

Result<MemberId> member(Text from) {
  return MemberId::parse(view_of(from));
}

Result<CaseId> case_id(Text from) {
  const std::string_view view = view_of(from);
  SIMPUL_TRY(id, CaseId::parse(view));
  if (id.text() != view) return malformed("case id", "is not in its canonical form");
  return id;
}

Result<JournalId> journal(layout::Journal::Reader from) {
  SIMPUL_TRY(id, member(from.getMember()));
  if (from.getGeneration() == 0) return malformed("journal", "has generation 0");
  return JournalId{id, from.getGeneration()};
}

Result<StreamId> stream(layout::Stream::Reader from) {
  switch (from.which()) {
    case layout::Stream::JOURNAL: {
      SIMPUL_TRY(id, journal(from.getJournal()));
      return StreamId{.is_mailbox = false, .journal = id, .mailbox_generation = 0};
    }
    case layout::Stream::MAILBOX:
      return StreamId{.is_mailbox = true, .journal = {}, .mailbox_generation = from.getMailbox()};
  }
  return malformed("stream", "is of an unknown kind");
}

Result<Bytes> event(Data from) {
  if (from.size() <= kEventSaltSize) return malformed("event", "is shorter than its salt");
  return blob(from, kEventSizeMax, "event");
}

Result<Frame> read(layout::Hello::Reader from) {
  Hello out;
  out.is_welcome = from.getIsWelcome();
  out.version = from.getVersion();
  SIMPUL_TRY(federation, text(from.getFederation(), 40, "federation id"));
  SIMPUL_TRY(sender, member(from.getMember()));
  SIMPUL_TRY(hash, digest(from.getRosterHash(), "roster hash"));
  SIMPUL_TRY(held, text(from.getHeldOfYou(), kNoteSizeMax, "checkpoint held", Lines::kMany));
  SIMPUL_TRY(head, text(from.getOwnHead(), kNoteSizeMax, "own checkpoint", Lines::kMany));
  SIMPUL_TRY(software, text(from.getSoftware(), kSoftwareSizeMax, "software name"));
  out.federation = std::move(federation);
  out.member = std::move(sender);
  out.roster_version = from.getRosterVersion();
  out.roster_hash = hash;
  out.held_of_you = std::move(held);
  out.own_head = std::move(head);
  out.software = std::move(software);
  return out;
}

Result<Frame> read(layout::Subscribe::Reader from) {
  SIMPUL_TRY(id, stream(from.getStream()));
  return Subscribe{.stream = id, .from = from.getFrom(), .credit_bytes = from.getCreditBytes()};
}

Result<Frame> read(layout::JournalRecords::Reader from) {
  JournalRecords out;
  SIMPUL_TRY(id, journal(from.getJournal()));
  SIMPUL_TRY(note, text(from.getCheckpoint(), kNoteSizeMax, "checkpoint", Lines::kMany));
  out.journal = std::move(id);
  out.first = from.getFirst();
  out.checkpoint = std::move(note);
  const auto events = from.getEvents();
  if (events.size() > kRecordsPerFrameMax) return too_large("count of events", kRecordsPerFrameMax);
  if (out.first + events.size() < out.first) return malformed("records", "run past the last index");
  out.events.reserve(events.size());
  for (const auto data : events) {
    SIMPUL_TRY(bytes, event(data));
    out.events.push_back(std::move(bytes));
  }
  return out;
}

Result<TreeNode> node(layout::Node::Reader from) {
  if (from.getLevel() > 63) return malformed("proof node", "is above level 63");
  TreeNode out{.id = {from.getLevel(), from.getIndex()}, .hash = {}};
  const std::array<std::uint64_t, 4> words{from.getW0(), from.getW1(), from.getW2(), from.getW3()};
  std::memcpy(out.hash.bytes.data(), words.data(), Digest::kSize);
  return out;
}

// What one frame may hold in all its groups together.
struct Budget {
  std::size_t events = kRecordsPerFrameMax;
  std::size_t nodes = kNodesPerFrameMax;
};

Result<ProvedGroup> group(layout::ProvedGroup::Reader from, Budget& budget) {
  ProvedGroup out;
  SIMPUL_TRY(id, journal(from.getJournal()));
  SIMPUL_TRY(note, text(from.getCheckpoint(), kNoteSizeMax, "checkpoint", Lines::kMany));
  out.journal = std::move(id);
  out.known_size = from.getKnownSize();
  out.checkpoint = std::move(note);
  const auto nodes = from.getNodes();
  const auto events = from.getEvents();
  if (nodes.size() > budget.nodes) return too_large("count of proof nodes", kNodesPerFrameMax);
  if (events.size() > budget.events) return too_large("count of events", kRecordsPerFrameMax);
  budget.nodes -= nodes.size();
  budget.events -= events.size();
  out.nodes.reserve(nodes.size());
  for (const auto item : nodes) {
    SIMPUL_TRY(read_node, node(item));
    out.nodes.push_back(read_node);
  }
  out.events.reserve(events.size());
  for (const auto item : events) {
    SIMPUL_TRY(bytes, event(item.getBytes()));
    out.events.push_back({item.getIndex(), std::move(bytes)});
  }
  return out;
}

Result<KeyPacket> packet(layout::KeyPacket::Reader from) {
  KeyPacket out;
  SIMPUL_TRY(enclosure, digest(from.getEnclosure(), "enclosure digest"));
  SIMPUL_TRY(id, case_id(from.getCaseId()));
  SIMPUL_TRY(sender, member(from.getFrom()));
  SIMPUL_TRY(receiver, member(from.getTo()));
  SIMPUL_TRY(sealed, blob(from.getSealed(), kPacketSizeMax, "sealed key"));
  const auto signature = from.getSignature();
  if (signature.size() != out.signature.size()) {
    return malformed("packet signature", "is not of 64 bytes");
  }
  if (from.getWithdrawn() != sealed.empty()) {
    return malformed("key packet", "must hold a sealed key, or none when withdrawn");
  }
  out.enclosure = enclosure;
  out.case_id = std::move(id);
  out.from = std::move(sender);
  out.to = std::move(receiver);
  out.sealing_version = from.getSealingVersion();
  out.withdrawn = from.getWithdrawn();
  out.sealed = std::move(sealed);
  std::copy(signature.begin(), signature.end(), out.signature.begin());
  return out;
}

Result<Frame> read(layout::MailboxRecords::Reader from) {
  MailboxRecords out{.is_reply = from.getIsReply(),
                     .generation = from.getGeneration(),
                     .first = from.getFirst(),
                     .last = from.getLast(),
                     .groups = {},
                     .packets = {}};
  if (out.last < out.first) return malformed("mailbox records", "end before they begin");
  const auto groups = from.getGroups();
  const auto packets = from.getPackets();
  if (groups.size() > kGroupsPerFrameMax) return too_large("count of groups", kGroupsPerFrameMax);
  if (packets.size() > kPacketsPerFrameMax) {
    return too_large("count of key packets", kPacketsPerFrameMax);
  }
  Budget budget;
  out.groups.reserve(groups.size());
  for (const auto item : groups) {
    SIMPUL_TRY(read_group, group(item, budget));
    out.groups.push_back(std::move(read_group));
  }
  out.packets.reserve(packets.size());
  for (const auto item : packets) {
    SIMPUL_TRY(read_packet, packet(item));
    out.packets.push_back(std::move(read_packet));
  }
  return out;
}

Result<Frame> read(layout::Ack::Reader from) {
  SIMPUL_TRY(id, stream(from.getStream()));
  SIMPUL_TRY(receipt, text(from.getReceipt(), kReceiptSizeMax, "receipt", Lines::kMany));
  return Ack{.stream = id,
             .cursor = from.getCursor(),
             .receipt = std::move(receipt),
             .credit_bytes = from.getCreditBytes()};
}

Result<Frame> read_case_request(Text from) {
  SIMPUL_TRY(id, case_id(from));
  return CaseRequest{std::move(id)};
}

Result<Frame> read(layout::ConsistencyRequest::Reader from) {
  SIMPUL_TRY(id, journal(from.getJournal()));
  if (from.getKnownSize() == 0 || from.getKnownSize() >= from.getSize()) {
    return malformed("consistency request", "does not name a smaller and a larger size");
  }
  return ConsistencyRequest{std::move(id), from.getKnownSize(), from.getSize()};
}

Result<Frame> read(layout::EnclosureRequest::Reader from) {
  SIMPUL_TRY(enclosure, digest(from.getDigest(), "enclosure digest"));
  if (from.getCount() == 0) return malformed("enclosure request", "asks for no chunk");
  if (from.getCount() > kChunksPerRequestMax) {
    return too_large("count of chunks asked for", kChunksPerRequestMax);
  }
  return EnclosureRequest{enclosure, from.getFirst(), from.getCount()};
}

Result<Frame> read(layout::EnclosureChunk::Reader from) {
  EnclosureChunk out;
  out.index = from.getIndex();
  out.absent = from.getAbsent();
  SIMPUL_TRY(enclosure, digest(from.getDigest(), "enclosure digest"));
  SIMPUL_TRY(bytes, blob(from.getBytes(), kChunkSize + kChunkTagSize, "chunk"));
  const BytesView proof = view_of(from.getProof());
  if (proof.size() % Digest::kSize != 0) return malformed("chunk proof", "is not whole digests");
  if (proof.size() > kChunkProofMax * Digest::kSize) {
    return too_large("count of digests in a chunk proof", kChunkProofMax);
  }
  if (out.absent && !(bytes.empty() && proof.empty())) {
    return malformed("absent chunk", "has content");
  }
  out.digest = enclosure;
  out.bytes = std::move(bytes);
  out.proof.resize(proof.size() / Digest::kSize);
  for (std::size_t i = 0; i < out.proof.size(); ++i) {
    std::memcpy(out.proof[i].bytes.data(), proof.data() + i * Digest::kSize, Digest::kSize);
  }
  return out;
}

Result<Frame> read_enclosure_done(Data from) {
  SIMPUL_TRY(enclosure, digest(from, "enclosure digest"));
  return EnclosureDone{enclosure};
}

Result<Frame> read_roster(Data from) {
  SIMPUL_TRY(bytes, blob(from, kRosterSizeMax, "roster"));
  return RosterFrame{std::move(bytes)};
}

Result<Frame> read_enrol(Data from) {
  SIMPUL_TRY(bytes, blob(from, kEnrolmentSizeMax, "enrolment request"));
  return Enrol{std::move(bytes)};
}

Result<Frame> read_fork_notice(Data from) {
  SIMPUL_TRY(bytes, blob(from, kFrameSizeMax, "fork proof"));
  return ForkNotice{std::move(bytes)};
}

Result<Frame> read(layout::EnrolStatus::Reader from) {
  SIMPUL_TRY(reason, text(from.getReason(), kReasonSizeMax, "reason"));
  if (from.getState() > static_cast<std::uint8_t>(EnrolState::kRejected)) {
    return malformed("enrolment status", "is unknown");
  }
  return EnrolStatus{static_cast<EnrolState>(from.getState()), std::move(reason)};
}

Result<Frame> read(layout::Ping::Reader from) {
  const std::int64_t time = from.getTime();
  if (time < 0 || time > kInstantMax) return malformed("ping", "states a time out of range");
  return Ping{
      .nonce = from.getNonce(), .is_pong = from.getIsPong(), .time = Instant(Duration(time))};
}

Result<Frame> read(layout::Bye::Reader from) {
  SIMPUL_TRY(reason, text(from.getReason(), kReasonSizeMax, "reason"));
  return Bye{static_cast<ByeCode>(from.getCode()), std::move(reason)};
}

Result<Frame> read(layout::Frame::Reader from) {
  switch (from.which()) {
    case layout::Frame::HELLO:
      return read(from.getHello());
    case layout::Frame::SUBSCRIBE:
      return read(from.getSubscribe());
    case layout::Frame::JOURNAL_RECORDS:
      return read(from.getJournalRecords());
    case layout::Frame::MAILBOX_RECORDS:
      return read(from.getMailboxRecords());
    case layout::Frame::ACK:
      return read(from.getAck());
    case layout::Frame::CASE_REQUEST:
      return read_case_request(from.getCaseRequest());
    case layout::Frame::ENCLOSURE_REQUEST:
      return read(from.getEnclosureRequest());
    case layout::Frame::ENCLOSURE_CHUNK:
      return read(from.getEnclosureChunk());
    case layout::Frame::ENCLOSURE_DONE:
      return read_enclosure_done(from.getEnclosureDone());
    case layout::Frame::ROSTER_REQUEST:
      return RosterRequest{from.getRosterRequest()};
    case layout::Frame::ROSTER:
      return read_roster(from.getRoster());
    case layout::Frame::ENROL:
      return read_enrol(from.getEnrol());
    case layout::Frame::ENROL_STATUS:
      return read(from.getEnrolStatus());
    case layout::Frame::FORK_NOTICE:
      return read_fork_notice(from.getForkNotice());
    case layout::Frame::PING:
      return read(from.getPing());
    case layout::Frame::BYE:
      return read(from.getBye());
    case layout::Frame::CONSISTENCY_REQUEST:
      return read(from.getConsistencyRequest());
  }
  return malformed("frame", "is of an unknown kind");
}

// The bytes as words, copied only when they are not aligned.
class Words {
 public:
  explicit Words(BytesView bytes) : count_(bytes.size() / sizeof(capnp::word)) {
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint64_t) == 0) {
      words_ = reinterpret_cast<const capnp::word*>(bytes.data());
      return;
    }
    copy_ = kj::heapArray<capnp::word>(count_);
    std::memcpy(copy_.begin(), bytes.data(), count_ * sizeof(capnp::word));
    words_ = copy_.begin();
  }
  kj::ArrayPtr<const capnp::word> view() const { return {words_, count_}; }

 private:
  std::size_t count_;
  const capnp::word* words_ = nullptr;
  kj::Array<capnp::word> copy_;
};

// One segment that ends where the frame ends.
Result<void> check_framing(BytesView bytes) {
  if (bytes.size() > kFrameSizeMax) return too_large("frame", kFrameSizeMax);
  if (bytes.size() % sizeof(capnp::word) != 0) return malformed("frame", "is not whole words");
  if (bytes.size() < 2 * sizeof(capnp::word)) return malformed("frame", "is too short");
  std::uint32_t header[2];
  std::memcpy(header, bytes.data(), sizeof header);
  if (header[0] != 0) return malformed("frame", "has more than one segment");
  if (bytes.size() != (std::size_t{header[1]} + 1) * sizeof(capnp::word)) {
    return malformed("frame", "does not end where its segment ends");
  }
  return {};
}

}  // namespace

Result<Frame> decode_frame(BytesView bytes) {
  SIMPUL_TRY_VOID(check_framing(bytes));
  try {
    const Words words(bytes);
    capnp::ReaderOptions options;
    options.traversalLimitInWords = words.view().size();
    options.nestingLimit = kFrameNestingMax;
    capnp::FlatArrayMessageReader reader(words.view(), options);
    return read(reader.getRoot<layout::Frame>());
  } catch (const kj::Exception&) {
    return malformed("frame", "has pointers out of range");
  }
}

}  // namespace simpul
