// Events: the facts that journals hold. Bytes once authored are never re-serialised: decode
// reads them, encode is called by the author alone. Layout: 16 random bytes, then one Cap'n
// Proto message of a single segment (schema/event.capnp) that ends where the event ends.
// Everything here is pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/enclosure_cipher.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "protocol/ids.h"

namespace simpul {

inline constexpr std::size_t kEventSizeMax = 4096;  // bytes; DESIGN: codes and digests only
inline constexpr std::size_t kEventSaltSize = 16;
inline constexpr std::size_t kAfterMax = 16;       // heads of other authors cited
inline constexpr std::size_t kEnclosuresMax = 12;  // per event; 112 bytes each
inline constexpr std::size_t kCodeSizeMax = 48;    // bytes of a code: [a-z0-9._-]+, never prose
inline constexpr std::uint8_t kStarsMin = 1, kStarsMax = 5;
inline constexpr std::uint16_t kEventVersion = 1;

// The numbers are the wire's; never renumber.
enum class EventKind : std::uint16_t {
  kOpened = 1,
  kVerified = 2,
  kAssigned = 3,
  kPostponed = 4,
  kResumed = 5,
  kForwarded = 6,
  kRecalled = 7,
  kReferred = 8,
  kProgress = 9,
  kAnswered = 10,
  kClosed = 11,
  kReopened = 12,
  kCorrected = 13,
  kLinked = 14,
  kDelivered = 20,
  kAccepted = 21,
  kDeclined = 22,
  kRuled = 30,
  kSettled = 31,
  kReporterReplied = 40,
  kRated = 41,
  kPrivacyChanged = 42,
  kNoted = 43,
  kErased = 44,
  kEscalated = 45,
  kKeysDestroyed = 46,
  kLegalHold = 47,
  kPartReported = 48,
  kLinkAnswered = 49,
  kGenerationOpened = 50,
  kKeyRotated = 51,
  kWithdrawn = 52,
  kAppealed = 53,
};

// "opened", "verified", ...; nullptr for a kind this version does not know.
const char* name_of(EventKind kind);

enum class Privacy : std::uint8_t { kPublic = 0, kAnonymous = 1, kConfidential = 2 };
enum class Channel : std::uint8_t {
  kOther = 0,
  kWeb = 1,
  kSms = 2,
  kApp = 3,
  kLetter = 4,
  kCounter = 5,
  kPhone = 6,
  kSocial = 7,
  kImport = 8
};
// Which clocks apply. LAPOR's classes.
enum class CaseClass : std::uint8_t { kInformation = 0, kComplaint = 1, kComplaintOversight = 2 };
enum class Outcome : std::uint8_t {
  kResolved = 0,
  kOutOfScope = 1,
  kDuplicate = 2,
  kWithdrawn = 3,
  kExpired = 4
};
enum class EnclosureRole : std::uint8_t {
  kNarrative = 0,
  kIdentity = 1,
  kPlace = 2,
  kAttachment = 3,
  kAnswer = 4,
  kReason = 5,
  kNote = 6,
  kReply = 7,
};
// What one of a case's clocks measures. SPEC section "Deadlines".
enum class Stage : std::uint8_t {
  kVerify = 0,    // from opening until it is verified or anything is done about it
  kFollowUp = 1,  // from then until it is worked on
  kComplete = 2,  // from opening, or reopening, until it is answered or closed
  kReply = 3,     // from an answer on: the reporter's time to reply, then it closes by itself
};
enum class CorrectedField : std::uint8_t { kRegion = 0, kCategory = 1, kClass = 2 };

// How a case stands to another one. SPEC section "Links".
enum class Relation : std::uint8_t {
  kPartOf = 0,
  kHasPart = 1,
  kDuplicateOf = 2,
  kHasDuplicate = 3,
  kRelated = 4,
};
// How far a part has come, as its parent is told.
enum class PartStage : std::uint8_t { kOpen = 0, kAnswered = 1, kClosed = 2 };

const char* name_of(Privacy privacy);
const char* name_of(Channel channel);
const char* name_of(CaseClass case_class);
const char* name_of(Outcome outcome);
const char* name_of(EnclosureRole role);
const char* name_of(Stage stage);        // "verify", "follow-up", "complete", "reply"
const char* name_of(Relation relation);  // "part-of", "has-part", "duplicate-of", ...
const char* name_of(PartStage stage);    // "open", "answered", "closed"
// The inverse of each name_of; nullopt for an unknown name.
std::optional<Privacy> privacy_of(std::string_view name);
std::optional<Channel> channel_of(std::string_view name);
std::optional<CaseClass> case_class_of(std::string_view name);
std::optional<Outcome> outcome_of(std::string_view name);
std::optional<EnclosureRole> enclosure_role_of(std::string_view name);
std::optional<Relation> relation_of(std::string_view name);

// Encrypted substance that an event commits to.
struct EnclosureRef {
  EnclosureRole role = EnclosureRole::kNarrative;
  EnclosureCommitment commitment;
  bool operator==(const EnclosureRef&) const = default;
};

// A head that an event cites: what its author had seen of another journal.
struct HeadRef {
  JournalId journal;
  std::uint64_t size = 0;
  Digest root;
  bool operator==(const HeadRef&) const = default;
};

// Bodies, one per kind. Every `offer` is the hash of the `forwarded` event concerned.
struct Opened {
  Channel channel = Channel::kOther;
  CaseClass case_class = CaseClass::kComplaint;
  Privacy privacy = Privacy::kPublic;
  std::string region;    // code
  std::string category;  // code
  bool operator==(const Opened&) const = default;
};
struct Verified {
  bool operator==(const Verified&) const = default;
};
struct Assigned {
  std::string unit;
  bool operator==(const Assigned&) const = default;
};
struct Postponed {
  std::string reason;
  Instant until{};
  bool operator==(const Postponed&) const = default;
};
struct Resumed {
  bool operator==(const Resumed&) const = default;
};
struct Forwarded {
  MemberId to;
  Instant due{};
  std::string reason;
  bool operator==(const Forwarded&) const = default;
};
struct Recalled {
  EventHash offer;
  bool operator==(const Recalled&) const = default;
};
struct Referred {
  std::string ground;
  EventHash offer;
  bool operator==(const Referred&) const = default;
};
struct Progress {
  bool operator==(const Progress&) const = default;
};
struct Answered {
  bool operator==(const Answered&) const = default;
};
struct Closed {
  Outcome outcome = Outcome::kResolved;
  CaseId duplicate_of;
  bool operator==(const Closed&) const = default;
};
struct Reopened {
  std::string reason;
  bool operator==(const Reopened&) const = default;
};
struct Corrected {
  CorrectedField field = CorrectedField::kCategory;
  std::string value;
  bool operator==(const Corrected&) const = default;
};
// The case and `other` belong together, or (`undone`) no longer.
struct Linked {
  Relation relation = Relation::kRelated;
  CaseId other;
  MemberId with;  // who is to know of it, while it stands; may be empty
  bool undone = false;
  bool operator==(const Linked&) const = default;
};
struct Delivered {
  EventHash offer;
  HeadRef seen;
  bool operator==(const Delivered&) const = default;
};
struct Accepted {
  EventHash offer;
  bool operator==(const Accepted&) const = default;
};
struct Declined {
  EventHash offer;
  std::string reason;
  MemberId suggested;
  bool operator==(const Declined&) const = default;
};
struct Ruled {
  EventHash offer;
  MemberId to;
  std::string ground;
  bool operator==(const Ruled&) const = default;
};
struct Settled {
  HeadRef head;
  bool operator==(const Settled&) const = default;
};
struct ReporterReplied {
  bool operator==(const ReporterReplied&) const = default;
};
// What the reporter thinks of how a closed case was dealt with.
struct Rated {
  std::uint8_t stars = 0;  // kStarsMin, bad, to kStarsMax, good
  bool operator==(const Rated&) const = default;
};
struct PrivacyChanged {
  Privacy privacy = Privacy::kPublic;
  std::vector<EventHash> supersedes;
  bool operator==(const PrivacyChanged&) const = default;
};
struct Noted {
  bool operator==(const Noted&) const = default;
};
// A clock of the case ran out under this custodian: whoever watches over it should know.
struct Escalated {
  Stage stage = Stage::kComplete;
  std::uint32_t cycle = 0;  // which of the times that this clock was started: SPEC "Deadlines"
  bool operator==(const Escalated&) const = default;
};
// This member destroyed the keys of the case that it may not have any more.
struct KeysDestroyed {
  EventHash because;  // the `privacy-changed` or `erased` that it obeys
  bool operator==(const KeysDestroyed&) const = default;
};
// Every text and file of the case that was written without having seen this is destroyed wherever
// it is held. SPEC section "Erasure".
struct Erased {
  std::string ground;  // code
  bool operator==(const Erased&) const = default;
};
// Its author wants the case kept, or no longer.
struct LegalHold {
  bool holds = false;
  bool operator==(const LegalHold&) const = default;
};
// How a part of this case stands, from the part's origin.
struct PartReported {
  CaseId part;
  PartStage stage = PartStage::kOpen;
  Outcome outcome = Outcome::kResolved;  // of a closed one
  MemberId custodian;
  bool operator==(const PartReported&) const = default;
};
// What the member named by a link says of it.
struct LinkAnswered {
  EventHash link;
  bool agrees = false;
  bool operator==(const LinkAnswered&) const = default;
};
// The reporter takes the complaint back.
struct Withdrawn {
  bool operator==(const Withdrawn&) const = default;
};
// The reporter does not accept how the case ended, and asks the next level.
struct Appealed {
  MemberId to;
  bool operator==(const Appealed&) const = default;
};
struct GenerationOpened {
  HeadRef previous;
  bool operator==(const GenerationOpened&) const = default;
};
// Asks that `key` sign from `from_generation` on. The roster confirms it.
struct KeyRotated {
  std::uint32_t version = 0;
  VerifyKey key;
  std::uint32_t from_generation = 0;  // later than the event's own
  bool operator==(const KeyRotated&) const = default;
};
// A kind from a later version: kept, relayed and proved byte for byte, never interpreted.
struct UnknownBody {
  bool operator==(const UnknownBody&) const = default;
};

using EventBody =
    std::variant<UnknownBody, Opened, Verified, Assigned, Postponed, Resumed, Forwarded, Recalled,
                 Referred, Progress, Answered, Closed, Reopened, Corrected, Linked, Delivered,
                 Accepted, Declined, Ruled, Settled, ReporterReplied, Rated, PrivacyChanged, Noted,
                 Escalated, KeysDestroyed, Erased, LegalHold, PartReported, LinkAnswered, Withdrawn,
                 Appealed, GenerationOpened, KeyRotated>;

EventKind kind_of(const EventBody& body);  // not for UnknownBody
bool changes_state(EventKind kind);        // by this version's table, SPEC section "Kinds"

struct Event {
  std::uint16_t version = kEventVersion;
  EventPosition position;  // the journal and index it was authored for
  EventKind kind = EventKind::kNoted;
  bool state_changing = false;  // as the author declares; checked against the table for known kinds
  Instant time{};               // when logged, by the author's clock
  std::optional<Instant> happened;  // when it happened, where that differs (imports)
  // Case events only; case_id is empty otherwise.
  CaseId case_id;
  EventHash epoch;               // token of the epoch it acts in; zero for `opened`
  EventHash case_prev;           // this author's previous event on the case; zero if none
  std::vector<EventHash> after;  // heads of other authors' events on the case it had seen
  std::vector<EnclosureRef> enclosures;
  EventBody body;

  bool operator==(const Event&) const = default;
};

// What every receiver needs of every event, read without touching the body.
struct Envelope {
  EventPosition position;
  EventKind kind = EventKind::kNoted;
  bool state_changing = false;
  Instant time{};
  CaseId case_id;
  MemberId names;  // a member that the body brings into the audience (`to`); usually empty
  std::uint8_t enclosure_count = 0;
};

// Error::kMalformed when the event is not well formed: bad UTF-8 or codes, lengths past the limits,
// trailing words, more than one segment, a known kind with the wrong state_changing flag or without
// its body. kTooLarge past kEventSizeMax. Any alignment.
Result<Event> decode_event(BytesView bytes);
Result<Envelope> decode_envelope(
    BytesView bytes);  // a strict subset of decode_event's checks; fast

// Salt from `random`. Error::kTooLarge if it does not fit kEventSizeMax; kMalformed if the
// event could not be decoded again.
Result<Bytes> encode_event(const Event& event, Random& random);

}  // namespace simpul
