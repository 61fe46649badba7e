// The fold: opening, then epoch after epoch along the route, then the branches that rulings undid,
// then annotations, then whatever is left.
#include "protocol/case_fold.h"

#include <algorithm>
#include <utility>

#include "protocol/case_annotations.h"
#include "protocol/case_leftovers.h"
#include "protocol/custody.h"
#include "protocol/erasure.h"

namespace simpul {
namespace {

class CaseFold {
 public:
  CaseFold(const CaseId& id, const CaseGraph& graph, const Roster& roster)
      : graph_(graph), view_(view_of(id, graph, roster)), docket_(graph.size()) {
    state_.id = id;
    participants_.origin = id.origin();
  }

  CaseState fold() {
    judge_standing();
    const Ordinal opened = find_opened();
    if (opened != kNoOrdinal) {
      follow({opened, participants_.origin, desk_of(std::get<Opened>(graph_.event(opened).body))},
             Verdict::kEffective);
      for (std::size_t i = 0; i < undone_.size(); ++i) {
        follow(EpochStart(undone_[i]), Verdict::kSuperseded);
      }
      describe_privacy(judge_privacy(view_, opened, participants_, docket_), opened);
      judge_annotations(view_, participants_, docket_);
      describe_opening(graph_.event(opened));
      describe_erasures();
      describe_reporter();
      describe_links();
      describe_audience();
    }
    judge_leftovers(view_, participants_, docket_);
    report();
    return std::move(state_);
  }

 private:
  const Event& event(Ordinal ordinal) const { return graph_.event(ordinal); }

  void judge_standing() {
    for (Ordinal each = 0; each < graph_.size(); ++each) {
      switch (graph_.standing(each)) {
        case CaseGraph::Standing::kSound:
          break;
        case CaseGraph::Standing::kDisputed:
          docket_.judge(each, Verdict::kDisputed);
          break;
        case CaseGraph::Standing::kUnsound:
          docket_.judge(each, Verdict::kVoid, graph_.why(each));
          break;
        case CaseGraph::Standing::kPending:
          docket_.judge(each, Verdict::kPending, graph_.why(each));
          break;
      }
    }
  }

  // The first of the origin's counts.
  Ordinal find_opened() {
    const OrdinalRange own = graph_.by(participants_.origin);
    for (Ordinal each = own.first; each < own.last; ++each) {
      const bool opens = std::holds_alternative<Opened>(event(each).body) && graph_.counts(each);
      if (!opens || !event(each).epoch.is_zero()) continue;
      docket_.judge(each, Verdict::kEffective);
      return each;
    }
    return kNoOrdinal;
  }

  // From an epoch's start to the end of its custody. `verdict` as in Docket::record.
  void follow(EpochStart start, Verdict verdict) {
    while (start.opener != kNoOrdinal) {
      enter(start, verdict);
      EpochRecord record = read_epoch(view_, start, kNoOrdinal);
      const Ordinal ruling = judge_rulings(start, record, verdict);
      if (ruling != kNoOrdinal) record = end_by_ruling(start, record, ruling);
      docket_.record(record, verdict);
      const Ordinal accepted = record.accepted();
      if (ruling != kNoOrdinal && accepted != kNoOrdinal) {
        docket_.judge(accepted, Verdict::kSuperseded);
      }
      note_participants(record);
      const Ordinal successor = ruling != kNoOrdinal ? ruling : accepted;
      if (verdict == Verdict::kEffective) describe_epoch(record, successor == kNoOrdinal);
      if (successor == kNoOrdinal) return;
      start = next_epoch(view_, successor, std::move(record.desk));
    }
  }

  void enter(const EpochStart& start, Verdict verdict) {
    participants_.tenures.push_back({start.opener, start.custodian});
    if (verdict != Verdict::kEffective) return;
    state_.route.push_back({.token = graph_.hash(start.opener),
                            .custodian = start.custodian,
                            .number = static_cast<std::uint32_t>(state_.route.size()),
                            .since = moment_of(event(start.opener))});
  }

  Ordinal judge_rulings(const EpochStart& start, const EpochRecord& record, Verdict verdict) {
    RulingSearch search = find_ruling(view_, start, record);
    docket_.refuse(std::move(search.refused));
    if (search.found != kNoOrdinal) docket_.judge(search.found, verdict);
    return search.found;
  }

  // What the ruling hub had not seen of the epoch is superseded, and so is custody that was
  // accepted meanwhile.
  EpochRecord end_by_ruling(const EpochStart& start, EpochRecord& whole, Ordinal ruling) {
    docket_.record(whole, Verdict::kSuperseded);
    note_participants(whole);
    for (const Ordinal each : whole.effective) {
      if (!graph_.saw(each, ruling)) continue;
      docket_.judge(each, Verdict::kVoid, view_.id.text() + " has passed on by a ruling");
    }
    if (whole.accepted() != kNoOrdinal) {
      undone_.push_back(next_epoch(view_, whole.accepted(), whole.desk));
    }
    return read_epoch(view_, start, end_seen_by(view_, ruling, start.custodian));
  }

