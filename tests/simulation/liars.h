// Members that lie. The seed draws which, in how many runs: of six members at most one, and of
// several hubs at most one; in every fourth run nobody does. Each kind of lie has its own rate, is
// counted, and can be left out. What a liar's own node comes to is judged by nobody; what honest
// nodes make of it is, as strictly as without liars. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/liar.h"
#include "tests/simulation/observer.h"
#include "tests/simulation/witness.h"

namespace simpul::sim {

struct LiarOptions {
  std::uint64_t seed = 0;
  std::set<std::string> off;     // kinds of lies that nobody tells in this run
  int times_as_seldom = 1;       // as the table of lies says
  bool shows_all_kinds = false;  // members lie and a hub does, whatever the seed
};

class Liars {
 public:
  Liars(World& world, Witness& witness, Observer& observer, LiarOptions options);

  static std::vector<std::string> kinds();

  // When something is to happen next.
  Millis next() const;
  // What is due by now.
  void act();
  // All tell the truth again, over new links.
  void repent();
  // A new episode begins.
  void resume();
  // What the ruling hub's people do about members that were found out: they settle their journals
  // where the histories part, and rule that others take over their cases.
  void rule();

  const std::set<MemberId>& members() const { return stage_.liars; }
  // How often each kind was told, to what effect ever.
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

 private:
  void choose();
  // When it tells it again.
  Millis next_telling(Liar& liar, const Lie& lie) const;
  void replace_custodian(const MemberId& convicted);
  bool on_send(MemberNode& from, MemberNode& to, LinkId link, Bytes& frame);
  void overhear(Liar& liar, const Bytes& frame, std::size_t peer, bool sent);
  Liar* find(const MemberNode& node);

  World& world_;
  const LiarOptions options_;
  Prng random_;
  std::map<std::string, std::uint64_t> counts_;
  LieStage stage_;
  std::vector<std::unique_ptr<Liar>> liars_;
  std::map<std::pair<std::size_t, std::size_t>, Millis> due_;  // by liar and kind
  std::set<JournalId> settled_;
};

}  // namespace simpul::sim
