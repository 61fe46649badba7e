#include "protocol/case_annotations.h"

#include <algorithm>

#include "protocol/erasure.h"

namespace simpul {
namespace {

struct PrivacyStatement {
  Ordinal ordinal;
  Privacy privacy;
  std::vector<Ordinal> superseded_by;
};

// What was ever said about the case's privacy, each statement after those its author had seen.
class PrivacyStatements {
 public:
  PrivacyStatements(const CaseGraph& graph, Ordinal opened) : graph_(graph) {
    const auto& body = std::get<Opened>(graph.event(opened).body);
    statements_.push_back({opened, body.privacy, {}});
  }

  void add(Ordinal change) {
    const auto& body = std::get<PrivacyChanged>(graph_.event(change).body);
    for (PrivacyStatement& each : statements_) {
      const bool listed =
          std::ranges::find(body.supersedes, graph_.hash(each.ordinal)) != body.supersedes.end();
      if (listed && graph_.saw(change, each.ordinal)) each.superseded_by.push_back(change);
    }
    statements_.push_back({change, body.privacy, {}});
  }

  HoldingPrivacy strictest() const {
    return strictest([](Ordinal) { return true; });
  }
  Privacy strictest_seen_by(Ordinal event) const {
    return strictest([&](Ordinal statement) { return graph_.saw(event, statement); }).privacy;
  }

 private:
  // Of several that say the same, the first.
  HoldingPrivacy strictest(const auto& counts) const {
    HoldingPrivacy holding{.by = statements_.front().ordinal};
    for (const PrivacyStatement& each : statements_) {
      if (!counts(each.ordinal) || std::ranges::any_of(each.superseded_by, counts)) continue;
      holding.standing.push_back(each.ordinal);
      if (each.privacy <= holding.privacy) continue;
      holding.privacy = each.privacy;
      holding.by = each.ordinal;
    }
    return holding;
  }

  const CaseGraph& graph_;
  std::vector<PrivacyStatement> statements_;
};

class AnnotationJudge {
 public:
  AnnotationJudge(const CaseView& view, const Participants& participants, Docket& docket)
      : view_(view), graph_(view.graph), participants_(participants), docket_(docket) {}

  void judge(Ordinal ordinal) {
    const Event& event = graph_.event(ordinal);
    if (is_unknown(event)) {
      if (!event.state_changing) docket_.judge(ordinal, Verdict::kUnknown);
    } else if (event.kind == EventKind::kDelivered) {
      judge_delivered(ordinal);
    } else if (event.kind == EventKind::kReporterReplied) {
      settle(ordinal, graph_.author(ordinal) == participants_.origin,
             "only the origin, " + participants_.origin.text() + ", passes on a reporter's reply");
    } else if (event.kind == EventKind::kRated) {
      settle(ordinal, graph_.author(ordinal) == participants_.origin,
             "only the origin, " + participants_.origin.text() + ", passes on a reporter's rating");
    } else if (event.kind == EventKind::kNoted) {
      settle(ordinal, took_part(graph_.author(ordinal)),
             graph_.author(ordinal).text() + " has no part in " + view_.id.text());
    } else if (event.kind == EventKind::kEscalated) {
      judge_escalated(ordinal);
    } else if (event.kind == EventKind::kKeysDestroyed) {
      settle(ordinal, obeys_what_it_names(ordinal),
             "it names no change of privacy and no erasure that its author took part under and had "
             "seen");
    } else if (event.kind == EventKind::kLegalHold) {
      settle(ordinal, took_part(graph_.author(ordinal)),
             graph_.author(ordinal).text() + " has no part in " + view_.id.text());
    } else if (event.kind == EventKind::kErased) {
      judge_erased(ordinal);
    } else if (event.kind == EventKind::kPartReported) {
      judge_part_reported(ordinal);
    } else if (event.kind == EventKind::kLinkAnswered) {
      judge_link_answered(ordinal);
    } else if (event.kind == EventKind::kWithdrawn) {
      settle(ordinal, graph_.author(ordinal) == participants_.origin,
             "only the origin, " + participants_.origin.text() + ", takes back what was reported");
    } else if (event.kind == EventKind::kAppealed) {
      settle(ordinal, graph_.author(ordinal) == participants_.origin,
             "only the origin, " + participants_.origin.text() + ", passes on an appeal");
    }
  }

  // `statements` hold every effective statement that `ordinal` saw.
  void judge_privacy(Ordinal ordinal, const PrivacyStatements& statements) {
    const MemberId& author = graph_.author(ordinal);
    const Privacy before = statements.strictest_seen_by(ordinal);
    if (author == participants_.origin) {
      docket_.judge(ordinal, Verdict::kEffective);
    } else if (!was_custodian(author)) {
      docket_.judge(ordinal, Verdict::kVoid,
                    "only the origin or a custodian may change the privacy of " + view_.id.text());
    } else {
      settle(ordinal, std::get<PrivacyChanged>(graph_.event(ordinal).body).privacy >= before,
             "only the origin, " + participants_.origin.text() + ", may lower the privacy of " +
                 view_.id.text() + ", which is " + name_of(before));
    }
  }

 private:
  bool was_custodian(const MemberId& member) const {
    const auto& tenures = participants_.tenures;
    return std::ranges::find(tenures, member, &Tenure::custodian) != tenures.end();
  }

