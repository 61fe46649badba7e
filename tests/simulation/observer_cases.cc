// What the observer demands of one case at one node.
#include <algorithm>

#include "tests/simulation/entitlement_model.h"
#include "tests/simulation/observer.h"

namespace simpul::sim {
namespace {

// Whether it was offered the case and declined each time. (Who is passed over by a ruling has
// declined nothing.)
bool has_declined_all(const std::vector<Fact>& facts, const MemberId& self) {
  std::set<EventHash> offers, declined;
  for (const Fact& fact : facts) {
    const auto* forwarded = std::get_if<Forwarded>(&fact.event.body);
    const auto* answer = std::get_if<Declined>(&fact.event.body);
    if (forwarded && forwarded->to == self) offers.insert(fact.hash);
    if (answer && fact.event.position.journal.member == self) declined.insert(answer->offer);
  }
  return !offers.empty() && std::ranges::includes(declined, offers);
}

}  // namespace

std::vector<Fact> Observer::facts_of(Reading& at, const CaseId& id) {
  const Seen& seen = seen_[at.node.index];
  std::map<JournalId, std::optional<JournalHead>> heads;
  std::vector<Fact> facts;
  for (const EventHash& hash : truth_.events_of(id)) {
    const Truth::Record& record = *truth_.find(hash);
    const auto& [journal, index] = record.position;
    const auto held = seen.held.find(journal);
    if (held == seen.held.end() || held->second.size() <= index) continue;
    if (held->second[index] != hash) continue;
    const auto known = heads.find(journal);
    const auto& head =
        known != heads.end()
            ? known->second
            : heads.emplace(journal, at.tables.journals.bare_head(journal)).first->second;
    facts.push_back({hash, record.event, head && head->disputed(index)});
  }
  return facts;
}

std::uint64_t Observer::pending_for_ever(const CaseId& id) const {
  if (rosters_.empty()) return 0;
  std::vector<Fact> facts;
  for (const EventHash& hash : truth_.events_of(id)) {
    facts.push_back({hash, truth_.find(hash)->event});
  }
  return naive_fold(id, facts, rosters_.rbegin()->second).pending;
}

// Some of the facts, with all that they cite. In another order.
std::vector<Fact> Observer::draw_cut(const std::vector<Fact>& facts) {
  std::vector<EventHash> open;
  for (const Fact& fact : facts) {
    if (random_.percent(35)) open.push_back(fact.hash);
  }
  return past_of(facts, std::move(open));
}

// Those of the facts that are open, and all that they cite.
std::vector<Fact> Observer::past_of(const std::vector<Fact>& facts,
                                    std::vector<EventHash> open) const {
  std::map<EventHash, const Fact*> by_hash;
  for (const Fact& fact : facts) by_hash[fact.hash] = &fact;
  std::set<EventHash> taken;
  std::vector<Fact> cut;
  while (!open.empty()) {
    const EventHash hash = open.back();
    open.pop_back();
    const auto found = by_hash.find(hash);
    if (found == by_hash.end() || !taken.insert(hash).second) continue;
    cut.push_back(*found->second);
    const Event& event = found->second->event;
    open.insert(open.end(), event.after.begin(), event.after.end());
    open.push_back(event.case_prev);
    open.push_back(event.epoch);
  }
  return cut;
}

void Observer::check_some_case(MemberNode& node) {
  if (!node.running() || seen_[node.index].replaced) return;
  Reading at(node);
  check_accusations(at);
  for (const auto& [journal, held] : seen_[node.index].held) {
    check_signed(at, journal);
    check_provable(at, journal);
  }
  std::vector<CaseId> ids;
  at.tables.cases.visit_ids([&](const CaseId& id) {
    ids.push_back(id);
    return true;
  });
  if (!ids.empty()) check_case(at, random_.pick(ids));
}

void Observer::check_case(Reading& at, const CaseId& id) {
  const Roster* roster = roster_of(at);
  if (roster == nullptr || !is_indexed(at.tables)) return;
  const std::vector<Fact> facts = facts_of(at, id);
  std::vector<EventHash> hashes;
  for (const Fact& fact : facts) {
    const EventPosition& position = truth_.find(fact.hash)->position;
    if (!check_bytes(at, position, fact.hash)) return;
    hashes.push_back(fact.hash);
  }
  std::vector<EventHash> filed = filed_events(at.tables, id);
  std::ranges::sort(hashes);
  std::ranges::sort(filed);
  const CaseView expected = naive_fold(id, facts, *roster, mutation);
  if (hashes != filed) {
    std::vector<Fact> shown = facts;
    std::erase_if(shown,
                  [&](const Fact& fact) { return !std::ranges::binary_search(filed, fact.hash); });
    const bool ownerless = expected.opened && fold(id, shown, *roster).custodian.empty();
    return report(ownerless ? kOneCustodian : kStateAgrees, at.node, id.text(),
                  "has " + std::to_string(filed.size()) + " of " + std::to_string(hashes.size()) +
                      " events filed");
  }
  check_fold(at, id, facts, *roster);
  check_fold(at, id, draw_cut(facts), *roster);
  check_listing(at, id, expected);
  check_keys(at, id, facts, expected);
  check_erased(at, id, facts, expected);
}

// Neither key nor packet nor ciphertext of what is erased, unless it is another case's too.
void Observer::check_erased(Reading& at, const CaseId& id, const std::vector<Fact>& facts,
                            const CaseView& view) {
  if (!view.holders.empty()) return;
  for (const Fact& fact : facts) {
    if (!view.erased.contains(fact.hash)) continue;
    for (const EnclosureRef& ref : fact.event.enclosures) {
      const Digest& digest = ref.commitment.digest;
      const auto record = at.tables.enclosures.get(digest);
      if (record && record->case_id != id) continue;
      std::string left;
      if (at.tables.packets.key(digest)) left += " its key";
      if (!at.tables.packets.of(digest).empty()) left += " a key packet";
      if (record && record->chunks_held > 0) left += " ciphertext";
      if (at.tables.enclosures.is_wanted(digest)) left += " a wish for it";
      if (left.empty()) continue;
      report(kErasedEverywhere, at.node, id.text(),
             "still has of an erased " + std::string(name_of(ref.role)) + ":" + left);
    }
  }
}

void Observer::check_fold(Reading& at, const CaseId& id, const std::vector<Fact>& facts,
                          const Roster& roster) {
  ++folds_;
  const CaseView expected = naive_fold(id, facts, roster, mutation);
  const CaseView found = fold(id, facts, roster);
  const CaseView again = fold(id, std::vector<Fact>(facts.rbegin(), facts.rend()), roster);
  if (found.opened && (found.custodian.empty() || found.custodian != again.custodian)) {
    return report(kOneCustodian, at.node, id.text(),
                  "'" + found.custodian.text() + "' has it, and in another order '" +
                      again.custodian.text() + "'");
  }
  if (found == expected && again == expected) return;
  report(kStateAgrees, at.node, id.text(),
         "the model says " + describe(expected) + "; the product says " + describe(found) +
             ", in another order " + describe(again));
}

// What the node shows in its lists is what its events say.
void Observer::check_listing(Reading& at, const CaseId& id, const CaseView& expected) {
  const auto listed = listed_case(at.tables, id);
  const bool hub = at.node.kind == MemberKind::kHub;
  if (!expected.opened) return;
  const bool same = listed && listed->opened && listed->status == expected.status &&
                    listed->custodian == expected.custodian &&
                    listed->offeree == expected.offeree && listed->privacy == expected.privacy &&
                    listed->audience == expected.audience && listed->frozen == expected.frozen &&
                    listed->pending == expected.pending;
  if (same) return;
  report(hub ? kHubAgrees : kStateAgrees, at.node, id.text(),
         "its events say " + describe(expected) + "; it lists " +
             (listed ? describe(*listed) : std::string("nothing")));
}

// Whether a raise of the case's privacy took from the member what it may have had before.
bool is_withdrawn(EnclosureRole role, const MemberId& self, const CaseId& id,
                  const std::vector<Fact>& facts, const CaseView& view, bool is_hub) {
  if (view.privacy == "public" || self == id.origin()) return false;
  if (role == EnclosureRole::kIdentity) return true;
  const bool published = role == EnclosureRole::kNarrative || role == EnclosureRole::kAnswer;
  const bool was_given_it = std::ranges::any_of(facts, [&](const Fact& fact) {
    const auto* forwarded = std::get_if<Forwarded>(&fact.event.body);
    const auto* ruled = std::get_if<Ruled>(&fact.event.body);
    return (forwarded && forwarded->to == self) || (ruled && ruled->to == self);
  });
  return is_hub && published && !was_given_it;
}

// No key that was not sent to it, and none left after it declined.
void Observer::check_keys(Reading& at, const CaseId& id, const std::vector<Fact>& facts,
                          const CaseView& view) {
  const MemberId& self = at.node.identity.member;
  const bool hub = at.node.kind == MemberKind::kHub;
  const bool outside = !hub && !view.audience.contains(self) && has_declined_all(facts, self);
  for (const Fact& fact : facts) {
    if (fact.event.position.journal.member == self) continue;
    for (const EnclosureRef& ref : fact.event.enclosures) {
      const Digest& digest = ref.commitment.digest;
      if (!at.tables.packets.key(digest)) continue;
      if (view.opened && !view.frozen && is_withdrawn(ref.role, self, id, facts, view, hub)) {
        report(kEntitledOnly, at.node, id.text(),
               "keeps the key of a " + std::string(name_of(ref.role)) + " of a case that is " +
                   view.privacy);
      }
      if (!outside && granted_.contains({digest, self})) continue;
      report(kEntitledOnly, at.node, id.text(),
             "holds the key of a " + std::string(name_of(ref.role)) +
                 (outside ? " of a case that it declined" : " that nobody sealed to it"));
    }
  }
}

}  // namespace simpul::sim
