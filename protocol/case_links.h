// Links of a case to others: the parts it was split into, the case it duplicates, its duplicates.
// What a custodian says of them, by the rules of one case alone, which are such that no two cases
// can be parts or duplicates of each other in a circle. SPEC section "Links". Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocol/event.h"

namespace simpul {

inline constexpr std::size_t kLinksMax = 64;  // that stand at a time

struct StandingLink {
  EventHash by;  // the `linked` event
  Linked link;
};

// Why the case may not be linked so, or a link not be undone, as `standing` is; a sentence.
std::optional<std::string> link_objection(const CaseId& id, std::span<const StandingLink> standing,
                                          const Linked& link);

// REQUIRES: no link_objection. Keeps `standing` in the order of relation and case.
void apply_link(std::vector<StandingLink>& standing, const EventHash& by, const Linked& link);

}  // namespace simpul
