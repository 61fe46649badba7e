#include "protocol/roster_effect.h"

#include <algorithm>

namespace simpul {
namespace {

bool judged_alike(const Roster& before, const Roster& now) {
  return before.federation == now.federation && before.policy == now.policy &&
         before.ruling_hub == now.ruling_hub && before.former_rulings == now.former_rulings;
}

}  // namespace

RosterEffect effect_on_cases(const Roster& folded_under, const Roster& now) {
  if (!judged_alike(folded_under, now)) return RosterEffect::kAll;
  const bool are_still_there = std::ranges::all_of(folded_under.members, [&](const Member& then) {
    const Member* member = now.find(then.id);
    return member != nullptr && member->kind == then.kind;
  });
  if (!are_still_there) return RosterEffect::kAll;
  return now.members.size() == folded_under.members.size() ? RosterEffect::kNone
                                                           : RosterEffect::kVoids;
}

}  // namespace simpul
