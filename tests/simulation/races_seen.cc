#include "tests/simulation/races_seen.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "tests/simulation/causality.h"

namespace simpul::sim {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

// One case, all that was ever written of it, in that order.
class CaseRaces {
 public:
  CaseRaces(const std::vector<Fact>& facts, Counts& counts)
      : facts_(facts), past_(facts), counts_(counts) {}

  void count() {
    for (const Fact& fact : facts_) {
      if (const auto* recalled = std::get_if<Recalled>(&fact.event.body)) recall(fact, *recalled);
      if (const auto* ruled = std::get_if<Ruled>(&fact.event.body)) ruling(fact, *ruled);
      if (const auto* referred = std::get_if<Referred>(&fact.event.body)) referral(*referred);
      if (std::holds_alternative<Escalated>(fact.event.body)) ++counts_["clock-ran-out"];
      if (std::holds_alternative<Forwarded>(fact.event.body)) offer(fact);
      if (std::holds_alternative<Closed>(fact.event.body)) closing(fact);
      if (std::holds_alternative<PrivacyChanged>(fact.event.body)) privacy(fact);
      if (std::holds_alternative<Erased>(fact.event.body)) erasure(fact);
      if (const auto* part = std::get_if<PartReported>(&fact.event.body)) report(fact, *part);
      if (const auto* answer = std::get_if<LinkAnswered>(&fact.event.body)) {
        ++counts_[answer->agrees ? "duplicate-agreed" : "duplicate-not-agreed"];
      }
      if (std::holds_alternative<Withdrawn>(fact.event.body)) ++counts_["withdrawn"];
    }
  }

 private:
  template <class Test>
  bool any(const Test& test) const {
    return std::ranges::any_of(facts_, test);
  }
  bool unseen(const Fact& a, const Fact& b) const {
    return !past_.seen(a, b.hash) && !past_.seen(b, a.hash);
  }

  void recall(const Fact& recall, const Recalled& recalled) {
    counts_["recall-against-accept"] += any([&](const Fact& fact) {
      const auto* accepted = std::get_if<Accepted>(&fact.event.body);
      return accepted && accepted->offer == recalled.offer && unseen(recall, fact);
    });
  }

  // An accept that the ruling hub had not seen; and whether the new custodian had begun to work.
  void ruling(const Fact& ruling, const Ruled& ruled) {
    const bool is_appeal = ruled.ground == "appeal";
    ++counts_[ruled.ground == "suspended" ? "ruling-for-suspension"
              : is_appeal                 ? "ruling-on-appeal"
                                          : "ruling"];
    for (const Fact& accept : facts_) {
      if (!std::holds_alternative<Accepted>(accept.event.body)) continue;
      if (accept.event.epoch != ruling.event.epoch || !unseen(ruling, accept)) continue;
      ++counts_["ruling-against-accept"];
      counts_["ruling-against-work-begun"] += any([&](const Fact& fact) {
        return fact.event.epoch == accept.hash && unseen(fact, ruling);
      });
    }
  }

  void referral(const Referred& referred) {
    if (referred.ground == "max-declines") ++counts_["declined-until-referred"];
    if (referred.ground == "unanswered") ++counts_["unanswered-until-referred"];
  }

  // A second offer in an epoch whose author had not seen a decline of the first. No honest node
  // writes one, so it is counted among the rest only where it came about.
  void offer(const Fact& offer) {
    const bool second = any([&](const Fact& other) {
      if (!std::holds_alternative<Forwarded>(other.event.body)) return false;
      if (other.event.epoch != offer.event.epoch || !past_.seen(offer, other.hash)) return false;
      return !any([&](const Fact& fact) {
        const auto* declined = std::get_if<Declined>(&fact.event.body);
        return declined && declined->offer == other.hash && past_.seen(offer, fact.hash);
      });
    });
    if (second) ++counts_["second-offer-written"];
  }

  void closing(const Fact& closing) {
    for (const Fact& reply : facts_) {
      if (!std::holds_alternative<ReporterReplied>(reply.event.body)) continue;
      if (past_.seen(reply, closing.hash)) ++counts_["reply-after-closing"];
      if (unseen(reply, closing)) ++counts_["reply-against-closing"];
    }
  }

  void privacy(const Fact& change) {
    const auto is_offer = [](const Fact& fact) {
      return std::holds_alternative<Forwarded>(fact.event.body);
    };
    counts_["privacy-after-forwarding"] +=
        any([&](const Fact& fact) { return is_offer(fact) && past_.seen(change, fact.hash); });
    counts_["privacy-against-forwarding"] +=
        any([&](const Fact& fact) { return is_offer(fact) && unseen(change, fact); });
  }

  // And whether the whole went to somebody else, or was closed, meanwhile.
  void report(const Fact& report, const PartReported& part) {
    ++counts_[part.stage == PartStage::kClosed ? "part-closed" : "part-reported"];
    counts_["part-against-custody"] += any([&](const Fact& fact) {
      const bool moves = std::holds_alternative<Accepted>(fact.event.body) ||
                         std::holds_alternative<Ruled>(fact.event.body) ||
                         std::holds_alternative<Closed>(fact.event.body);
      return moves && unseen(report, fact);
    });
  }

  // Confirmed by others; against a hold, or what somebody was writing meanwhile.
  void erasure(const Fact& erasure) {
    for (const Fact& fact : facts_) {
      const auto* word = std::get_if<KeysDestroyed>(&fact.event.body);
      const auto* hold = std::get_if<LegalHold>(&fact.event.body);
      if (word && word->because == erasure.hash) ++counts_["erasure-confirmed"];
      if (!unseen(erasure, fact) || fact.hash == erasure.hash) continue;
      if (hold && hold->holds) ++counts_["erasure-against-hold"];
      if (!fact.event.enclosures.empty()) ++counts_["erasure-against-writing"];
    }
  }

  const std::vector<Fact>& facts_;
  const Causality past_;
  Counts& counts_;
};

}  // namespace

Counts races_seen(const Truth& truth) {
  Counts counts;
  for (const char* name : {"recall-against-accept",
                           "ruling",
                           "ruling-for-suspension",
                           "ruling-against-accept",
                           "ruling-against-work-begun",
                           "declined-until-referred",
                           "unanswered-until-referred",
                           "clock-ran-out",
                           "reply-after-closing",
                           "reply-against-closing",
                           "privacy-after-forwarding",
                           "privacy-against-forwarding",
                           "erasure-confirmed",
                           "erasure-against-writing",
                           "erasure-against-hold",
                           "ruling-on-appeal",
                           "part-reported",
                           "part-closed",
                           "part-against-custody",
                           "duplicate-agreed",
                           "duplicate-not-agreed",
                           "withdrawn"}) {
    counts[name] = 0;
  }
  for (const CaseId& id : truth.cases()) {
    std::vector<Fact> facts;
    for (const EventHash& hash : truth.events_of(id)) {
      facts.push_back({.hash = hash, .event = truth.find(hash)->event});
    }
    // Not of cases in which a liar cites what nobody wrote.
    if (Causality(facts).pending() == 0) CaseRaces(facts, counts).count();
  }
  return counts;
}

}  // namespace simpul::sim
