// Plays planned cases on the nodes, many at once: opens them at a rate and carries out each one's
// moves as they become possible there. Not thread-safe.
#pragma once

#include <chrono>
#include <deque>

#include "node/demo/case_plan.h"
#include "node/demo/demo_federation.h"

namespace simpul {

class Traffic {
 public:
  using Clock = std::chrono::steady_clock;

  Traffic(DemoFederation& federation, Voice& voice, std::uint64_t seed);

  // From now on; 0 opens no more.
  void set_rate(unsigned cases_per_minute);
  // Says nothing from now on.
  void hush() { hushed_ = true; }
  // Everything that is due; an error when a move stays impossible.
  Result<void> play();
  bool is_done() const { return playing_.empty(); }
  std::size_t opened() const { return opened_; }

 private:
  struct Playing {
    std::string id;
    CasePlan plan;
    std::size_t next = 0;
    Clock::time_point due, give_up;
  };
  Result<void> open();
  Result<void> play(Playing& playing);
  void schedule(Playing& playing);
  void tell(const Playing& playing, const PlannedMove& move);
  void say(const std::string& id, const std::string& member, const Words& words);

  DemoFederation& federation_;
  Voice& voice_;
  SeededRandom random_;
  Clock::duration interval_{};
  Clock::time_point next_opening_;
  std::size_t opened_ = 0;
  bool hushed_ = false;
  std::deque<Playing> playing_;
};

}  // namespace simpul
