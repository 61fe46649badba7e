// Bugs made on purpose, in what surrounds the product and never in the product: its disk, its
// lines, the model that judges it. Each must be found, by the invariant that is there for it,
// within a stated number of seeds; so the invariants are tested themselves. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/observer.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

// What a bug is made in, and with. Lives as long as the run.
struct Stage {
  Stage(World& country, Observer& judge, std::uint64_t seed)
      : world(country), observer(judge), random(seed, "bug") {}
  World& world;
  Observer& observer;
  Prng random;
};

struct Bug {
  const char* name;
  const char* invariant;    // that must find it
  std::uint64_t seeds_max;  // from seed 1 on, of the trial's runs
  const char* what;
  void (*plant)(Stage& stage);
  bool among_liars = false;  // the trial's runs have members that equivocate
};

const std::vector<Bug>& bugs();
const Bug* find_bug(const std::string& name);
std::vector<std::string> bug_names();

// By where they are made: bugs_*.cc.
std::vector<Bug> disk_bugs();
std::vector<Bug> data_bugs();
std::vector<Bug> key_bugs();
std::vector<Bug> line_bugs();
std::vector<Bug> model_bugs();
std::vector<Bug> bound_bugs();

// A bug waits for so long, that there is something to spoil.
inline constexpr Millis kBugBegins = 30 * 60'000;

// A member that is no hub, the same for the whole run.
MemberNode& draw_victim(Stage& stage);
// Changes a node's store as a step that goes wrong would.
void tamper(MemberNode& node, const std::function<void(Tables&)>& change);

}  // namespace simpul::sim
