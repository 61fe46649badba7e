// Folds that are wrong: the model's, so that it differs from the product's, or the product's as it
// is shown to the observer.
#include "tests/simulation/bugs.h"

namespace simpul::sim {
namespace {

template <Mutation mutation>
void mutate(Stage& stage) {
  stage.observer.mutation = mutation;
}

// Custody follows the last accept that came, not what it answers; where nobody has ruled.
void fold_by_arrival(Stage& stage) {
  stage.observer.fold = [](const CaseId& id, const std::vector<Fact>& facts, const Roster& roster) {
    CaseView view = product_fold(id, facts, roster);
    const bool ruled = std::ranges::any_of(
        facts, [](const Fact& fact) { return fact.event.kind == EventKind::kRuled; });
    if (ruled) return view;
    for (const Fact& fact : facts) {
      const bool takes =
          fact.event.kind == EventKind::kAccepted || fact.event.kind == EventKind::kOpened;
      if (takes && view.opened) view.custodian = fact.event.position.journal.member;
    }
    return view;
  };
}

// Between an accept and the next event nobody has the case.
void fold_without_owner(Stage& stage) {
  stage.observer.fold = [](const CaseId& id, const std::vector<Fact>& facts, const Roster& roster) {
    CaseView view = product_fold(id, facts, roster);
    if (view.offer) view.custodian = MemberId();
    return view;
  };
}

}  // namespace

std::vector<Bug> model_bugs() {
  using enum Mutation;
  return {
      {"custody-by-arrival", kOneCustodian, 3, "the case is whose accept came last",
       fold_by_arrival},
      {"offer-without-owner", kOneCustodian, 3, "while a case is on offer nobody has it",
       fold_without_owner},
      {"decline-ignored", kStateAgrees, 3, "a declined offer stays open", mutate<kDeclineIgnored>},
      {"recall-takes-back", kStateAgrees, 3, "a recall ends the offer unanswered",
       mutate<kRecallTakesBack>},
      {"ruling-ignored", kStateAgrees, 5, "rulings never count", mutate<kRulingIgnored>},
      {"reply-ignored", kStateAgrees, 10, "a reply undoes no closing as expired",
       mutate<kReplyIgnored>},
      {"newest-privacy", kStateAgrees, 10, "the newest statement of privacy holds",
       mutate<kNewestPrivacy>},
      {"erasure-misses", kStateAgrees, 10, "what was written unaware of an erasure stays",
       mutate<kErasureMisses>},
      {"undone-link-stands", kStateAgrees, 20, "links are never undone", mutate<kUndoneLinkStands>},
      {"appeal-ignored", kStateAgrees, 20, "rulings on appeals never count",
       mutate<kAppealIgnored>},
      {"audience-forgets", kStateAgrees, 3, "past custodians leave the audience",
       mutate<kAudienceForgets>},
  };
}

}  // namespace simpul::sim
