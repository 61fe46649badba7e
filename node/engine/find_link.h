// A link of a case, as the case stands, by what it is to which other one.
#pragma once

#include <algorithm>

#include "protocol/case_state.h"

namespace simpul {

// nullptr: no such link stands.
inline const CaseLink* find_link(const CaseState& state, Relation relation, const CaseId& other) {
  const auto found = std::ranges::find_if(state.links, [&](const CaseLink& each) {
    return each.relation == relation && each.other == other;
  });
  return found == state.links.end() ? nullptr : &*found;
}

}  // namespace simpul
