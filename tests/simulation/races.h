// Situations in which two offices act without knowing of each other, set up on purpose because they
// are rare: each is a short play on a case that two nodes have. What comes of it is up to the
// nodes; races_seen.h counts what did. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/case_row.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Races {
 public:
  // `every`: time between two plays in the whole country, on average.
  Races(World& world, std::uint64_t seed, Millis every);

  Millis next() const;
  void act();

 private:
  using Wanted = std::function<bool(const MemberNode&, const CaseRow&)>;
  struct Found {
    MemberNode* node = nullptr;
    CaseRow row;
  };

  void recall_against_accept();
  void ruling_against_accept();
  void ruling_against_unseen_accept();
  void decline_loop();
  void decline_again(const std::string& id, int rounds);
  void second_offer();
  void reply_to_closing();
  void privacy_after_forwarding();
  void privacy_against_forwarding();
  void erasure_against_writing();
  void offer_unheard();
  void split_under_partition();

  // A case as a running node has it, of those that are wanted.
  std::optional<Found> find(const Wanted& wanted);
  std::optional<Found> find_offer();  // at its custodian, to a node that runs and knows
  std::optional<CaseRow> row_at(MemberNode& node, const CaseId& id);
  // A part that `node` is offered, of a case of that origin's.
  std::optional<CaseId> part_offered(MemberNode& node, const MemberId& origin);
  MemberNode& someone(const MemberNode& but);
  void later(Millis delay, std::function<void()> action);
  void order(MemberNode& node, const char* name, const std::string& id, Json arguments = {});
  void cut_from_first(const MemberNode& node, std::size_t others, bool cut);
  void cut_from_hubs(const MemberNode& node, bool cut);
  void cut_off(const MemberNode& node, bool cut);

  World& world_;
  Prng random_;
  Millis every_;
  Millis due_ = 0;
  std::multimap<Millis, std::function<void()>> later_;
};

}  // namespace simpul::sim
