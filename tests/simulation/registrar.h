// The administrator at the ruling hub: looks now and then who asks to be admitted or for another
// signing key, issues rosters and rules cases away from who was suspended. Sees the hub's data and
// gives it commands as a person would. Not thread-safe.
#pragma once

#include <optional>
#include <string>

#include "tests/simulation/world.h"

namespace simpul::sim {

class Registrar {
 public:
  Registrar(World& world, std::uint64_t seed) : world_(world), random_(seed, "registrar") {}

  // Whether the hub may issue rosters: it runs, and has not lost one since begin_episode().
  bool may_issue() const;
  void begin_episode();

  // Admits and confirms some of those who ask.
  void attend();
  void renew(std::optional<Millis> until);  // by the virtual clock; nullopt: for a year
  void suspend(const MemberId& member, bool suspended);
  // Of the open cases of `from`, a suspended member, some to each of the heirs.
  void rule_away(const MemberId& from, const std::vector<MemberId>& heirs);

  // Whether the roster in force at the hub ends within a day, or has ended.
  bool runs_out() const;
  // The member in the roster in force at the hub; nullopt if it is in none.
  std::optional<Member> listed(const MemberId& member) const;

 private:
  MemberNode& hub() const { return *world_.nodes().front(); }
  void give(std::string name, Json arguments);

  World& world_;
  Prng random_;
  std::uint64_t data_replaced_ = 0;  // of the hub, when the episode began
};

}  // namespace simpul::sim
