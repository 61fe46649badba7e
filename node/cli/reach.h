// How a command reaches the node's data: through the running node, or, for one that only reads,
// from the data of a stopped one. Thread-safe: no state.
#pragma once

#include "node/cli/command_line.h"

namespace simpul {

// Error::kUnavailable when the node is needed and does not run; otherwise what it answered.
Result<Json> reach_node(const GlobalOptions& globals, const std::string& name,
                        const Json& arguments);

// Whether a node listens in this home.
bool node_runs(const std::string& home);

}  // namespace simpul