  void note_participants(const EpochRecord& record) {
    participants_.offers.insert(participants_.offers.end(), record.offers.begin(),
                                record.offers.end());
    for (const Ordinal each : record.effective) {
      if (std::holds_alternative<Linked>(event(each).body)) participants_.links.push_back(each);
    }
  }

  void describe_epoch(const EpochRecord& record, bool is_last) {
    const OfferLife* const open = record.open_offer();
    for (const OfferLife& offer : record.offers) {
      state_.declines_total += offer.answer != kNoOrdinal && !offer.accepted ? 1 : 0;
    }
    state_.needs_upgrade = state_.needs_upgrade || !record.unknown.empty();
    if (!is_last) return;
    state_.status = record.status();
    state_.custodian = state_.route.back().custodian;
    state_.epoch = state_.route.back().token;
    if (record.referral != kNoOrdinal) state_.referral = graph_.hash(record.referral);
    if (open != nullptr) describe_offer(*open);
    for (const OfferLife& offer : record.offers) {
      if (offer.answer != kNoOrdinal && !offer.accepted) describe_decline(offer);
    }
    describe_desk(record.desk);
  }

  void describe_offer(const OfferLife& open) {
    const auto& forwarded = std::get<Forwarded>(event(open.forwarded).body);
    state_.offer = Offer{.hash = graph_.hash(open.forwarded),
                         .from = graph_.author(open.forwarded),
                         .to = forwarded.to,
                         .due = forwarded.due};
    if (open.recalled != kNoOrdinal) state_.offer->recalled_at = event(open.recalled).time;
  }

  void describe_decline(const OfferLife& offer) {
    const auto& declined = std::get<Declined>(event(offer.answer).body);
    state_.declines.push_back({.hash = graph_.hash(offer.answer),
                               .offer = graph_.hash(offer.forwarded),
                               .by = graph_.author(offer.answer),
                               .reason = declined.reason,
                               .suggested = declined.suggested});
  }

  void describe_desk(const Desk& desk) {
    state_.case_class = desk.case_class;
    state_.region = desk.region;
    state_.category = desk.category;
    state_.unit = desk.unit;
    state_.postponed_until = desk.postponed_until;
    state_.answered_at = desk.answered_at;
    state_.closed_at = desk.closed_at;
    state_.outcome = desk.outcome;
    state_.duplicate_of = desk.duplicate_of;
    state_.reopened_count = desk.reopened_count;
    links_ = desk.links;
  }

  void describe_opening(const Event& opened) {
    state_.channel = std::get<Opened>(opened.body).channel;
    state_.opened_at = moment_of(opened);
  }

  void describe_privacy(const HoldingPrivacy& holding, Ordinal opened) {
    state_.privacy = holding.privacy;
    if (holding.by != opened) state_.privacy_by = graph_.hash(holding.by);
    for (const Ordinal each : holding.standing) {
      state_.privacy_statements.push_back(graph_.hash(each));
    }
  }

  // What the reporter said last, by way of the origin.
  void describe_reporter() {
    const OrdinalRange own = graph_.by(participants_.origin);
    Ordinal withdrawn = kNoOrdinal;
    for (Ordinal each = own.first; each < own.last; ++each) {
      if (!docket_.is_effective(each)) continue;
      const EventBody& body = event(each).body;
      if (const auto* const rated = std::get_if<Rated>(&body)) state_.stars = rated->stars;
      if (std::holds_alternative<Withdrawn>(body)) withdrawn = each;
      if (std::holds_alternative<ReporterReplied>(body)) withdrawn = kNoOrdinal;
      const auto* const appealed = std::get_if<Appealed>(&body);
      if (appealed == nullptr || event(each).epoch != state_.epoch) continue;
      state_.appeal = Appeal{graph_.hash(each), appealed->to, event(each).time};
    }
    if (withdrawn == kNoOrdinal || is_heeded(withdrawn)) return;
    state_.withdrawal = graph_.hash(withdrawn);
  }

  // Whether who closed the case, or opened it again, knew of it.
  bool is_heeded(Ordinal withdrawn) const {
    for (Ordinal each = 0; each < graph_.size(); ++each) {
      const EventKind kind = event(each).kind;
      const bool decides = kind == EventKind::kClosed || kind == EventKind::kReopened;
      if (!decides || !docket_.is_effective(each)) continue;
      const bool own = graph_.author(each) == participants_.origin && withdrawn < each;
      if (own || graph_.saw(each, withdrawn)) return true;
    }
    return false;
  }

  void describe_links() {
    for (const StandingLink& standing : links_) {
      const Linked& link = standing.link;
      const Ordinal by = graph_.find(standing.by);
      CaseLink shown{.hash = standing.by,
                     .relation = link.relation,
                     .other = link.other,
                     .with = link.with,
                     .by = graph_.author(by),
                     .since = event(by).time,
                     .agreed = {},
                     .report = {}};
      if (link.relation == Relation::kHasPart) {
        describe_part(shown);
      } else {
        describe_answer(shown);
      }
      state_.links.push_back(std::move(shown));
    }
  }

