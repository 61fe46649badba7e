// Which privacy a case has: protocol/SPEC.md, "Cases", annotations. Pure.
#pragma once

#include <set>

#include "tests/simulation/causality.h"

namespace simpul::sim {

// The strictest statement that no effective change supersedes. The naive reading takes a change
// as effective if its author ever had the case and did not go below what it had seen.
// `changes`: the sound ones, in any order. `newest_wins`: a mutation, for the trial of bugs.
Privacy standing_privacy(const Causality& causality, const Fact& opening,
                         std::vector<const Fact*> changes, const std::set<MemberId>& ever_custodian,
                         bool newest_wins);

}  // namespace simpul::sim
