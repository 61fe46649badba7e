// Answers queries from read transactions of its own, beside the engine. Thread-safe. The roster
// is opened once per version, not once per query.
#pragma once

#include <memory>
#include <mutex>

#include "node/engine.h"
#include "node/identity.h"
#include "protocol/roster.h"

namespace simpul {

class QueryDesk {
 public:
  // Both outlive it.
  QueryDesk(const Store& store, const Identity& self) : store_(store), self_(self) {}

  Result<Json> ask(const std::string& name, const Json& arguments, Instant now);

 private:
  Result<std::shared_ptr<const SignedRoster>> roster(Tables& tables);

  const Store& store_;
  const Identity& self_;
  std::mutex mutex_;
  std::shared_ptr<const SignedRoster> roster_ = std::make_shared<const SignedRoster>();
};

}  // namespace simpul
