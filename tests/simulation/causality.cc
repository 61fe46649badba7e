#include "tests/simulation/causality.h"

#include <algorithm>
#include <bit>
#include <set>

namespace simpul::sim {
namespace {

std::vector<EventHash> citations(const Event& event) {
  std::vector<EventHash> cited = event.after;
  for (const EventHash& hash : {event.case_prev, event.epoch}) {
    if (!hash.is_zero()) cited.push_back(hash);
  }
  return cited;
}

// "At most 4096 events of a case are folded: each author's first, then each author's second, ..."
std::vector<EventHash> beyond_the_limit(const std::map<EventHash, const Fact*>& facts) {
  constexpr std::size_t kFolded = 4096;
  if (facts.size() <= kFolded) return {};
  std::map<MemberId, std::set<std::pair<EventPosition, EventHash>>> authors;
  for (const auto& [hash, fact] : facts) {
    const EventPosition& position = fact->event.position;
    authors[position.journal.member].emplace(position, hash);
  }
  std::vector<EventHash> rounds;
  while (rounds.size() < facts.size()) {
    for (auto& [author, left] : authors) {
      if (left.empty()) continue;
      rounds.push_back(left.begin()->second);
      left.erase(left.begin());
    }
  }
  return {rounds.begin() + kFolded, rounds.end()};
}

}  // namespace

Causality::Causality(const std::vector<Fact>& facts) {
  for (const Fact& fact : facts) by_hash_.emplace(fact.hash, &fact);
  const std::size_t held = by_hash_.size();
  for (const EventHash& hash : beyond_the_limit(by_hash_)) by_hash_.erase(hash);
  // Take away what waits, until nothing more does.
  for (bool changed = true; changed;) {
    changed = std::erase_if(by_hash_, [&](const auto& entry) {
                return std::ranges::any_of(citations(entry.second->event), [&](const auto& hash) {
                  return !by_hash_.contains(hash);
                });
              }) > 0;
  }
  pending_ = held - by_hash_.size();
  for (const auto& [hash, fact] : by_hash_) numbers_.emplace(hash, numbers_.size());
  for (const auto& [hash, fact] : by_hash_) {
    if (fact->disputed) continue;
    by_author_[fact->event.position.journal.member].push_back(fact);
  }
  for (auto& [author, own] : by_author_) {
    std::ranges::sort(own, {}, [](const Fact* fact) { return fact->event.position; });
    all_.insert(all_.end(), own.begin(), own.end());
  }
}

const Fact* Causality::find(const EventHash& hash) const {
  const auto found = by_hash_.find(hash);
  return found == by_hash_.end() ? nullptr : found->second;
}

const std::vector<const Fact*>& Causality::of(const MemberId& author) const {
  static const std::vector<const Fact*> kNone;
  const auto found = by_author_.find(author);
  return found == by_author_.end() ? kNone : found->second;
}

const Causality::Past& Causality::past(const Fact& fact) const {
  const auto found = pasts_.find(fact.hash);
  if (found != pasts_.end()) return found->second;
  Past seen(numbers_.size() / 64 + 1);
  for (const EventHash& hash : citations(fact.event)) {
    const std::size_t number = numbers_.at(hash);
    seen[number / 64] |= std::uint64_t{1} << number % 64;
    const Past& further = past(*by_hash_.at(hash));
    for (std::size_t i = 0; i < seen.size(); ++i) seen[i] |= further[i];
  }
  return pasts_.emplace(fact.hash, std::move(seen)).first->second;
}

bool Causality::seen(const Fact& later, const EventHash& earlier) const {
  const auto number = numbers_.find(earlier);
  if (number == numbers_.end()) return false;
  return (past(later)[number->second / 64] >> number->second % 64 & 1) != 0;
}

std::size_t Causality::depth(const Fact& fact) const {
  std::size_t depth = 0;
  for (const std::uint64_t word : past(fact))
    depth += static_cast<std::size_t>(std::popcount(word));
  return depth;
}

bool Causality::known(const Fact& ruling, const EventHash& earlier) const {
  for (const Fact* own : of(ruling.event.position.journal.member)) {
    if (own->event.position > ruling.event.position) break;
    if (own->hash == earlier || seen(*own, earlier)) return true;
  }
  return false;
}

}  // namespace simpul::sim
