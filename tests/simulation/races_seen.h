// What of the situations that are hard to get right came about in a run, counted in what was
// written and not in what was tried: so a run that exercises nothing shows. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "tests/simulation/truth.h"

namespace simpul::sim {

// By name, zeros too.
std::map<std::string, std::uint64_t> races_seen(const Truth& truth);

}  // namespace simpul::sim
