// Commands that only read: answered from a read transaction, beside the engine, by a running
// node or on a stopped one's data. Stateless; any thread. Nothing here writes or sends.
#pragma once

#include <string>
#include <string_view>

#include "node/engine.h"
#include "node/identity.h"
#include "protocol/roster.h"
#include "storage/store.h"

namespace simpul {

struct QueryContext {
  Tables& tables;
  const Identity* self;  // null when the keys are not at hand: texts stay closed
  const Roster& roster;  // without members before there is one
  Instant now{};
};

// "case.list", "log.verify", ...: whether run_query knows it.
bool is_query(std::string_view name);

// Error::kNotFound when `name` is no query, or what it names is not held here;
// kMalformed names the argument that is wrong.
Result<Json> run_query(const QueryContext& context, const std::string& name, const Json& arguments);

}  // namespace simpul
