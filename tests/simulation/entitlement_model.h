// Who may hold an enclosure's key, told a second time: protocol/SPEC.md, "Substance". Pure.
#pragma once

#include <set>

#include "tests/simulation/model.h"

namespace simpul::sim {

// As the case stands in `view`.
bool may_hold_key(const MemberId& member, const EnclosureRef& enclosure, EventKind kind,
                  const CaseId& id, const CaseView& view, const Roster& roster);

}  // namespace simpul::sim
