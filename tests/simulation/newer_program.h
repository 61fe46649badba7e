// A member that for a moment runs a program newer than everybody's: it writes of kinds that no
// other, and afterwards not even it itself, knows. Made from the product's own author, for a kind
// is but a number to it.
#pragma once

#include <optional>
#include <string>

#include "tests/simulation/world.h"

namespace simpul::sim {

// Writes one event of a later kind on a case that the member knows: one that changes state where
// `changes_state`, which it does for a case of its own. What was written; nullopt if it may write
// nothing, or has no such case. REQUIRES a node that does not run.
std::optional<std::string> write_newer_kind(World& world, MemberNode& node, bool changes_state,
                                            Prng& random);

}  // namespace simpul::sim
