// One simulated run: a country, its faults and its officers, in episodes. Each episode ends with
// everything mended, and then all nodes must agree within a bound.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/fault_choice.h"

namespace simpul::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  std::uint64_t members = 9;
  double days = 1;
  FaultChoice faults;
  std::string folder;              // an empty one; for the nodes' data
  std::string bug;                 // one of bugs.h to make; empty: none
  std::int64_t pace_ms = 300'000;  // time between two commands in the whole country, on average
  bool honest = false;             // nobody lies (liars.h)
  bool loud = false;
  bool progress = false;  // how far it is, every few virtual hours, to the standard error
};

struct RunReport {
  std::string broken;                   // the invariant's name; empty: all held
  std::set<std::string> broken_too;     // those that were found broken at the same moment
  std::vector<std::string> words;       // what was found, and the history about it
  std::string digest;                   // of the whole history
  std::uint64_t entries = 0;            // in it
  std::uint64_t events = 0, folds = 0;  // recorded; compared with the model
  std::uint64_t steps = 0, frames = 0, given = 0, recorded = 0, refused = 0, episodes = 0;
  std::map<std::string, std::uint64_t> faults;  // by kind, how often
  std::map<std::string, std::uint64_t> races;   // races_seen.h
  std::map<std::string, std::uint64_t> most;    // how far bounds were used
  std::vector<std::string> happened;            // every fault by its name, in order
  std::int64_t virtual_ms = 0;
  // Of the agreement that came nearest to its bound: the time since the last thing that a person
  // did, and the bound. And the longest from everything mended, people's time included.
  std::int64_t slowest_agreement_ms = 0, agreement_bound_ms = 0, slowest_mending_ms = 0;

  bool held() const { return broken.empty(); }
};

// The run in which a bug is to be found: few members, few faults, much work.
RunOptions trial_options(const std::string& bug, std::uint64_t seed);

RunReport run_once(const RunOptions& options);

}  // namespace simpul::sim
