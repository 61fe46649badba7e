// What simpul-sim prints of its runs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/seed_processes.h"

namespace simpul::sim {

// The command that gives the same run again.
std::string replay_command(const RunOptions& options);
// Of one run, some lines; what was found too, when it broke.
std::string report_text(const SeedRun& run);

// Of all runs together.
class Totals {
 public:
  void add(const SeedRun& run);
  std::uint64_t runs() const { return events_.size(); }
  std::uint64_t broken() const { return broken_.size(); }
  // One line.
  std::string text() const;

 private:
  std::map<std::string, std::uint64_t> faults_, races_, most_;
  std::vector<std::uint64_t> events_;  // by seed
  std::vector<std::uint64_t> broken_;  // seeds
  double virtual_seconds_ = 0, seconds_ = 0;
  std::int64_t slowest_agreement_ms_ = 0, agreement_bound_ms_ = 1, slowest_mending_ms_ = 0;
};

}  // namespace simpul::sim
