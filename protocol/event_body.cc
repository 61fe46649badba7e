// Reads the bodies of the kinds that this version knows.
#include "protocol/capnp_event.h"

namespace simpul {
namespace {

EventHash read_offer(wire::Hash::Reader from, Intake& intake) {
  return intake.set(digest_of(from), "the offer concerned is missing");
}

Opened read(wire::Opened::Reader from, Intake& intake) {
  return {
      .channel = intake.choice(from.getChannel(), Channel::kImport, "unknown channel"),
      .case_class =
          intake.choice(from.getCaseClass(), CaseClass::kComplaintOversight, "unknown class"),
      .privacy = intake.choice(from.getPrivacy(), Privacy::kConfidential, "unknown privacy"),
      .region = intake.code(view_of(from.getRegion()), "the region is no code"),
      .category = intake.code(view_of(from.getCategory()), "the category is no code"),
  };
}

Postponed read(wire::Postponed::Reader from, Intake& intake) {
  return {.reason = intake.code(view_of(from.getReason()), "the reason is no code"),
          .until = intake.instant(from.getUntil(), "until when is out of range")};
}

Forwarded read(wire::Forwarded::Reader from, const MemberId& to, Intake& intake) {
  return {.to = to,
          .due = intake.instant(from.getDue(), "the due time is out of range"),
          .reason = intake.code(view_of(from.getReason()), "the reason is no code")};
}

Referred read(wire::Referred::Reader from, Intake& intake) {
  return {.ground = intake.code(view_of(from.getGround()), "the ground is no code"),
          .offer = digest_of(from.getOffer())};
}

Ruled read(wire::Ruled::Reader from, const MemberId& to, Intake& intake) {
  return {.offer = digest_of(from.getOffer()),
          .to = to,
          .ground = intake.code(view_of(from.getGround()), "the ground is no code")};
}

Closed read(wire::Closed::Reader from, Intake& intake) {
  Closed body{
      .outcome = intake.choice(from.getOutcome(), Outcome::kExpired, "unknown outcome"),
      .duplicate_of = intake.case_or_none(view_of(from.getDuplicateOf()), "duplicate of no case"),
  };
  intake.require(body.duplicate_of.empty() || body.outcome == Outcome::kDuplicate,
                 "only a duplicate names another case");
  return body;
}

Corrected read(wire::Corrected::Reader from, Intake& intake) {
  Corrected body{
      .field = intake.choice(from.getField(), CorrectedField::kClass, "unknown field"),
      .value = intake.code(view_of(from.getValue()), "the corrected value is no code"),
  };
  intake.require(body.field != CorrectedField::kClass || case_class_of(body.value).has_value(),
                 "the corrected class is none");
  return body;
}

CaseId read_case(capnp::Text::Reader from, const char* what, Intake& intake) {
  CaseId id = intake.case_or_none(view_of(from), what);
  intake.require(!id.empty(), what);
  return id;
}

Linked read(wire::Linked::Reader from, const MemberId& with, Intake& intake) {
  return {.relation = intake.choice(from.getRelation(), Relation::kRelated, "unknown relation"),
          .other = read_case(from.getOther(), "linked to no case", intake),
          .with = with,
          .undone = from.getUndone()};
}

Delivered read(wire::Delivered::Reader from, Intake& intake) {
  Delivered body{.offer = read_offer(from.getOffer(), intake), .seen = {}};
  if (from.hasSeen()) body.seen = read_head(from.getSeen(), intake);
  return body;
}

Declined read(wire::Declined::Reader from, Intake& intake) {
  return {.offer = read_offer(from.getOffer(), intake),
          .reason = intake.code(view_of(from.getReason()), "the reason is no code"),
          .suggested = intake.member_or_none(view_of(from.getSuggested()), "suggests no member")};
}

Rated read(wire::Rated::Reader from, Intake& intake) {
  const Rated body{.stars = from.getStars()};
  intake.require(body.stars >= kStarsMin && body.stars <= kStarsMax, "a rating is 1 to 5 stars");
  return body;
}

PrivacyChanged read(wire::PrivacyChanged::Reader from, Intake& intake) {
  return {.privacy = intake.choice(from.getPrivacy(), Privacy::kConfidential, "unknown privacy"),
          .supersedes = read_hashes(from.getSupersedes(), kAfterMax,
                                    "supersedes too many events, or none of a hash", intake)};
}

Escalated read(wire::Escalated::Reader from, Intake& intake) {
  return {.stage = intake.choice(from.getStage(), Stage::kComplete, "no clock that escalates"),
          .cycle = from.getCycle()};
}

PartReported read(wire::PartReported::Reader from, Intake& intake) {
  PartReported body{
      .part = read_case(from.getPart(), "a report of no part", intake),
      .stage = intake.choice(from.getStage(), PartStage::kClosed, "unknown stage of a part"),
      .outcome = intake.choice(from.getOutcome(), Outcome::kExpired, "unknown outcome"),
      .custodian = intake.member(view_of(from.getCustodian()), "a part's custodian"),
  };
  intake.require(body.outcome == Outcome::kResolved || body.stage == PartStage::kClosed,
                 "only a closed part has an outcome");
  return body;
}

GenerationOpened read(wire::GenerationOpened::Reader from, Intake& intake) {
  GenerationOpened body;
  if (from.hasPrevious()) body.previous = read_head(from.getPrevious(), intake);
  return body;
}

KeyRotated read(wire::KeyRotated::Reader from, Intake& intake) {
  intake.require(from.getVersion() > 0, "a key's version is 1 or more");
  intake.require(from.getFromGeneration() > 1, "a new key begins with a later generation");
  return {.version = from.getVersion(),
          .key = intake.set(VerifyKey{words_of(from.getKey())}, "the new key is missing"),
          .from_generation = from.getFromGeneration()};
}

}  // namespace

EventBody read_body(EventKind kind, const MemberId& names, capnp::AnyPointer::Reader from,
                    Intake& intake) {
  switch (kind) {
    case EventKind::kOpened:
      return read(from.getAs<wire::Opened>(), intake);
    case EventKind::kVerified:
      (void)from.getAs<wire::Verified>();
      return Verified{};
    case EventKind::kAssigned:
      return Assigned{
          intake.code(view_of(from.getAs<wire::Assigned>().getUnit()), "the unit is no code")};
    case EventKind::kPostponed:
      return read(from.getAs<wire::Postponed>(), intake);
    case EventKind::kResumed:
      (void)from.getAs<wire::Resumed>();
      return Resumed{};
    case EventKind::kForwarded:
      return read(from.getAs<wire::Forwarded>(), names, intake);
    case EventKind::kRecalled:
      return Recalled{read_offer(from.getAs<wire::Recalled>().getOffer(), intake)};
    case EventKind::kReferred:
      return read(from.getAs<wire::Referred>(), intake);
    case EventKind::kProgress:
      (void)from.getAs<wire::Progress>();
      return Progress{};
    case EventKind::kAnswered:
      (void)from.getAs<wire::Answered>();
      return Answered{};
    case EventKind::kClosed:
      return read(from.getAs<wire::Closed>(), intake);
    case EventKind::kReopened:
      return Reopened{
          intake.code(view_of(from.getAs<wire::Reopened>().getReason()), "the reason is no code")};
    case EventKind::kCorrected:
      return read(from.getAs<wire::Corrected>(), intake);
    case EventKind::kLinked:
      return read(from.getAs<wire::Linked>(), names, intake);
    case EventKind::kDelivered:
      return read(from.getAs<wire::Delivered>(), intake);
    case EventKind::kAccepted:
      return Accepted{read_offer(from.getAs<wire::Accepted>().getOffer(), intake)};
    case EventKind::kDeclined:
      return read(from.getAs<wire::Declined>(), intake);
    case EventKind::kRuled:
      return read(from.getAs<wire::Ruled>(), names, intake);
    case EventKind::kSettled:
      return Settled{read_head(from.getAs<wire::Settled>().getHead(), intake)};
    case EventKind::kReporterReplied:
      (void)from.getAs<wire::ReporterReplied>();
      return ReporterReplied{};
    case EventKind::kRated:
      return read(from.getAs<wire::Rated>(), intake);
    case EventKind::kPrivacyChanged:
      return read(from.getAs<wire::PrivacyChanged>(), intake);
    case EventKind::kNoted:
      (void)from.getAs<wire::Noted>();
      return Noted{};
    case EventKind::kEscalated:
      return read(from.getAs<wire::Escalated>(), intake);
    case EventKind::kKeysDestroyed:
      return KeysDestroyed{intake.set(digest_of(from.getAs<wire::KeysDestroyed>().getBecause()),
                                      "no reason is named")};
    case EventKind::kErased:
      return Erased{
          intake.code(view_of(from.getAs<wire::Erased>().getGround()), "the ground is no code")};
    case EventKind::kLegalHold:
      return LegalHold{from.getAs<wire::LegalHold>().getHolds()};
    case EventKind::kPartReported:
      return read(from.getAs<wire::PartReported>(), intake);
    case EventKind::kLinkAnswered: {
      const auto answer = from.getAs<wire::LinkAnswered>();
      return LinkAnswered{intake.set(digest_of(answer.getLink()), "it answers no link"),
                          answer.getAgrees()};
    }
    case EventKind::kWithdrawn:
      (void)from.getAs<wire::Withdrawn>();
      return Withdrawn{};
    case EventKind::kAppealed:
      return Appealed{
          intake.member(view_of(from.getAs<wire::Appealed>().getTo()), "appealed to no member")};
    case EventKind::kGenerationOpened:
      return read(from.getAs<wire::GenerationOpened>(), intake);
    case EventKind::kKeyRotated:
      return read(from.getAs<wire::KeyRotated>(), intake);
  }
  return UnknownBody{};
}

}  // namespace simpul