  void settle(Ordinal ordinal, bool allowed, std::string why) {
    if (allowed) {
      docket_.judge(ordinal, Verdict::kEffective);
    } else {
      docket_.judge(ordinal, Verdict::kVoid, std::move(why));
    }
  }

  const MemberId& offeree(const OfferLife& offer) const {
    return std::get<Forwarded>(graph_.event(offer.forwarded).body).to;
  }

  bool took_part(const MemberId& member) const {
    const auto is_theirs = [&](const OfferLife& offer) { return offeree(offer) == member; };
    return member == participants_.origin || was_custodian(member) || view_.roster.is_hub(member) ||
           std::ranges::any_of(participants_.offers, is_theirs) ||
           std::ranges::any_of(participants_.links, [&](Ordinal each) {
             return std::get<Linked>(graph_.event(each).body).with == member;
           });
  }

  void judge_part_reported(Ordinal ordinal) {
    const CaseId& part = std::get<PartReported>(graph_.event(ordinal).body).part;
    const MemberId& author = graph_.author(ordinal);
    settle(ordinal, author == part.origin() && took_part(author),
           "only the origin of the part, " + part.origin().text() + ", reports on " + part.text() +
               ", where it took part in " + view_.id.text());
  }

  void judge_link_answered(Ordinal ordinal) {
    const Ordinal link = graph_.find(std::get<LinkAnswered>(graph_.event(ordinal).body).link);
    const bool stood = std::ranges::find(participants_.links, link) != participants_.links.end();
    settle(ordinal,
           stood && graph_.saw(ordinal, link) &&
               std::get<Linked>(graph_.event(link).body).with == graph_.author(ordinal),
           "it answers no link that names its author and that it had seen");
  }

  void judge_delivered(Ordinal ordinal) {
    const EventHash& named = std::get<Delivered>(graph_.event(ordinal).body).offer;
    for (const OfferLife& offer : participants_.offers) {
      if (graph_.hash(offer.forwarded) != named) continue;
      return settle(
          ordinal, offeree(offer) == graph_.author(ordinal) && graph_.saw(ordinal, offer.forwarded),
          "only the offeree, " + offeree(offer).text() + ", confirms delivery");
    }
    docket_.judge(ordinal, Verdict::kVoid, "it names an offer that never stood");
  }

  bool obeys_what_it_names(Ordinal ordinal) const {
    const Ordinal because =
        graph_.find(std::get<KeysDestroyed>(graph_.event(ordinal).body).because);
    if (because == kNoOrdinal) return false;
    const EventKind kind = graph_.event(because).kind;
    const bool destroys = kind == EventKind::kPrivacyChanged || kind == EventKind::kErased;
    return destroys && docket_.is_effective(because) && graph_.saw(ordinal, because) &&
           took_part(graph_.author(ordinal));
  }

  void judge_erased(Ordinal ordinal) {
    if (graph_.author(ordinal) != participants_.origin) {
      return docket_.judge(
          ordinal, Verdict::kVoid,
          "only the origin, " + participants_.origin.text() + ", erases " + view_.id.text());
    }
    const auto holds = standing_holds(graph_, docket_, ordinal);
    if (holds.empty()) return docket_.judge(ordinal, Verdict::kEffective);
    docket_.judge(ordinal, Verdict::kVoid, held_by_law(graph_.author(holds.front()), view_.id));
  }

  void judge_escalated(Ordinal ordinal) {
    if (!holds(graph_.author(ordinal), graph_.event(ordinal).epoch)) {
      return docket_.judge(
          ordinal, Verdict::kVoid,
          "only the custodian says that a clock of " + view_.id.text() + " ran out");
    }
    settle(ordinal, !said_before(ordinal), "it was said before that this clock ran out");
  }

  bool holds(const MemberId& member, const EventHash& token) const {
    return std::ranges::any_of(participants_.tenures, [&](const Tenure& tenure) {
      return tenure.custodian == member && graph_.hash(tenure.opener) == token;
    });
  }

  // By the same author, of the same clock and time that it was started.
  bool said_before(Ordinal ordinal) const {
    const Event& event = graph_.event(ordinal);
    for (Ordinal each = graph_.by(graph_.author(ordinal)).first; each < ordinal; ++each) {
      const Event& before = graph_.event(each);
      if (graph_.counts(each) && before.epoch == event.epoch && before.body == event.body) {
        return true;
      }
    }
    return false;
  }

  const CaseView& view_;
  const CaseGraph& graph_;
  const Participants& participants_;
  Docket& docket_;
};

bool is_privacy_change(const Event& event) {
  return event.kind == EventKind::kPrivacyChanged && !is_unknown(event);
}

}  // namespace

void judge_annotations(const CaseView& view, const Participants& participants, Docket& docket) {
  AnnotationJudge judge(view, participants, docket);
  for (const Ordinal each : view.graph.causal_order()) {
    if (view.graph.counts(each) && !docket.is_judged(each)) judge.judge(each);
  }
}

HoldingPrivacy judge_privacy(const CaseView& view, Ordinal opened, const Participants& participants,
                             Docket& docket) {
  AnnotationJudge judge(view, participants, docket);
  PrivacyStatements statements(view.graph, opened);
  for (const Ordinal each : view.graph.causal_order()) {
    if (!view.graph.counts(each) || !is_privacy_change(view.graph.event(each))) continue;
    judge.judge_privacy(each, statements);
    if (docket.is_effective(each)) statements.add(each);
  }
  return statements.strictest();
}

}  // namespace simpul
