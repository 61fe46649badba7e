// What will happen to one case of the demo's traffic: decided before it is opened, from the
// seed alone, so that the same seed tells the same stories however fast the machine is. Pure.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/engine.h"

namespace simpul {

struct PlannedMove {
  std::string member;
  std::string command;
  Json arguments;
  std::chrono::milliseconds after;  // the move before it
  std::chrono::milliseconds due{};  // of an offer, from then; zero: as the policy says
};

struct CasePlan {
  std::string origin;
  Json opening;  // arguments of case.open
  std::vector<PlannedMove> moves;
};

CasePlan plan_case(Random& random);

}  // namespace simpul
