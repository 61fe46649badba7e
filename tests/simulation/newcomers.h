// Members who join a country that is at work. Pure but for the keys they draw.
#pragma once

#include <cstddef>
#include <optional>

#include "tests/simulation/roll_call.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

inline constexpr std::size_t kNewcomersMax = 40;

// The seat of the newcomer of that number, from 0: with keys of its own and the hubs' addresses,
// and in no roster yet. REQUIRES number < kNewcomersMax.
Seat newcomer(World& world, std::size_t number, Prng& random);

}  // namespace simpul::sim
