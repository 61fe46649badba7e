// Keeps the rule that a restored node never continues a journal: decides when this node may
// author, and brings a node whose data is older than what others hold of it into its next
// generation. Not thread-safe; owned by the engine.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "node/engine/author.h"
#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

class Recovery {
 public:
  Recovery(Author& author, const EngineOptions& options, Instant started)
      : author_(author), options_(options), started_(started) {}

  // The peer's hello or welcome: what it holds of us.
  void observe(Step& step, Peer& peer);
  // Own journal grew by what a hub sent back; or time passed.
  void look(Step& step);
  // The operator takes the risk: go on without the tail that others hold.
  Result<Json> override_now(Step& step);

  // Own journals to ask a hub for: generation and the size held.
  std::vector<std::pair<JournalId, std::uint64_t>> wanted(Step& step) const;
  bool recovering() const { return target_.has_value(); }
  // True once, after a generation was opened: links must be made anew so that peers subscribe it.
  bool take_reopened() { return std::exchange(reopened_, false); }

 private:
  void open_gate(Step& step);
  void enter_next_generation(Step& step);
  bool needs_no_confirmation(const Step& step) const;
  // A hub has shown nothing beyond what is held here; of data that looks restored, every hub.
  bool is_confirmed(const Step& step) const;
  // What the hubs hold of the own journal is here.
  bool is_caught_up(Step& step) const;
  std::string hubs_not_heard(const Step& step) const;  // for people; empty: all were
  // The only hub there is has no other to ask: it hears its members out for a while.
  bool has_heard_members(const Step& step) const;

  Author& author_;
  const EngineOptions& options_;
  Instant started_;
  std::set<MemberId> hubs_heard_;       // whose hello said what they hold of our journals
  std::optional<HeadRef> target_;       // the highest own head that anyone showed
  std::optional<HeadRef> fetchable_;    // the highest that a hub showed: it sends what it holds
  std::optional<Instant> first_heard_;  // when the first peer said hello
  bool reopened_ = false;
};

}  // namespace simpul
