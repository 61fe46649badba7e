// The trial of the invariants: every bug of bugs.h in runs of its own, until it is found.
#pragma once

#include <string>

namespace simpul::sim {

// Prints bug, invariant and seeds needed, a line each; false if one was not found in its seeds, or
// by another invariant than its own, or if the same runs without a bug do not hold. Each trial
// runs in a process of its own, `jobs` at a time, in folders under `scratch`.
bool try_bugs(const std::string& scratch, unsigned jobs);

}  // namespace simpul::sim
