// Cases as the engine sees them at this moment: what the case index holds and, on top, the
// tail of events that are journalled but not yet indexed. The tail lives in memory and is
// rebuilt from the arrivals log, so indexing may lag behind what was acknowledged.
// Not thread-safe; owned by the engine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "node/engine/step.h"
#include "protocol/case_state.h"

namespace simpul {

struct CaseFile {
  std::vector<CaseEvent> events;
  CaseState state;
  // Hashes of the events that came since the last fold, sorted. Absent where all of the case is to
  // be looked at: who is entitled to what changed, or nothing was folded before.
  std::optional<std::vector<EventHash>> fresh;
  // The same, sorted, whatever is to be looked at; empty where nothing came.
  std::vector<EventHash> arrived;

  bool is_fresh(const EventHash& event) const {
    return !fresh || std::ranges::binary_search(*fresh, event);
  }
  bool has_arrived(const EventHash& event) const {
    return std::ranges::binary_search(arrived, event);
  }
};

class CaseFiles {
 public:
  // Forgets the tail and reads it again: at start, and after a failed commit.
  void load(Tables& tables, Instant now);

  // An event was journalled in this transaction.
  void note(const CaseId& id, const EventPosition& position, const EventHash& hash, Instant now);

  // Everything known of a case, folded now.
  CaseFile open(Tables& tables, const CaseId& id, const Roster& roster) const;

  // Takes cases out of the tail into the index: up to `events_max` events. Then shows each case,
  // folded; the visitor may append events, which join the tail.
  void index(Step& step, std::size_t events_max, const std::function<void(const CaseFile&)>& visit);

  // Folds a case again although nothing of it arrived (keys or enclosures did).
  CaseFile refold(Step& step, const CaseId& id);

  std::size_t lag() const { return lag_; }  // events in the tail
  std::optional<Instant> waiting_since() const { return since_; }

 private:
  struct Entry {
    EventPosition position;
    EventHash hash;
  };
  CaseFile refold(Step& step, const CaseId& id, std::vector<EventHash> fresh);

  std::unordered_map<std::string, std::vector<Entry>> tail_;  // by case id
  std::size_t lag_ = 0;
  std::optional<Instant> since_;
};

}  // namespace simpul
