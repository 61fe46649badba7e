#include "protocol/entitlement.h"

#include <algorithm>

namespace simpul {
namespace {

std::set<MemberId> those_who_act(const CaseState& state) {
  std::set<MemberId> members{state.id.origin(), state.custodian};
  if (state.offer) members.insert(state.offer->to);
  members.erase(MemberId{});  // the custodian of a case whose opening is not here yet
  return members;
}

}  // namespace

bool is_published(EnclosureRole role) {
  return role == EnclosureRole::kNarrative || role == EnclosureRole::kAnswer;
}

bool has_been_custodian(const CaseState& state, const MemberId& member) {
  return state.id.origin() == member || std::ranges::any_of(state.route, [&](const Epoch& epoch) {
           return epoch.custodian == member;
         });
}

bool is_linked_with(const CaseState& state, const MemberId& member) {
  return std::ranges::find(state.links, member, &CaseLink::with) != state.links.end();
}

std::set<MemberId> entitled(EnclosureRole role, EventKind kind, const CaseState& state,
                            const Roster& roster) {
  if (role == EnclosureRole::kIdentity && state.privacy != Privacy::kPublic) {
    return {state.id.origin()};
  }
  std::set<MemberId> members = those_who_act(state);
  if (is_published(role) && state.privacy == Privacy::kPublic) {
    for (const Member& member : roster.members) {
      if (member.kind == MemberKind::kHub) members.insert(member.id);
    }
  }
  const bool for_the_ruling =
      kind == EventKind::kReferred || kind == EventKind::kDeclined || kind == EventKind::kAppealed;
  if (role == EnclosureRole::kReason && for_the_ruling) members.insert(roster.ruling_hub);
  if (role == EnclosureRole::kReason && kind == EventKind::kLinked) {
    for (const CaseLink& link : state.links) {
      if (!link.with.empty()) members.insert(link.with);
    }
  }
  return members;
}

bool is_barred(EnclosureRole role, const CaseState& state, const Roster& roster,
               const MemberId& member) {
  if (state.privacy == Privacy::kPublic || !state.has_opened()) return false;
  if (!privacy_may_bar(role, roster, member) || member == state.id.origin()) return false;
  return role == EnclosureRole::kIdentity ||
         (!has_been_custodian(state, member) && !those_who_act(state).contains(member));
}

bool privacy_may_bar(EnclosureRole role, const Roster& roster, const MemberId& member) {
  return role == EnclosureRole::kIdentity || (is_published(role) && roster.is_hub(member));
}

}  // namespace simpul
