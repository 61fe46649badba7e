// What the product makes of a case, in the model's words. The one place that knows both. Pure.
#pragma once

#include "storage/store.h"
#include "tests/simulation/model.h"

namespace simpul::sim {

// The case's events as a node holds them. `disputed` tells if any of them is of a forked journal.
std::vector<Fact> facts_of(Tables& tables, const CaseId& id, bool& disputed);

// The product's own fold of the events that the node holds now.
CaseView product_fold(Tables& tables, const CaseId& id, const Roster& roster);

}  // namespace simpul::sim
