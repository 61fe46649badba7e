#include "tests/simulation/model_erasure.h"

#include <algorithm>

namespace simpul::sim {
namespace {

// Whose newest word on it, of those that `at` had seen, is that it holds; nullptr: of all.
std::set<MemberId> holders_seen(const ErasureQuestion& question, const Fact* at) {
  std::set<MemberId> holders;
  for (const MemberId& member : question.participants) {
    for (const Fact* fact : question.causality.of(member)) {
      const auto* hold = std::get_if<LegalHold>(&fact->event.body);
      if (!hold || !question.sound(*fact)) continue;
      if (at && !question.causality.seen(*at, fact->hash)) continue;
      hold->holds ? (void)holders.insert(member) : (void)holders.erase(member);
    }
  }
  return holders;
}

std::set<MemberId> confirmed(const ErasureQuestion& question, const Fact& erasure) {
  std::set<MemberId> members{question.origin};
  for (const MemberId& member : question.participants) {
    for (const Fact* fact : question.causality.of(member)) {
      const auto* word = std::get_if<KeysDestroyed>(&fact->event.body);
      const bool says_so = word && word->because == erasure.hash && question.sound(*fact);
      if (says_so && question.causality.seen(*fact, erasure.hash)) members.insert(member);
    }
  }
  return members;
}

}  // namespace

ErasureView erasures_of(const ErasureQuestion& question) {
  ErasureView view;
  view.holders = holders_seen(question, nullptr);
  for (const Fact* fact : question.causality.of(question.origin)) {
    if (fact->event.kind != EventKind::kErased || !question.sound(*fact)) continue;
    if (!holders_seen(question, fact).empty()) continue;
    view.erasures[fact->hash] = confirmed(question, *fact);
  }
  for (const Fact& fact : question.facts) {
    const bool waits = question.causality.find(fact.hash) == nullptr;
    const bool erased = std::ranges::any_of(view.erasures, [&](const auto& erasure) {
      const EventHash& by = erasure.first;
      if (by == fact.hash || waits || question.causality.seen(fact, by)) return false;
      const Fact& erasing = *question.causality.find(by);
      return !question.misses_unaware || question.causality.seen(erasing, fact.hash);
    });
    if (erased) view.erased.insert(fact.hash);
  }
  return view;
}

}  // namespace simpul::sim
