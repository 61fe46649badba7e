// The author of this node's own journal: appends events and signs heads. Holds what must be true
// before anything may be authored. Not thread-safe; owned by the engine.
#pragma once

#include <optional>
#include <string>

#include "node/engine/case_files.h"
#include "node/engine/step.h"

namespace simpul {

// Whether this node may author now. Closed while its data may be older than what others hold of
// its journal: a restored node never continues a journal.
struct AuthoringGate {
  bool open = false;
  std::string why;  // when closed: a sentence with what to do
};

class Author {
 public:
  explicit Author(CaseFiles& files) : files_(files) {}

  void set_gate(AuthoringGate gate) { gate_ = std::move(gate); }
  const AuthoringGate& gate() const { return gate_; }

  // Appends an event to the current generation: fills position and time, stores, routes.
  // Error::kUnavailable while the gate is closed.
  Result<EventPosition> append(Step& step, Event event);

  // Opens `generation`, citing the highest head known of the one before.
  Result<void> open_generation(Step& step, std::uint32_t generation, const HeadRef& previous);

  // Signs the head if it grew in this step. Call once, before the commit.
  void sign_head(Step& step);

  // The journal that is written to: the newest generation held, or generation 1.
  static JournalId own_journal(const Step& step);

 private:
  Result<EventPosition> append_to(Step& step, const JournalId& journal, Event event);

  CaseFiles& files_;
  AuthoringGate gate_;
  struct Run {
    JournalId journal;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
  };
  std::optional<Run> run_;  // of this step
};

// Whether this node's own journals of that generation are signed with the key that it has now.
// Those of an earlier key go out under the heads that were signed then.
bool signs_now(const Roster& roster, const Identity& self, const JournalId& own);

// The checkpoint of one of this node's own journals at a size it holds, signed now.
Result<std::string> sign_own_checkpoint(Tables& tables, const Identity& self,
                                        const JournalId& journal, std::uint64_t size);

}  // namespace simpul