  void describe_part(CaseLink& link) {
    const OrdinalRange theirs = graph_.by(link.other.origin());
    for (Ordinal each = theirs.first; each < theirs.last; ++each) {
      const auto* const said = std::get_if<PartReported>(&event(each).body);
      if (said == nullptr || said->part != link.other || !docket_.is_effective(each)) continue;
      link.report = PartReport{said->stage, said->outcome, said->custodian};
    }
  }

  void describe_answer(CaseLink& link) {
    const OrdinalRange theirs = graph_.by(link.with);
    for (Ordinal each = theirs.first; each < theirs.last; ++each) {
      const auto* const said = std::get_if<LinkAnswered>(&event(each).body);
      if (said == nullptr || said->link != link.hash || !docket_.is_effective(each)) continue;
      link.agreed = said->agrees;
    }
  }

  void describe_erasures() {
    erasures_ = effective_erasures(graph_, docket_);
    for (const Ordinal each : erasures_) {
      state_.erasures.push_back({.hash = graph_.hash(each),
                                 .by = graph_.author(each),
                                 .at = event(each).time,
                                 .ground = std::get<Erased>(event(each).body).ground,
                                 .confirmed = confirmed(graph_, docket_, each)});
    }
    std::ranges::stable_sort(state_.erasures, {}, &Erasure::at);
    for (const Ordinal each : standing_holds(graph_, docket_)) {
      state_.holds.push_back({graph_.hash(each), graph_.author(each), event(each).time});
    }
  }

  // Who was ever offered a case, or told of it by a link, may have something of it that is to be
  // erased.
  void describe_audience() {
    state_.audience.insert(participants_.origin);
    for (const Tenure& each : participants_.tenures) state_.audience.insert(each.custodian);
    if (state_.offer) state_.audience.insert(state_.offer->to);
    for (const CaseLink& each : state_.links) add_to_audience(each.with);
    if (erasures_.empty()) return;
    for (const Ordinal each : participants_.links) {
      add_to_audience(std::get<Linked>(event(each).body).with);
    }
    for (const OfferLife& each : participants_.offers) {
      state_.audience.insert(std::get<Forwarded>(event(each.forwarded).body).to);
    }
  }

  void add_to_audience(const MemberId& member) {
    if (!member.empty()) state_.audience.insert(member);
  }

  // Counts, times and the list of verdicts.
  void report() {
    std::vector<Ordinal> shown(graph_.size());
    for (Ordinal each = 0; each < graph_.size(); ++each) shown[each] = each;
    std::ranges::stable_sort(shown, {}, [this](Ordinal each) { return event(each).time; });
    state_.events.reserve(shown.size());
    for (const Ordinal each : shown) report(each);
    state_.missing = graph_.missing();
  }

  void report(Ordinal ordinal) {
    const Event& reported = event(ordinal);
    const Verdict verdict = docket_.verdict(ordinal);
    state_.events.push_back({graph_.hash(ordinal), reported.position, verdict, docket_.why(ordinal),
                             is_erased(graph_, erasures_, ordinal)});
    state_.pending_count += verdict == Verdict::kPending ? 1 : 0;
    state_.void_count += verdict == Verdict::kVoid ? 1 : 0;
    if (verdict != Verdict::kEffective) return;
    state_.updated_at = std::max(state_.updated_at, moment_of(reported));
    if (reported.kind == EventKind::kClosed) {
      state_.closing_logged = std::max(state_.closing_logged, reported.time);
    }
    const auto* const delivered = std::get_if<Delivered>(&reported.body);
    if (delivered != nullptr && state_.offer && delivered->offer == state_.offer->hash) {
      state_.offer->delivered = true;
    }
    if (const auto* const escalated = std::get_if<Escalated>(&reported.body)) {
      state_.escalations.push_back({.hash = graph_.hash(ordinal),
                                    .epoch = reported.epoch,
                                    .stage = escalated->stage,
                                    .cycle = escalated->cycle,
                                    .at = reported.time});
    }
  }

  const CaseGraph& graph_;
  CaseView view_;
  CaseState state_;
  Docket docket_;
  Participants participants_;
  std::vector<EpochStart> undone_;   // custody that a ruling beat
  std::vector<Ordinal> erasures_;    // effective
  std::vector<StandingLink> links_;  // of the last epoch
};

}  // namespace

CaseState fold_graph(const CaseId& id, const CaseGraph& graph, const Roster& roster) {
  return CaseFold(id, graph, roster).fold();
}

std::vector<const CaseEvent*> pointers_to(std::span<const CaseEvent> events) {
  std::vector<const CaseEvent*> pointers;
  pointers.reserve(events.size() + 1);
  for (const CaseEvent& event : events) pointers.push_back(&event);
  return pointers;
}

CaseState fold_case(const CaseId& id, std::span<const CaseEvent> events, const Roster& roster) {
  return fold_graph(id, CaseGraph(id, pointers_to(events)), roster);
}

}  // namespace simpul
