// Bits that flip in a database's file while its node is down: in an event or in a chunk of
// ciphertext that the database still refers to.
#pragma once

#include <string>

#include "tests/simulation/member_node.h"

namespace simpul::sim {

// What was altered, in words; empty: it holds nothing to alter yet. REQUIRES a node that does
// not run.
std::string let_rot(MemberNode& node, Prng& random);

}  // namespace simpul::sim
