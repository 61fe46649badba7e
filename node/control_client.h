// Asks the node that runs in a home. Used by the command line and by tests. Thread-safe: no
// state; each call is a connection of its own.
#pragma once

#include <chrono>
#include <string>

#include "node/engine.h"
#include "node/home.h"

namespace simpul {

// Error::kUnavailable at once when no node runs there, when it stopped before it answered, or
// when `timeout` passed; otherwise what the node answered.
Result<Json> call_node(const Home& home, const std::string& name, const Json& arguments,
                       std::chrono::milliseconds timeout = std::chrono::seconds{60});

}  // namespace simpul
