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
  // Before anything is written in a step: the roster may name another signing key than before.
  void heed_keys(Step& step);
  // Own journal grew by what a hub sent back; or time passed.
  void look(Step& step, Peers& peers);
  // The operator takes the risk: go on without the tail that others hold.
  Result<Json> override_now(Step& step);

  // What a step decides holds once it is committed: after a commit that failed all is as it was
  // when the step began.
  void begin();
  void roll_back();

  // Own journals to ask a hub for, and the size held: where some may be missing here.
  std::vector<std::pair<JournalId, std::uint64_t>> wanted(Step& step) const;
  bool recovering() const { return state_.target.has_value(); }
  // Why this node must not issue rosters now, which others may hold newer ones of; empty: it may.
  std::string roster_doubt(const Step& step) const;
  // True once, after a generation was opened: links must be made anew so that peers subscribe it.
  bool take_reopened() { return std::exchange(state_.reopened, false); }

 private:
  void open_gate(Step& step);
  void look_at_fork(Step& step);
  void enter_next_generation(Step& step);
  void begin_with_new_key(Step& step);
  bool open_next(Step& step, std::uint32_t generation, const HeadRef& previous);
  bool needs_no_confirmation(const Step& step) const;
  // The data looks restored, and those who may know more were not all heard yet.
  bool is_in_doubt(const Step& step) const;
  // A hub has shown nothing beyond what is held here; of data that looks restored, every hub.
  bool is_confirmed(const Step& step) const;
  // Whoever may know more of the own journal than is held here was heard.
  bool has_heard_all(const Step& step) const;
  // What the hubs hold of the own journal is here.
  bool is_caught_up(Step& step, Peers& peers);
  std::string hubs_not_heard(const Step& step) const;  // for people; empty: all were
  bool has_heard_a_hub(const Step& step) const;
  std::string not_heard(const Step& step) const;  // for people
  std::uint32_t next_generation(const Step& step, std::uint32_t previous) const;
  // The only hub there is has no other to ask: it hears its members out for a while.
  bool has_heard_members(const Step& step) const;

  Author& author_;
  const EngineOptions& options_;
  Instant started_;
  struct State {
    std::set<MemberId> heard;            // whose hello said what they hold of our journals
    std::optional<HeadRef> target;       // the highest own head that anyone showed
    std::optional<HeadRef> fetchable;    // the highest that a hub showed: it sends what it holds
    MemberId giver;                      // that hub
    Instant grew{};                      // when it last sent some, or was not linked
    std::uint64_t here = 0;              // of them, then
    std::optional<Instant> first_heard;  // when the first peer said hello
    bool reopened = false;
    bool has_written = false;        // the gate was open since the start
    std::uint64_t roster_shown = 0;  // newest version shown while the data was in doubt
    AuthoringGate gate;
  };
  State state_, before_;
};

}  // namespace simpul
