// The fold over a graph already built, for who needs both.
#pragma once

#include "protocol/case_causality.h"

namespace simpul {

// fold_case (case_state.h) over the events of `graph`.
CaseState fold_graph(const CaseId& id, const CaseGraph& graph, const Roster& roster);

// Borrowed pointers to the events, as a CaseGraph takes them.
std::vector<const CaseEvent*> pointers_to(std::span<const CaseEvent> events);

}  // namespace simpul
