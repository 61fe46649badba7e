// The same move on many cases, one after another: each is checked and recorded as if it were given
// alone, and one that is refused holds up no other. Not for the engine's thread.
#pragma once

#include <functional>
#include <string>

#include "node/engine.h"

namespace simpul {

struct BulkOptions {
  std::string move;      // a command on one case: "case.forward"
  Json filters;          // arguments of case.list; without "custodian": this node's cases
  Json arguments;        // of the move; "template": text to fill for each case
  bool dry_run = false;  // says what would be done, and does nothing
  std::size_t page_size = 1'000;
  std::function<void(std::size_t done, std::size_t of)> progress;  // after each case
};

using BulkCall = std::function<Result<Json>(const std::string& name, const Json& arguments)>;

// {"move", "dry_run", "chosen": how many cases matched, "done": [ids], "refused": [{case, why}]}.
// Which cases is settled before the first is moved. The errors of case.list and of the template;
// and if the node stops on the way, "stopped": why.
Result<Json> bulk_move(const BulkOptions& options, const BulkCall& call);

}  // namespace simpul
