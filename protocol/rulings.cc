// Rulings: who may rule, in which order rulings count, and when one ends an epoch.
#include <algorithm>
#include <utility>

#include "protocol/custody.h"
#include "protocol/ruling_hubs.h"

namespace simpul {
namespace {

std::vector<Ordinal> rulings_of(const CaseGraph& graph, const Roster& roster) {
  std::vector<std::pair<std::size_t, Ordinal>> ranked;
  for (Ordinal each = 0; each < graph.size(); ++each) {
    const Event& event = graph.event(each);
    if (!std::holds_alternative<Ruled>(event.body) || !graph.counts(each)) continue;
    if (const auto rank = ruling_rank(roster, event.position)) ranked.emplace_back(*rank, each);
  }
  std::ranges::sort(ranked);
  std::vector<Ordinal> rulings;
  for (const auto& [rank, ordinal] : ranked) rulings.push_back(ordinal);
  return rulings;
}

template <class Body>
std::vector<Ordinal> words_of(const CaseGraph& graph, const MemberId& origin) {
  std::vector<Ordinal> words;
  const OrdinalRange own = graph.by(origin);
  for (Ordinal each = own.first; each < own.last; ++each) {
    const bool is_one = std::holds_alternative<Body>(graph.event(each).body);
    if (is_one && graph.counts(each)) words.push_back(each);
  }
  return words;
}

// What an event's author knew: its causal past, and whatever it authored itself before, even where
// a careless casePrev does not lead there.
bool knew(const CaseGraph& graph, Ordinal event, Ordinal earlier) {
  const bool own = graph.author(event) == graph.author(earlier) && earlier < event;
  return own || graph.saw(event, earlier);
}

// Whether the ruling names an offer that it knew to be unanswered past its due.
bool names_overdue_offer(const CaseGraph& graph, Ordinal ruling, const EpochRecord& record) {
  const Event& event = graph.event(ruling);
  for (const OfferLife& offer : record.offers) {
    if (graph.hash(offer.forwarded) != std::get<Ruled>(event.body).offer) continue;
    const auto& forwarded = std::get<Forwarded>(graph.event(offer.forwarded).body);
    const bool answered = offer.answer != kNoOrdinal && knew(graph, ruling, offer.answer);
    return knew(graph, ruling, offer.forwarded) && !answered && forwarded.due < event.time;
  }
  return false;
}

bool knew_of_appeal(const CaseView& view, Ordinal ruling) {
  return std::ranges::any_of(view.appeals, [&](Ordinal appeal) {
    return view.graph.event(appeal).epoch == view.graph.event(ruling).epoch &&
           knew(view.graph, ruling, appeal);
  });
}

std::optional<std::string> objection(const CaseView& view, Ordinal ruling,
                                     const EpochRecord& record) {
  const CaseGraph& graph = view.graph;
  const auto& ruled = std::get<Ruled>(graph.event(ruling).body);
  if (!can_hold(view.roster, ruled.to)) {
    return ruled.to.text() + " is not a member that can hold cases";
  }
  const Ordinal accepted = record.accepted();
  if (accepted != kNoOrdinal && knew(graph, ruling, accepted)) {
    return view.id.text() + " was accepted by " + graph.author(accepted).text() +
           ", as the ruling hub knew";
  }
  if (is_appeal_ground(ruled.ground)) {
    if (knew_of_appeal(view, ruling)) return std::nullopt;
    return "nobody appealed against how " + view.id.text() + " was dealt with";
  }
  const bool referred = record.referral != kNoOrdinal && knew(graph, ruling, record.referral);
  if (referred || is_suspension_ground(ruled.ground)) return std::nullopt;
  if (names_overdue_offer(graph, ruling, record)) return std::nullopt;
  return view.id.text() + " was not referred, no offer of it is overdue, and its custodian is " +
         "not said to be suspended";
}

}  // namespace

CaseView view_of(const CaseId& id, const CaseGraph& graph, const Roster& roster) {
  const MemberId origin = id.origin();
  return {.id = id,
          .graph = graph,
          .roster = roster,
          .rulings = rulings_of(graph, roster),
          .replies = words_of<ReporterReplied>(graph, origin),
          .appeals = words_of<Appealed>(graph, origin)};
}

bool is_suspension_ground(const std::string& ground) {
  return ground == "suspended" || ground == "quarantined";
}

RulingSearch find_ruling(const CaseView& view, const EpochStart& start, const EpochRecord& record) {
  const EventHash& token = view.graph.hash(start.opener);
  RulingSearch search;
  for (const Ordinal ruling : view.rulings) {
    if (view.graph.event(ruling).epoch != token) continue;
    if (search.found != kNoOrdinal) {
      search.refused.push_back({ruling, "an earlier ruling ended this epoch"});
    } else if (auto why = objection(view, ruling, record)) {
      search.refused.push_back({ruling, std::move(*why)});
    } else {
      search.found = ruling;
    }
  }
  return search;
}

Ordinal end_seen_by(const CaseView& view, Ordinal ruling, const MemberId& custodian) {
  const OrdinalRange own = view.graph.by(custodian);
  Ordinal end = own.last;
  while (end > own.first && !view.graph.saw(ruling, end - 1)) --end;
  return end;
}

}  // namespace simpul
