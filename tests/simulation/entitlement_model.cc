#include "tests/simulation/entitlement_model.h"

#include <algorithm>

namespace simpul::sim {

bool may_hold_key(const MemberId& member, const EnclosureRef& enclosure, EventKind kind,
                  const CaseId& id, const CaseView& view, const Roster& roster) {
  const bool is_public = view.privacy == "public";
  if (member == id.origin()) return true;
  if (enclosure.role == EnclosureRole::kIdentity && !is_public) return false;
  if (member == view.custodian) return true;
  if (view.offer && member == view.offeree) return true;
  switch (enclosure.role) {
    case EnclosureRole::kNarrative:
    case EnclosureRole::kAnswer: {
      const Member* listed = roster.find(member);
      return is_public && listed != nullptr && listed->kind == MemberKind::kHub;
    }
    case EnclosureRole::kReason:
      if (kind == EventKind::kLinked) {
        return std::ranges::any_of(view.links,
                                   [&](const auto& link) { return link.second.with == member; });
      }
      return member == roster.ruling_hub &&
             (kind == EventKind::kReferred || kind == EventKind::kDeclined ||
              kind == EventKind::kAppealed);
    default:
      return false;
  }
}

}  // namespace simpul::sim
