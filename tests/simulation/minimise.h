// After a seed broke: the same break with fewer faults, days and members, as few as a bounded
// number of runs finds. Kinds of faults go first, many at a time, then single ones.
#pragma once

#include <string>

#include "tests/simulation/seed_processes.h"

namespace simpul::sim {

// The smallest run found that breaks the same invariant. Says on the standard output how it goes.
// REQUIRES a run that broke.
SeedRun minimise(const std::string& scratch, const SeedRun& broken, unsigned runs_max);

}  // namespace simpul::sim
