#include "protocol/case_leftovers.h"

#include <algorithm>

namespace simpul {
namespace {

const Tenure* tenure_of(const CaseGraph& graph, const Participants& participants,
                        const EventHash& token) {
  const auto& tenures = participants.tenures;
  const auto found = std::ranges::find_if(
      tenures, [&](const Tenure& each) { return graph.hash(each.opener) == token; });
  return found != tenures.end() ? &*found : nullptr;
}

const OfferLife* offer_of(const CaseGraph& graph, const Participants& participants,
                          const EventHash& hash) {
  const auto& offers = participants.offers;
  const auto found = std::ranges::find_if(
      offers, [&](const OfferLife& each) { return graph.hash(each.forwarded) == hash; });
  return found != offers.end() ? &*found : nullptr;
}

std::string why_no_answer(const CaseView& view, const Participants& participants, Ordinal ordinal,
                          const EventHash& offer) {
  const OfferLife* const found = offer_of(view.graph, participants, offer);
  if (found == nullptr) return "it answers an offer that never stood";
  const Event& forwarded = view.graph.event(found->forwarded);
  const MemberId& to = std::get<Forwarded>(forwarded.body).to;
  if (view.graph.author(ordinal) != to) return "only the offeree, " + to.text() + ", may answer";
  const bool cites_it = view.graph.saw(ordinal, found->forwarded) &&
                        view.graph.event(ordinal).epoch == forwarded.epoch;
  if (!cites_it) return "it does not cite the offer that it answers";
  return "the offer was answered before";
}

std::string why_not(const CaseView& view, const Participants& participants, Ordinal ordinal) {
  const Event& event = view.graph.event(ordinal);
  const std::string& id = view.id.text();
  if (event.kind == EventKind::kOpened) {
    return event.position.journal.member == participants.origin
               ? id + " is open already"
               : "only the origin, " + participants.origin.text() + ", may open " + id;
  }
  if (participants.tenures.empty()) return id + " is not open yet";
  if (const auto* accepted = std::get_if<Accepted>(&event.body)) {
    return why_no_answer(view, participants, ordinal, accepted->offer);
  }
  if (const auto* declined = std::get_if<Declined>(&event.body)) {
    return why_no_answer(view, participants, ordinal, declined->offer);
  }
  const bool rules = event.kind == EventKind::kRuled;
  if (!rules && !is_custodians(event.kind)) {
    return std::string("\"") + name_of(event.kind) + "\" is not an event of a case";
  }
  const Tenure* const tenure = tenure_of(view.graph, participants, event.epoch);
  if (tenure == nullptr) return "the epoch it names never began";
  if (rules) return "only the ruling hub, " + view.roster.ruling_hub.text() + ", may rule";
  return "only the custodian, " + tenure->custodian.text() + ", may make " + id + " " +
         name_of(event.kind);
}

}  // namespace

void judge_leftovers(const CaseView& view, const Participants& participants, Docket& docket) {
  for (Ordinal each = 0; each < view.graph.size(); ++each) {
    if (docket.is_judged(each)) continue;
    if (is_unknown(view.graph.event(each))) {
      docket.judge(each, Verdict::kUnknown);
    } else {
      docket.judge(each, Verdict::kVoid, why_not(view, participants, each));
    }
  }
}

}  // namespace simpul
