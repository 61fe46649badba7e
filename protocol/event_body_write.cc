// Writes the bodies of the kinds that this version knows.
#include "protocol/capnp_event.h"

namespace simpul {
namespace {

using At = capnp::AnyPointer::Builder;

// Zero hashes are left out: an absent one reads as zero.
template <class Builder>
void set_offer(const EventHash& offer, Builder to) {
  if (!offer.is_zero()) set_words(to.initOffer(), offer.bytes);
}

void write(const UnknownBody&, At) {}
void write(const Opened& body, At at) {
  auto to = at.initAs<wire::Opened>();
  to.setChannel(static_cast<std::uint8_t>(body.channel));
  to.setCaseClass(static_cast<std::uint8_t>(body.case_class));
  to.setPrivacy(static_cast<std::uint8_t>(body.privacy));
  to.setRegion(body.region);
  to.setCategory(body.category);
}
void write(const Verified&, At at) {
  at.initAs<wire::Verified>();
}
void write(const Assigned& body, At at) {
  at.initAs<wire::Assigned>().setUnit(body.unit);
}
void write(const Postponed& body, At at) {
  auto to = at.initAs<wire::Postponed>();
  to.setReason(body.reason);
  to.setUntil(body.until.time_since_epoch().count());
}
void write(const Resumed&, At at) {
  at.initAs<wire::Resumed>();
}
void write(const Forwarded& body, At at) {
  auto to = at.initAs<wire::Forwarded>();
  to.setDue(body.due.time_since_epoch().count());
  to.setReason(body.reason);
}
void write(const Recalled& body, At at) {
  set_offer(body.offer, at.initAs<wire::Recalled>());
}
void write(const Referred& body, At at) {
  auto to = at.initAs<wire::Referred>();
  to.setGround(body.ground);
  set_offer(body.offer, to);
}
void write(const Progress&, At at) {
  at.initAs<wire::Progress>();
}
void write(const Answered&, At at) {
  at.initAs<wire::Answered>();
}
void write(const Closed& body, At at) {
  auto to = at.initAs<wire::Closed>();
  to.setOutcome(static_cast<std::uint8_t>(body.outcome));
  if (!body.duplicate_of.empty()) to.setDuplicateOf(body.duplicate_of.text());
}
void write(const Reopened& body, At at) {
  at.initAs<wire::Reopened>().setReason(body.reason);
}
void write(const Corrected& body, At at) {
  auto to = at.initAs<wire::Corrected>();
  to.setField(static_cast<std::uint8_t>(body.field));
  to.setValue(body.value);
}
void write(const Linked& body, At at) {
  auto to = at.initAs<wire::Linked>();
  to.setRelation(static_cast<std::uint8_t>(body.relation));
  to.setOther(body.other.text());
  to.setUndone(body.undone);
}
void write(const Delivered& body, At at) {
  auto to = at.initAs<wire::Delivered>();
  set_offer(body.offer, to);
  if (body.seen != HeadRef{}) write_head(body.seen, to.initSeen());
}
void write(const Accepted& body, At at) {
  set_offer(body.offer, at.initAs<wire::Accepted>());
}
void write(const Declined& body, At at) {
  auto to = at.initAs<wire::Declined>();
  set_offer(body.offer, to);
  to.setReason(body.reason);
  if (!body.suggested.empty()) to.setSuggested(body.suggested.text());
}
void write(const Ruled& body, At at) {
  auto to = at.initAs<wire::Ruled>();
  set_offer(body.offer, to);
  to.setGround(body.ground);
}
void write(const Settled& body, At at) {
  write_head(body.head, at.initAs<wire::Settled>().initHead());
}
void write(const ReporterReplied&, At at) {
  at.initAs<wire::ReporterReplied>();
}
void write(const Rated& body, At at) {
  at.initAs<wire::Rated>().setStars(body.stars);
}
void write(const PrivacyChanged& body, At at) {
  auto to = at.initAs<wire::PrivacyChanged>();
  to.setPrivacy(static_cast<std::uint8_t>(body.privacy));
  if (body.supersedes.empty()) return;
  write_hashes(body.supersedes, to.initSupersedes(list_size(body.supersedes)));
}
void write(const Noted&, At at) {
  at.initAs<wire::Noted>();
}
void write(const Escalated& body, At at) {
  auto to = at.initAs<wire::Escalated>();
  to.setStage(static_cast<std::uint8_t>(body.stage));
  to.setCycle(body.cycle);
}
void write(const KeysDestroyed& body, At at) {
  set_words(at.initAs<wire::KeysDestroyed>().initBecause(), body.because.bytes);
}
void write(const Erased& body, At at) {
  at.initAs<wire::Erased>().setGround(body.ground);
}
void write(const LegalHold& body, At at) {
  at.initAs<wire::LegalHold>().setHolds(body.holds);
}
void write(const PartReported& body, At at) {
  auto to = at.initAs<wire::PartReported>();
  to.setPart(body.part.text());
  to.setStage(static_cast<std::uint8_t>(body.stage));
  to.setOutcome(static_cast<std::uint8_t>(body.outcome));
  to.setCustodian(body.custodian.text());
}
void write(const LinkAnswered& body, At at) {
  auto to = at.initAs<wire::LinkAnswered>();
  set_words(to.initLink(), body.link.bytes);
  to.setAgrees(body.agrees);
}
void write(const Withdrawn&, At at) {
  at.initAs<wire::Withdrawn>();
}
void write(const Appealed& body, At at) {
  at.initAs<wire::Appealed>().setTo(body.to.text());
}
void write(const GenerationOpened& body, At at) {
  auto to = at.initAs<wire::GenerationOpened>();
  if (body.previous != HeadRef{}) write_head(body.previous, to.initPrevious());
}
void write(const KeyRotated& body, At at) {
  auto to = at.initAs<wire::KeyRotated>();
  to.setVersion(body.version);
  set_words(to.initKey(), body.key.bytes);
  to.setFromGeneration(body.from_generation);
}

}  // namespace

void write_body(const EventBody& body, capnp::AnyPointer::Builder to) {
  std::visit([&](const auto& known) { write(known, to); }, body);
}

MemberId names_of(const EventBody& body) {
  if (const auto* forwarded = std::get_if<Forwarded>(&body)) return forwarded->to;
  if (const auto* ruled = std::get_if<Ruled>(&body)) return ruled->to;
  if (const auto* linked = std::get_if<Linked>(&body)) return linked->with;
  return {};
}

}  // namespace simpul
