// A bad country: what breaks, when, and for how long, all drawn from the seed. Each kind has its
// own rate; several are under way at once. Everything is mended at the end of an episode, and
// no more than one disk is lost or put back in one, which is what the design promises to
// survive. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/fault_choice.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Faults {
 public:
  Faults(World& world, std::uint64_t seed, FaultChoice choice);

  static std::vector<std::string> kinds();

  // What takes days is not cut short: an episode lasts until then.
  Millis busy_until() const { return island_until_; }
  // When something is to happen next.
  Millis next() const;
  // What is due by now.
  void act();
  // Everything whole and running again; clocks right.
  void heal();
  // The hub's administrator says again what was not done: it may not issue rosters at once.
  void insist();
  // A new episode begins.
  void resume();

  // How often each kind happened.
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }
  // Each of them by its name, in order.
  const std::vector<std::string>& happened() const { return happened_; }

 private:
  struct Kind {
    const char* name;
    Millis every;  // on average, in the whole country
    void (Faults::*begin)();
  };
  // Kinds and occurrences have streams of their own: what is left out, or new, shifts no other.
  struct Schedule {
    Prng random;
    Millis due = 0;
    std::uint64_t next = 0;  // the number of the occurrence that is due
  };
  static const std::vector<Kind>& table();

  void slow_lines();
  void resets();
  void flaky_line();
  void cut_one_way();
  void partition();
  void hub_down();
  void storm();
  void crash();
  void power_cut();
  void crash_within_step();
  void failed_commit();
  void disk_restored();
  void disk_lost();
  void clock_forward();
  void clock_back();
  void clock_skew();
  void slow_node();
  void suspension();
  void backup();
  // faults_machine.cc
  void disk_full();
  void map_full();
  void failed_sync();
  void crash_within_commit();
  void rot();
  void clock_years();
  void no_credit();
  void island();

  void give_room(MemberNode& node);
  void cut_off(const std::set<std::size_t>& island, Millis duration);
  MemberNode& any();
  MemberNode* any_running();
  void later(Millis delay, std::function<void()> action);
  void down_for(MemberNode& node, Millis duration, bool quietly);
  void say(const MemberNode& node, const std::string& words);

  World& world_;
  const std::uint64_t seed_;
  Prng random_;  // of the occurrence that begins
  std::string name_;
  const FaultChoice choice_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::string> happened_;
  std::vector<Schedule> schedules_;  // by kind
  std::multimap<Millis, std::function<void()>> later_;
  std::map<std::size_t, std::vector<std::string>> backups_;  // by node
  std::set<MemberId> suspended_;                             // in this episode
  bool disk_touched_ = false;
  Millis island_until_ = 0;
};

}  // namespace simpul::sim
