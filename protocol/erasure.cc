#include "protocol/erasure.h"

#include <algorithm>

namespace simpul {

std::vector<Ordinal> standing_holds(const CaseGraph& graph, const Docket& docket,
                                    Ordinal observer) {
  std::vector<Ordinal> newest;  // one of each member, for ordinals are in author order
  for (Ordinal each = 0; each < graph.size(); ++each) {
    if (graph.event(each).kind != EventKind::kLegalHold || !docket.is_effective(each)) continue;
    if (observer != kNoOrdinal && !graph.saw(observer, each)) continue;
    const bool same = !newest.empty() && graph.author(newest.back()) == graph.author(each);
    if (same) newest.pop_back();
    newest.push_back(each);
  }
  std::erase_if(newest,
                [&](Ordinal each) { return !std::get<LegalHold>(graph.event(each).body).holds; });
  return newest;
}

std::string held_by_law(const MemberId& by, const CaseId& id) {
  return by.text() + " holds " + id.text() + " by law: nothing of it is erased";
}

std::vector<Ordinal> effective_erasures(const CaseGraph& graph, const Docket& docket) {
  std::vector<Ordinal> erasures;
  for (Ordinal each = 0; each < graph.size(); ++each) {
    if (graph.event(each).kind == EventKind::kErased && docket.is_effective(each)) {
      erasures.push_back(each);
    }
  }
  return erasures;
}

bool is_erased(const CaseGraph& graph, std::span<const Ordinal> erasures, Ordinal ordinal) {
  if (graph.standing(ordinal) == CaseGraph::Standing::kPending) return false;
  return std::ranges::any_of(erasures, [&](Ordinal erasure) {
    return erasure != ordinal && !graph.saw(ordinal, erasure);
  });
}

std::set<MemberId> confirmed(const CaseGraph& graph, const Docket& docket, Ordinal erasure) {
  std::set<MemberId> members{graph.author(erasure)};
  for (Ordinal each = 0; each < graph.size(); ++each) {
    const auto* const word = std::get_if<KeysDestroyed>(&graph.event(each).body);
    const bool says_so =
        word != nullptr && word->because == graph.hash(erasure) && docket.is_effective(each);
    if (says_so) members.insert(graph.author(each));
  }
  return members;
}

std::set<MemberId> outstanding(const Erasure& erasure, const CaseState& state,
                               const Roster& roster) {
  std::set<MemberId> members = state.audience;
  for (const Member& member : roster.members) {
    if (member.kind == MemberKind::kHub) members.insert(member.id);
  }
  std::erase_if(members, [&](const MemberId& each) { return erasure.confirmed.contains(each); });
  return members;
}

}  // namespace simpul
