#include "tests/simulation/model_links.h"

#include <algorithm>

namespace simpul::sim {
namespace {

constexpr std::size_t kLinksAtMost = 64;

bool has(const ModelLinks& standing, Relation relation, const std::string& but = "") {
  return std::ranges::any_of(standing, [&](const auto& each) {
    return each.first.first == relation && each.first.second != but;
  });
}

// What is part of something has no parts, and is part of nothing else; so with duplicates.
bool fits(const ModelLinks& standing, Relation relation, const std::string& other) {
  switch (relation) {
    case Relation::kPartOf:
      return !has(standing, Relation::kHasPart) && !has(standing, Relation::kPartOf, other);
    case Relation::kHasPart:
      return !has(standing, Relation::kPartOf);
    case Relation::kDuplicateOf:
      return !has(standing, Relation::kHasDuplicate) &&
             !has(standing, Relation::kDuplicateOf, other);
    case Relation::kHasDuplicate:
      return !has(standing, Relation::kDuplicateOf);
    case Relation::kRelated:
      return true;
  }
  return true;
}

}  // namespace

bool may_link(const ModelLinks& standing, const CaseId& id, const Linked& link) {
  const auto found = standing.find({link.relation, link.other.text()});
  if (link.other == id) return false;
  if (link.undone) return found != standing.end();
  if (found != standing.end()) return found->second.with != link.with;
  return standing.size() < kLinksAtMost && fits(standing, link.relation, link.other.text());
}

void link(ModelLinks& standing, const EventHash& hash, const Linked& link) {
  if (link.undone) {
    standing.erase({link.relation, link.other.text()});
  } else {
    standing[{link.relation, link.other.text()}] = {hash, link.with};
  }
}

}  // namespace simpul::sim
