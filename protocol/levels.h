// To whom an appeal goes. SPEC section "Cases". Pure.
#pragma once

#include "protocol/roster.h"

namespace simpul {

// The level above `member`: a regency's or city's province, where that is a member and not
// suspended; for all others the ruling hub. Empty: nobody is above the ruling hub.
MemberId next_level(const MemberId& member, const Roster& roster);

}  // namespace simpul
