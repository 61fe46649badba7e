#include "tests/simulation/model_privacy.h"

#include <algorithm>

namespace simpul::sim {
namespace {

class Statements {
 public:
  Statements(const Causality& causality, const Fact& opening) : causality_(causality) {
    level_[opening.hash] = std::get<Opened>(opening.event.body).privacy;
  }

  // Of all that stands, or of what the author of `at` had seen.
  Privacy strictest(const Fact* at) const {
    Privacy most = Privacy::kPublic;
    for (const auto& [hash, level] : level_) {
      if (at && !causality_.seen(*at, hash)) continue;
      const bool gone = std::ranges::any_of(superseded_, [&](const auto& entry) {
        return entry.second.contains(hash) && (!at || causality_.seen(*at, entry.first));
      });
      if (!gone) most = std::max(most, level);
    }
    return most;
  }

  void take(const Fact& fact, const PrivacyChanged& change) {
    std::set<EventHash>& superseded = superseded_[fact.hash];
    for (const EventHash& hash : change.supersedes) {
      if (causality_.seen(fact, hash)) superseded.insert(hash);
    }
    level_[fact.hash] = change.privacy;
  }

 private:
  const Causality& causality_;
  std::map<EventHash, Privacy> level_;
  std::map<EventHash, std::set<EventHash>> superseded_;  // by the change
};

}  // namespace

Privacy standing_privacy(const Causality& causality, const Fact& opening,
                         std::vector<const Fact*> changes, const std::set<MemberId>& ever_custodian,
                         bool newest_wins) {
  const MemberId& origin = opening.event.position.journal.member;
  // Whoever had seen another's change had seen more than that one.
  std::ranges::stable_sort(changes, {}, [&](const Fact* fact) { return causality.depth(*fact); });
  Statements statements(causality, opening);
  std::optional<Privacy> newest;
  for (const Fact* fact : changes) {
    const auto& change = std::get<PrivacyChanged>(fact->event.body);
    const MemberId& author = fact->event.position.journal.member;
    if (!ever_custodian.contains(author)) continue;
    if (author != origin && change.privacy < statements.strictest(fact)) continue;
    statements.take(*fact, change);
    newest = change.privacy;
  }
  return newest_wins && newest ? *newest : statements.strictest(nullptr);
}

}  // namespace simpul::sim
