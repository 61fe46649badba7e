// Takes one node's own steps of an import, one after the other, as far as its cases allow. Owns
// no thread, reads no clock and never sleeps: round() does what can be done now. Resumable: what
// a case already holds is not done again, so a second run changes nothing.
//
// Not thread-safe. The plan and whatever `call` reaches must outlive it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "node/engine.h"
#include "node/import/import_plan.h"

namespace simpul {

// Executes a command or a query on the running node.
using ImportCall = std::function<Result<Json>(std::string name, Json arguments)>;

class ImportRun {
 public:
  // Counted once all rounds are over; `already` are steps found done.
  struct Counts {
    std::size_t own = 0, done = 0, already = 0, waiting = 0, failed = 0;
  };

  ImportRun(const ImportPlan& plan, MemberId self, ImportCall call);

  // Whether anything was done, or has changed since the last round.
  bool round();
  // Nothing is left to do here: all own steps are taken, or refused for good.
  bool finished() const;
  Counts counts() const;
  // What keeps each unfinished case, and what was refused.
  std::vector<ImportProblem> problems() const;

 private:
  enum class Custody { kUnknown, kOurs, kTheirs };

  struct Progress {
    const PlannedCase* planned;
    std::vector<const ImportStep*> own;
    std::size_t next = 0;
    bool compared = false;                // with what the case holds
    Custody custody = Custody::kUnknown;  // as our own last step left it
    std::size_t events_seen = 0;
    std::size_t already = 0;
    std::string waits_for;
    bool failed = false;

    bool open() const { return next < own.size() && !failed; }
  };

  bool advance(Progress& progress);
  // Passes over the steps that the case already holds. False while it is not here.
  bool compare(Progress& progress);
  void pass_over(Progress& progress, const Json& timeline);
  bool ready(Progress& progress, const ImportStep& step, bool& moved);
  bool take(Progress& progress, const ImportStep& step);
  Json arguments_of(const PlannedCase& planned, const ImportStep& step) const;
  bool refused(Progress& progress, const Error& error);

  const ImportPlan& plan_;
  MemberId self_;
  ImportCall call_;
  std::vector<Progress> progress_;
};

}  // namespace simpul
