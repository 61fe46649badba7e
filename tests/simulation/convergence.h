// Whether a country that is whole again has come to agree: everyone's journal at every hub,
// every mailbox read, every case the same at all who are entitled to it, every offer delivered.
// Reads stores only; changes nothing.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace simpul::sim {

struct Disagreement {
  const char* invariant;  // hub-agrees, offers-delivered or convergence
  std::string words;
};

// What is not yet so; empty when all is. At most a few of each sort. What tells most comes first.
std::vector<Disagreement> disagreements(World& world);

}  // namespace simpul::sim
