// Legal holds, and which events' texts and files an erasure destroys. Pure. SPEC section "Erasure".
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "protocol/case_docket.h"

namespace simpul {

// The newest `legal-hold` of each member that has the case held, by member: of all that count, or
// of those that `observer` has seen.
std::vector<Ordinal> standing_holds(const CaseGraph& graph, const Docket& docket,
                                    Ordinal observer = kNoOrdinal);

// Why nothing is erased while `by` holds the case. A sentence.
std::string held_by_law(const MemberId& by, const CaseId& id);

// In author order.
std::vector<Ordinal> effective_erasures(const CaseGraph& graph, const Docket& docket);

// Whether one of `erasures` destroys what `ordinal` commits to: it was written without having seen
// it. Never of what is pending, for what that has seen is not known yet.
bool is_erased(const CaseGraph& graph, std::span<const Ordinal> erasures, Ordinal ordinal);

// Who destroyed what it had because of `erasure`: its author, and whoever said so.
std::set<MemberId> confirmed(const CaseGraph& graph, const Docket& docket, Ordinal erasure);

// Who may have had something of it and has not said that it is destroyed: of the audience and the
// hubs.
std::set<MemberId> outstanding(const Erasure& erasure, const CaseState& state,
                               const Roster& roster);

}  // namespace simpul
