// Runs seeds in processes of their own, several at a time: one that dies takes no other with it,
// and counts as broken.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tests/simulation/run.h"

namespace simpul::sim {

inline constexpr const char* kProcessDied = "process-died";  // in place of an invariant

struct SeedRun {
  RunOptions options;
  RunReport report;
  double seconds = 0;  // real
};

// Asks `next` for runs until it has none, and tells `done` of each, in the order in which they were
// asked for. Their folders are made in `scratch`, and go away with them.
void run_seeds(const std::string& scratch, unsigned jobs,
               const std::function<std::optional<RunOptions>()>& next,
               const std::function<void(const SeedRun&)>& done);
SeedRun run_seed(const std::string& scratch, const RunOptions& options);

}  // namespace simpul::sim
