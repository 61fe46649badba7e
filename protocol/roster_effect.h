// What a newer roster can change of cases that were folded under an earlier one. Pure.
#pragma once

#include "protocol/roster.h"

namespace simpul {

enum class RosterEffect {
  kNone,   // keys, names, endpoints, suspensions, expiry: no fold and no deadline asks for them
  kVoids,  // members came: an event that named one before it was known was void and may count now
  kAll,    // another policy or another ruling hub: any case may stand otherwise
};

RosterEffect effect_on_cases(const Roster& folded_under, const Roster& now);

}  // namespace simpul
