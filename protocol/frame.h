// Frames: what travels over a link, one ZeroMQ message part each, inside CURVE. A frame is one
// Cap'n Proto message of a single segment (schema/frame.capnp). The identity of its sender is
// that of the connection, never of anything in the frame. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "protocol/event.h"
#include "protocol/ids.h"
#include "protocol/merkle.h"

namespace simpul {

inline constexpr std::uint16_t kProtocolVersion = 1;
inline constexpr std::size_t kFrameSizeMax = 4u << 20;  // bytes; also ZMQ_MAXMSGSIZE
inline constexpr std::size_t kRecordsPerFrameMax = 10'000;
inline constexpr std::size_t kRecordBytesPerFrameMax =
    1u << 20;                                             // sum of event bytes aimed at per frame
inline constexpr std::size_t kGroupsPerFrameMax = 2'000;  // journals in one mailbox frame
inline constexpr std::size_t kReasonSizeMax = 500;
inline constexpr std::size_t kPacketSizeMax = 256;  // a sealed key packet
inline constexpr std::size_t kPacketsPerFrameMax = 5'000;
inline constexpr std::size_t kNodesPerFrameMax = 1u << 16;  // proof nodes, all groups together
inline constexpr std::uint32_t kChunksPerRequestMax = 64;   // 4 MiB of one enclosure
inline constexpr std::size_t kChunkProofMax = 64;           // digests beside a chunk
inline constexpr std::size_t kEnrolmentSizeMax = 4096;      // bytes of a signed request
inline constexpr std::size_t kSoftwareSizeMax = 64;         // bytes of a software name
inline constexpr std::size_t kReceiptSizeMax = 1024;        // one cosignature line

// Numbers are the wire's.
enum class ByeCode : std::uint16_t {
  kShutdown = 1,
  kUnknownMember = 2,
  kSuspended = 3,
  kWrongFederation = 4,
  kVersion = 5,
  kMalformed = 6,
  kProtocol = 7,
  kOverLimit = 8,
  kIdle = 9,
  kReplaced = 10,
  kQuarantined = 11,
  kStaleRoster = 12,
  kNotEntitled = 13,
};
const char* name_of(ByeCode code);

// First frame of the dialler; answered by Welcome (same content) or Bye.
struct Hello {
  bool is_welcome = false;
  std::uint16_t version = kProtocolVersion;
  std::string federation;
  MemberId member;  // who the sender says it is; must match the connection's key
  std::uint64_t roster_version = 0;
  Digest roster_hash;
  std::string
      held_of_you;  // the largest checkpoint note held of the receiver's journals; may be empty
  std::string own_head;  // sender's newest checkpoint note; may be empty
  std::string software;  // "simpul 0.1.0"
  bool operator==(const Hello&) const = default;
};

// Which flow. A journal stream is complete (cursor: size); a mailbox stream is sparse
// (cursor: sequence within the holder's mailbox generation).
struct StreamId {
  bool is_mailbox = false;
  JournalId journal;                     // journal streams
  std::uint64_t mailbox_generation = 0;  // mailbox streams: random number chosen by the holder
  auto operator<=>(const StreamId&) const = default;
};

// Receiver asks for a stream from its cursor on and grants credit in bytes. A mailbox subscriber
// that does not know the holder's generation sends 0 and sequence 0. Sent again to grant more.
struct Subscribe {
  StreamId stream;
  std::uint64_t from = 0;
  std::uint64_t credit_bytes = 0;
  bool operator==(const Subscribe&) const = default;
};

// A run of one journal: events [first, first + events.size()), then the head after the last one.
struct JournalRecords {
  JournalId journal;
  std::uint64_t first = 0;
  std::vector<Bytes> events;
  std::string checkpoint;  // note whose size is first + events.size()
  bool operator==(const JournalRecords&) const = default;
};

struct SparseEvent {
  std::uint64_t index = 0;
  Bytes bytes;
  bool operator==(const SparseEvent&) const = default;
};

// Events of one journal out of sequence, proved against one checkpoint.
struct ProvedGroup {
  JournalId journal;
  std::uint64_t known_size = 0;  // what the sender believed the receiver holds
  std::string checkpoint;
  std::vector<TreeNode> nodes;  // a batch proof, merkle.h
  std::vector<SparseEvent> events;
  bool operator==(const ProvedGroup&) const = default;
};

// One enclosure's key, sealed to one member: signed by its sender so that a relay cannot
// make one up. Domain "simpul/packet/v1".
struct KeyPacket {
  Digest enclosure;  // ciphertext digest
  CaseId case_id;
  MemberId from, to;
  std::uint32_t sealing_version = 1;
  bool withdrawn = false;  // takes back this sender's earlier ones, where not opened yet
  Bytes sealed;            // sealed box of the 32-byte key; empty when withdrawn
  Signature signature{};
  bool operator==(const KeyPacket&) const = default;
};

struct MailboxRecords {
  bool is_reply = false;  // answers a CaseRequest or a ConsistencyRequest: no sequence, no ack
  std::uint64_t generation = 0;
  std::uint64_t first = 0;  // sequence before the first item: equals the receiver's cursor
  std::uint64_t last = 0;   // cursor after this frame
  std::vector<ProvedGroup> groups;
  std::vector<KeyPacket> packets;
  bool operator==(const MailboxRecords&) const = default;
};

// Durable at the receiver up to `cursor`. For a journal stream `receipt` is the receiver's
// cosignature line on the checkpoint of that size: the same bytes for a duplicate, for ever.
struct Ack {
  StreamId stream;
  std::uint64_t cursor = 0;
  std::string receipt;
  std::uint64_t credit_bytes = 0;  // additional credit
  bool operator==(const Ack&) const = default;
};

struct CaseRequest {
  CaseId case_id;
  bool operator==(const CaseRequest&) const = default;
};
struct EnclosureRequest {
  Digest digest;
  std::uint64_t first = 0;
  std::uint32_t count = 1;
  bool operator==(const EnclosureRequest&) const = default;
};
struct EnclosureChunk {
  Digest digest;
  std::uint64_t index = 0;
  bool absent = false;
  Bytes bytes;
  std::vector<Digest> proof;
  bool operator==(const EnclosureChunk&) const = default;
};
struct EnclosureDone {
  Digest digest;
  bool operator==(const EnclosureDone&) const = default;
};  // receiver holds it whole
struct RosterRequest {
  std::uint64_t have_version = 0;
  bool operator==(const RosterRequest&) const = default;
};
struct RosterFrame {
  Bytes signed_roster;
  bool operator==(const RosterFrame&) const = default;
};
struct Enrol {
  Bytes request;
  bool operator==(const Enrol&) const = default;
};
enum class EnrolState : std::uint8_t { kPending = 0, kAdmitted = 1, kRejected = 2 };
struct EnrolStatus {
  EnrolState state = EnrolState::kPending;
  std::string reason;
  bool operator==(const EnrolStatus&) const = default;
};
struct ForkNotice {
  Bytes proof;
  bool operator==(const ForkNotice&) const = default;
};
struct Ping {
  std::uint64_t nonce = 0;
  bool is_pong = false;
  Instant time{};  // by the sender's clock; 1970: not said
  bool operator==(const Ping&) const = default;
};
struct Bye {
  ByeCode code = ByeCode::kShutdown;
  std::string reason;
  bool operator==(const Bye&) const = default;
};

// Asks the peer to prove that the journal's head of `size`, as it is told here, extends the one of
// `known_size`; 0 < known_size < size. Answered by a reply with one group without events, whose
// nodes are the peaks of `known_size` and then the batch proof from it to `size`.
struct ConsistencyRequest {
  JournalId journal;
  std::uint64_t known_size = 0;
  std::uint64_t size = 0;
  bool operator==(const ConsistencyRequest&) const = default;
};

using Frame =
    std::variant<Hello, Subscribe, JournalRecords, MailboxRecords, Ack, CaseRequest,
                 EnclosureRequest, EnclosureChunk, EnclosureDone, RosterRequest, RosterFrame, Enrol,
                 EnrolStatus, ForkNotice, Ping, Bye, ConsistencyRequest>;

const char* name_of(const Frame& frame);  // "hello", "records", ...

// Error::kMalformed (form, UTF-8, counts, trailing words, unknown frame kind), kTooLarge. Any
// alignment.
Result<Frame> decode_frame(BytesView bytes);
// Error::kTooLarge past kFrameSizeMax.
Result<Bytes> encode_frame(const Frame& frame);
// A bound on encode_frame's size, without encoding: to stay within credit and kFrameSizeMax.
std::size_t encoded_size_max(const Frame& frame);

// Bytes that a KeyPacket's signature covers: SPEC section "Key packets".
Bytes packet_signing_bytes(const KeyPacket& packet);
// Signs as the packet's sender, whose key it must be.
void sign_packet(KeyPacket& packet, const SigningKey& key);
[[nodiscard]] bool verify_packet(const KeyPacket& packet, const VerifyKey& key);

}  // namespace simpul
