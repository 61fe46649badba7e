#include "protocol/case_links.h"

#include <algorithm>
#include <tuple>

namespace simpul {
namespace {

auto place_of(const Linked& link) {
  return std::tie(link.relation, link.other);
}

// "a part of 51.03-7K3Q-9XWD"
std::string words_of(const Linked& link) {
  const std::string& other = link.other.text();
  switch (link.relation) {
    case Relation::kPartOf:
      return "a part of " + other;
    case Relation::kHasPart:
      return "the whole of which " + other + " is a part";
    case Relation::kDuplicateOf:
      return "a duplicate of " + other;
    case Relation::kHasDuplicate:
      return "what " + other + " is a duplicate of";
    case Relation::kRelated:
      return "related to " + other;
  }
  return "linked to " + other;
}

// A part has one parent and no parts, a duplicate one survivor and no duplicates.
bool excludes(const Linked& standing, const Linked& link) {
  switch (link.relation) {
    case Relation::kPartOf:
      return standing.relation == Relation::kHasPart ||
             (standing.relation == Relation::kPartOf && standing.other != link.other);
    case Relation::kHasPart:
      return standing.relation == Relation::kPartOf;
    case Relation::kDuplicateOf:
      return standing.relation == Relation::kHasDuplicate ||
             (standing.relation == Relation::kDuplicateOf && standing.other != link.other);
    case Relation::kHasDuplicate:
      return standing.relation == Relation::kDuplicateOf;
    case Relation::kRelated:
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::string> link_objection(const CaseId& id, std::span<const StandingLink> standing,
                                          const Linked& link) {
  if (link.other == id) return id.text() + " cannot be linked to itself";
  const auto same = std::ranges::find_if(
      standing, [&](const StandingLink& each) { return place_of(each.link) == place_of(link); });
  if (link.undone) {
    if (same != standing.end()) return std::nullopt;
    return id.text() + " is not said to be " + words_of(link);
  }
  if (same != standing.end()) {
    if (same->link.with != link.with) return std::nullopt;
    return id.text() + " is said to be " + words_of(link) + " already";
  }
  for (const StandingLink& each : standing) {
    if (!excludes(each.link, link)) continue;
    return id.text() + " is " + words_of(each.link) + ", so it cannot be " + words_of(link);
  }
  if (standing.size() < kLinksMax) return std::nullopt;
  return id.text() + " has " + std::to_string(kLinksMax) + " links, and more it may not have";
}

void apply_link(std::vector<StandingLink>& standing, const EventHash& by, const Linked& link) {
  std::erase_if(standing,
                [&](const StandingLink& each) { return place_of(each.link) == place_of(link); });
  if (link.undone) return;
  const auto after = std::ranges::find_if(
      standing, [&](const StandingLink& each) { return place_of(link) < place_of(each.link); });
  standing.insert(after, {by, link});
}

}  // namespace simpul
