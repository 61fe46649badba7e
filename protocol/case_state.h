// What a case is, as computed from its events: custody, epochs, status, audience, and why an
// event was void. The fold is a pure function of the *set* of events and the roster: any
// order of arrival gives the same state. SPEC section "Cases" is the rule book.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "protocol/event.h"
#include "protocol/ids.h"
#include "protocol/roster.h"

namespace simpul {

// One event of a case as held here. `disputed` is set where its journal is forked or revoked at
// or before its index and not settled: such an event is kept and shown but never counts.
struct CaseEvent {
  EventHash hash;
  Event event;
  bool disputed = false;
};

enum class CaseStatus : std::uint8_t {
  kReceived = 0,
  kVerified = 1,
  kInProgress = 2,
  kPostponed = 3,
  kForwarded = 4,
  kReferred = 5,
  kAnswered = 6,
  kClosed = 7,
};
const char* name_of(CaseStatus status);                    // "received", ...
const char* label_of(CaseStatus status, bool indonesian);  // "Diterima" / "Received"

enum class Verdict : std::uint8_t {
  kEffective,   // counted
  kPending,     // an ancestor is missing: stored, not folded
  kVoid,        // against the rules; `why` says which
  kSuperseded,  // of custody that a ruling undid
  kDisputed,    // its journal is forked or revoked there
  kUnknown,     // a kind of a later version
};
const char* name_of(Verdict verdict);

struct Judged {
  EventHash hash;
  EventPosition position;
  Verdict verdict = Verdict::kEffective;
  std::string why;      // for kVoid and kPending: a sentence
  bool erased = false;  // its texts and files are to be nowhere any more
};

struct Epoch {
  EventHash token;  // the event that opened it
  MemberId custodian;
  std::uint32_t number = 0;  // for display
  Instant since{};
};

struct Offer {
  EventHash hash;  // the `forwarded` event
  MemberId from, to;
  Instant due{};
  bool delivered = false;
  std::optional<Instant> recalled_at;  // when it was first asked back
};

struct Decline {
  EventHash hash, offer;
  MemberId by;
  std::string reason;
  MemberId suggested;
};

// A clock that ran out, as its custodian's node told the federation.
struct Escalation {
  EventHash hash;
  EventHash epoch;  // under whose custody
  Stage stage = Stage::kComplete;
  std::uint32_t cycle = 0;
  Instant at{};
};

// The end of all that had been written about the case.
struct Erasure {
  EventHash hash;
  MemberId by;
  Instant at{};
  std::string ground;
  std::set<MemberId> confirmed;  // who destroyed what it had
};

// A member's wish that nothing of the case be erased.
struct StandingHold {
  EventHash hash;
  MemberId by;
  Instant since{};
};

// How a part stands, as its origin last said.
struct PartReport {
  PartStage stage = PartStage::kOpen;
  Outcome outcome = Outcome::kResolved;  // of a closed one
  MemberId custodian;
};

// A link to another case that stands. SPEC section "Links".
struct CaseLink {
  EventHash hash;  // the `linked` event
  Relation relation = Relation::kRelated;
  CaseId other;
  MemberId with;  // who is told of the case because of it; may be empty
  MemberId by;
  Instant since{};
  std::optional<bool> agreed;        // what `with` said last
  std::optional<PartReport> report;  // of a part
};

// The reporter's appeal against how the present custodian ended the case.
struct Appeal {
  EventHash hash;
  MemberId to;  // the next level
  Instant at{};
};

struct CaseState {
  CaseId id;
  CaseStatus status = CaseStatus::kReceived;
  MemberId custodian;
  EventHash epoch;                    // current token
  std::vector<Epoch> route;           // effective epochs, in order
  std::optional<Offer> offer;         // open one
  std::optional<EventHash> referral;  // open one, waiting for a ruling
  std::vector<Decline> declines;      // of the current epoch
  std::uint32_t declines_total = 0;
  std::vector<Escalation> escalations;  // in order of time
  Privacy privacy = Privacy::kPublic;
  EventHash privacy_by;  // the `privacy-changed` that made it so; zero: the opening did
  std::vector<EventHash> privacy_statements;  // that nothing supersedes: for a change to name
  std::vector<Erasure> erasures;              // in order of time
  std::vector<StandingHold> holds;            // by member
  std::optional<EventHash> withdrawal;        // of the reporter's, that no closing heeds yet
  std::optional<Appeal> appeal;               // of the current epoch, waiting for a ruling
  std::vector<CaseLink> links;                // standing ones, by relation and case
  CaseClass case_class = CaseClass::kComplaint;
  Channel channel = Channel::kOther;
  std::string region, category, unit;
  Instant opened_at{}, updated_at{};  // event times (happened where given)
  std::optional<Instant> postponed_until, answered_at, closed_at;
  Instant closing_logged{};  // when the newest closing that counts was logged
  std::optional<Outcome> outcome;
  CaseId duplicate_of;
  std::uint32_t reopened_count = 0;
  std::optional<std::uint8_t> stars;  // the reporter's newest rating, kStarsMin to kStarsMax
  bool needs_upgrade = false;         // an unknown state-changing kind: authoring is frozen
  // Origin, every custodian past and present, open offeree, whom a standing link names; hubs are
  // implied. Once erased, all who ever were.
  std::set<MemberId> audience;
  std::vector<Judged> events;  // all, in (time, position) order
  std::uint32_t pending_count = 0, void_count = 0;
  // Hashes cited but not held: ask for the case by id.
  std::vector<EventHash> missing;

  bool has_opened() const { return !route.empty(); }
};

// Folds all events held of one case. Duplicates by hash count once. Never fails: whatever is
// wrong with an event is its verdict.
CaseState fold_case(const CaseId& id, std::span<const CaseEvent> events, const Roster& roster);

// Heads to cite when `self` authors next: its own last event and the last of each other author.
struct CaseHeads {
  EventHash own;                  // casePrev
  std::vector<EventHash> others;  // after; at most kAfterMax, those not cited by another held event
};
CaseHeads case_heads(std::span<const CaseEvent> events, const MemberId& self);

// Kinds that `actor` may author now, by the state; for messages and completion.
std::vector<EventKind> legal_moves(const CaseState& state, const MemberId& actor,
                                   const Roster& roster, Instant now);

// The draft as its author, named in its position, would append it now: with case, epoch, casePrev
// and after filled in from the state and case_heads.
Event place_draft(Event draft, const CaseState& state, std::span<const CaseEvent> events);

// Whether `draft` (not yet in the set) would be effective if its author placed and appended it
// now; also refuses what a present suspension forbids, and a case that needs an upgrade.
// `state` is the fold of `events`. Error::kNotAllowed: the reason and the legal moves, as a
// sentence.
Result<void> check_move(const CaseState& state, std::span<const CaseEvent> events,
                        const Event& draft, const Roster& roster);

}  // namespace simpul
