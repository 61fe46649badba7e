// Does what a node does by itself about its cases when their time has come (protocol/timers.h),
// while its clock may be gone by. Each is one event of its own journal, decided from the case's
// state alone, so it is done once however often it is looked at. Not thread-safe; owned by the
// engine.
#pragma once

#include "node/engine/clock_check.h"
#include "node/engine/reactions.h"

namespace simpul {

class Timekeeper {
 public:
  Timekeeper(CaseFiles& files, Reactions& reactions) : files_(files), reactions_(reactions) {}

  // Looks once a second at most, at so many cases.
  void look(Step& step, Peers& peers);
  // A commit failed: what was done is to be done again.
  void forget() { next_look_ = {}; }

 private:
  CaseFiles& files_;
  Reactions& reactions_;
  ClockCheck clock_;
  Instant next_look_{};
  Bytes next_;  // page; what cannot be done now must not hold up what comes after it
};

}  // namespace simpul
