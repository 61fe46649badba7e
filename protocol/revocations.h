// What a lost key takes with it: SPEC section "Changing a signing key". Pure.
#pragma once

#include <optional>

#include "protocol/roster.h"

namespace simpul {

// From which index on events of that generation are void: past the last good head that a
// revocation names, up to where the member's next key begins. nullopt: none is.
std::optional<std::uint64_t> revoked_from(const Member& member, std::uint32_t generation);

}  // namespace simpul
