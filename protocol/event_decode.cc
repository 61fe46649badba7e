// Reads events: every check of SPEC section "Events" is here, in intake.h or in event_body.cc.
#include "protocol/capnp_event.h"
#include "protocol/event_kinds.h"

namespace simpul {
namespace {

constexpr const char* kOfEvent = "event";

Result<BytesView> message_of(BytesView event) {
  if (event.size() > kEventSizeMax) {
    return fail(ErrorCode::kTooLarge, "an event has at most 4096 bytes");
  }
  if (event.size() < kEventSaltSize) {
    return fail(ErrorCode::kMalformed, "an event begins with 16 random bytes");
  }
  return event.subspan(kEventSaltSize);
}

// What the table says of this kind must be so of its envelope.
void check_kind(const Envelope& envelope, Intake& intake) {
  const KindRule* rule = rule_of(envelope.kind);
  if (rule == nullptr) return;
  intake.require(envelope.state_changing == rule->changes_state,
                 "the kind and its state-changing flag disagree");
  intake.require(envelope.case_id.empty() != rule->about_case,
                 "the kind needs a case, or must have none");
  const bool names = !envelope.names.empty();
  intake.require(rule->names == Naming::kMay || names == (rule->names == Naming::kMust),
                 "the kind names a member, or must name none");
}

void check_origin(const Envelope& envelope, Intake& intake) {
  if (envelope.kind != EventKind::kOpened) return;
  const std::string& origin = envelope.position.journal.member.text();
  const std::string_view id = envelope.case_id.text();
  intake.require(
      id.size() == origin.size() + CaseId::kSizeMax - MemberId::kSizeMax && id.starts_with(origin),
      "a case is opened by the member that its id names");
}

Envelope read_envelope(wire::Event::Reader from, Intake& intake) {
  intake.require(from.getVersion() == kEventVersion, "of a version that this program cannot read");
  Envelope envelope;
  envelope.kind = static_cast<EventKind>(from.getKind());
  intake.require(from.getKind() != 0, "it has no kind");
  envelope.state_changing = from.getStateChanging();
  envelope.position.journal.member = intake.member(view_of(from.getMember()), "bad author");
  envelope.position.journal.generation = from.getGeneration();
  intake.require(from.getGeneration() > 0, "a generation is 1 or more");
  envelope.position.index = from.getIndex();
  envelope.time = intake.instant(from.getTime(), "its time is out of range");
  if (from.hasCaseId())
    envelope.case_id = intake.case_or_none(view_of(from.getCaseId()), "bad case id");
  if (from.hasNames())
    envelope.names = intake.member_or_none(view_of(from.getNames()), "bad named member");
  const unsigned count = from.hasEnclosures() ? from.getEnclosures().size() : 0;
  intake.require(count <= kEnclosuresMax, "too many enclosures");
  envelope.enclosure_count = static_cast<std::uint8_t>(intake.good() ? count : 0);
  check_kind(envelope, intake);
  check_origin(envelope, intake);
  return envelope;
}

EnclosureRef read_enclosure(wire::Enclosure::Reader from, Intake& intake) {
  EnclosureRef ref;
  ref.role = intake.choice(from.getRole(), EnclosureRole::kReply, "unknown enclosure role");
  ref.commitment.padded_size = from.getPaddedSize();
  intake.require(from.getPaddedSize() > 0 && from.getPaddedSize() <= kEnclosureSizeMax,
                 "an enclosure's size is out of range");
  ref.commitment.digest = intake.set(digest_of(from.getDigest()), "an enclosure has no digest");
  ref.commitment.chunk_root = digest_of(from.getChunkRoot());
  ref.commitment.key_commitment = digest_of(from.getKeyCommitment());
  return ref;
}

void check_causes(const Event& event, Intake& intake) {
  if (event.case_id.empty()) {
    intake.require(event.epoch.is_zero() && event.case_prev.is_zero() && event.after.empty(),
                   "it cites events of a case but names none");
  } else if (event.kind == EventKind::kOpened) {
    intake.require(event.epoch.is_zero() && event.case_prev.is_zero() && event.after.empty(),
                   "the first event of a case cites others");
  } else {
    intake.require(!event.epoch.is_zero(), "it names no epoch");
  }
}

// A generation follows an earlier one of the same member.
void check_generation(const Event& event, Intake& intake) {
  const auto* opened = std::get_if<GenerationOpened>(&event.body);
  if (opened == nullptr || opened->previous == HeadRef{}) return;
  const JournalId& own = event.position.journal;
  const JournalId& previous = opened->previous.journal;
  intake.require(previous.member == own.member && previous.generation < own.generation,
                 "a generation follows an earlier one of the same member");
}

Event read_event(wire::Event::Reader from, Intake& intake) {
  Envelope envelope = read_envelope(from, intake);
  Event event;
  if (!intake.good()) return event;
  event.version = from.getVersion();
  event.position = std::move(envelope.position);
  event.kind = envelope.kind;
  event.state_changing = envelope.state_changing;
  event.time = envelope.time;
  if (from.getHasHappened()) {
    event.happened = intake.instant(from.getHappened(), "when it happened is out of range");
  }
  event.case_id = std::move(envelope.case_id);
  event.epoch = digest_of(from.getEpoch());
  event.case_prev = digest_of(from.getCasePrev());
  event.after = read_hashes(from.getAfter(), kAfterMax, "too many causes, or an empty one", intake);
  event.enclosures.reserve(envelope.enclosure_count);
  for (const auto& enclosure : from.getEnclosures()) {
    event.enclosures.push_back(read_enclosure(enclosure, intake));
  }
  check_causes(event, intake);
  if (rule_of(event.kind) != nullptr) {
    intake.require(from.hasBody(), "its body is missing");
    event.body = read_body(event.kind, envelope.names, from.getBody(), intake);
  }
  check_generation(event, intake);
  return event;
}

}  // namespace

Result<Envelope> decode_envelope(BytesView bytes) {
  SIMPUL_TRY(message, message_of(bytes));
  return read_message<wire::Event>(message, [](wire::Event::Reader from) -> Result<Envelope> {
    Intake intake;
    Envelope envelope = read_envelope(from, intake);
    if (!intake.good()) return intake.error(kOfEvent);
    return envelope;
  });
}

Result<Event> decode_event(BytesView bytes) {
  SIMPUL_TRY(message, message_of(bytes));
  return read_message<wire::Event>(message, [](wire::Event::Reader from) -> Result<Event> {
    Intake intake;
    Event event = read_event(from, intake);
    if (!intake.good()) return intake.error(kOfEvent);
    return event;
  });
}

}  // namespace simpul
