// What happens to a federation's membership while it works: members join, change their keys, are
// split in two; the roster runs out; programs of different ages meet. Each kind has its own rate
// and counter, as faults.h has for what breaks. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/registrar.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class MembershipFaults {
 public:
  // `off`: kinds that never happen in this run.
  MembershipFaults(World& world, std::uint64_t seed, std::set<std::string> off);

  static std::vector<std::string> kinds();

  Millis next() const;
  void act();
  // The roster in force for long, nobody left behind. REQUIRES that all nodes run.
  void heal();
  // The administrator says again what was not done.
  void insist();
  void resume();  // a new episode begins

  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

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

  World& world_;
  Prng random_;
  const std::set<std::string> off_;
  Registrar registrar_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<Millis> due_;  // by kind
  Millis attends_ = 0;
  std::multimap<Millis, std::function<void()>> later_;
  std::vector<MemberNode*> newcomers_;
  std::vector<Split> splits_;
};

}  // namespace simpul::sim
