// One step of the engine, as its parts see it: the open transaction, the time, and what is to
// leave once it is committed. Lives for one step; never kept.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "node/engine.h"
#include "node/identity.h"
#include "protocol/frame.h"
#include "protocol/roster.h"
#include "storage/store.h"

namespace simpul {

struct Step {
  Tables& tables;
  const Identity& self;
  const Roster& roster;  // without members before there is one
  Random& random;
  Instant now{};
  std::vector<std::pair<LinkId, Frame>> frames;  // released by the commit
  Outputs outputs;                               // released by the commit
  std::set<CaseId> recheck;  // cases whose keys or enclosures changed without a new event

  bool is_hub() const { return roster.is_hub(self.member); }

  void log(LogLevel level, std::string event, std::string text) {
    outputs.push_back(LogOut{level, std::move(event), std::move(text)});
  }
  // For the operator to see until dismissed, besides the log.
  void alert(std::string code, std::string text) {
    tables.local.add_alert({.time = now, .code = code, .text = text});
    log(LogLevel::kError, std::move(code), std::move(text));
  }
};

}  // namespace simpul
