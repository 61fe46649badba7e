#include "tests/simulation/product_view.h"

#include "protocol/case_state.h"

namespace simpul::sim {

std::vector<Fact> facts_of(Tables& tables, const CaseId& id, bool& disputed) {
  std::vector<Fact> facts;
  disputed = false;
  for (CaseEvent& held : tables.cases.events_of(id)) {
    disputed |= held.disputed;
    facts.push_back({held.hash, std::move(held.event)});
  }
  return facts;
}

CaseView product_fold(Tables& tables, const CaseId& id, const Roster& roster) {
  const CaseState state = fold_case(id, tables.cases.events_of(id), roster);
  CaseView view{.opened = state.has_opened(), .pending = state.pending_count};
  if (!view.opened) return view;
  view.status = name_of(state.status);
  view.custodian = state.custodian;
  view.token = state.epoch;
  for (const Epoch& epoch : state.route) view.tokens.push_back(epoch.token);
  if (state.offer) {
    view.offer = state.offer->hash;
    view.offeree = state.offer->to;
  }
  view.privacy = name_of(state.privacy);
  view.audience = state.audience;
  return view;
}

}  // namespace simpul::sim
