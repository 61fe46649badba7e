// What happens to a federation's membership while it works: members join, change their keys, are
// split in two; the roster runs out; programs of different ages meet. Each kind has its own rate
// and counter, as faults.h has for what breaks. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/fault_choice.h"
#include "tests/simulation/registrar.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class MembershipFaults {
 public:
  MembershipFaults(World& world, std::uint64_t seed, FaultChoice choice);

  static std::vector<std::string> kinds();

  Millis next() const;
  void act();
  // The roster in force for long, nobody left behind. REQUIRES that all nodes run.
  void heal();
  // The administrator says again what was not done.
  void insist();
  void resume();  // a new episode begins

  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  // Each of them by its name, in order.
  const std::vector<std::string>& happened() const { return happened_; }

 private:
  struct Kind {
    const char* name;
    Millis every;  // on average, in the whole country
    void (MembershipFaults::*begin)();
  };
  static const std::vector<Kind>& table();

  // A member that was split: suspended once its heirs are admitted.
  struct Split {
    MemberId old;
    std::vector<MemberId> heirs;
    bool suspended = false;
  };

  void admission();
  void key_rotation();
  void roster_expiry();
  void member_split();
  void newer_kind();

  MemberNode* join();
  void attend();
  void go_on_with(Split& split);
  void count(const MemberNode& node, const std::string& words);
  void later(Millis delay, std::function<void()> action);

  // Kinds and occurrences have streams of their own, as in faults.h.
  struct Schedule {
    Prng random;
    Millis due = 0;
    std::uint64_t next = 0;  // the number of the occurrence that is due
  };

  World& world_;
  const std::uint64_t seed_;
  Prng attendance_;
  Prng random_;  // of the occurrence that begins
  std::string name_;
  const FaultChoice choice_;
  Registrar registrar_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::string> happened_;
  std::vector<Schedule> schedules_;  // by kind
  Millis attends_ = 0;
  std::multimap<Millis, std::function<void()>> later_;
  std::vector<MemberNode*> newcomers_;
  std::vector<Split> splits_;
};

}  // namespace simpul::sim
