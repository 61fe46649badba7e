#include "node/engine/relations.h"

#include <algorithm>

#include "node/engine/case_marks.h"
#include "protocol/custody.h"
#include "protocol/levels.h"

namespace simpul {
namespace {

constexpr std::string_view kLookAgain = "related-look-again ";  // in MetaStore, and the case's id

const CaseLink* find_link(const CaseState& state, Relation relation) {
  const auto found = std::ranges::find(state.links, relation, &CaseLink::relation);
  return found == state.links.end() ? nullptr : &*found;
}

void mark(Step& step, std::string_view prefix, const CaseId& id, bool wanted) {
  const std::string name = case_mark(prefix, id);
  if (step.tables.meta.flag(name) != wanted) step.tables.meta.set_flag(name, wanted);
}

PartReported report_on(const CaseState& part) {
  PartReported report{.part = part.id,
                      .stage = PartStage::kOpen,
                      .outcome = Outcome::kResolved,
                      .custodian = part.custodian};
  if (part.status == CaseStatus::kAnswered) report.stage = PartStage::kAnswered;
  if (part.status == CaseStatus::kClosed) {
    report.stage = PartStage::kClosed;
    report.outcome = part.outcome.value_or(Outcome::kResolved);
  }
  return report;
}

bool says_the_same(const std::optional<PartReport>& said, const PartReported& report) {
  return said && said->stage == report.stage && said->outcome == report.outcome &&
         said->custodian == report.custodian;
}

}  // namespace

void Relations::look_at(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  if (!state.has_opened()) return;
  const MemberId& self = step.self.member;
  const bool asked = std::ranges::any_of(state.links, [&](const CaseLink& link) {
    return link.relation == Relation::kDuplicateOf && link.with == self && !link.agreed;
  });
  mark(step, kLinkAsked, state.id, asked);
  mark(step, kAppealWaits, state.id, state.appeal && self == step.roster.ruling_hub);
  const bool is_plain = state.links.empty() && !state.withdrawal && !state.appeal;
  const bool may_concern_us = !is_plain || std::ranges::any_of(file.events, [](const auto& held) {
    return held.event.kind == EventKind::kLinked;
  });
  if (!may_concern_us) return;
  mark(step, kLookAgain, state.id, !reactions_.may_write());
  if (reactions_.may_write()) act(step, file);
}

void Relations::catch_up(Step& step) {
  if (!reactions_.may_write()) return;
  for (const CaseId& id : cases_marked(step.tables, kLookAgain)) step.recheck.insert(id);
}

void Relations::act(Step& step, const CaseFile& file) {
  if (heed_withdrawal(step, file) || heed_appeal(step, file) || tell_whole(step, file)) return;
  look_at_parts(step, file);
  take_back_agreement(step, file);
}

bool Relations::heed_withdrawal(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  if (!state.withdrawal || state.custodian != step.self.member) return false;
  if (state.status == CaseStatus::kClosed) return false;
  if (!state.offer) {
    return reactions_.write(step, file, Closed{.outcome = Outcome::kWithdrawn, .duplicate_of = {}});
  }
  return !state.offer->recalled_at && reactions_.write(step, file, Recalled{state.offer->hash});
}

// To the next level only: anything else a person at the hub is to decide.
bool Relations::heed_appeal(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  if (!state.appeal || step.self.member != step.roster.ruling_hub) return false;
  const MemberId& to = state.appeal->to;
  return to == next_level(state.custodian, step.roster) &&
         reactions_.write(step, file, Ruled{.offer = {}, .to = to, .ground = kAppealGround});
}

bool Relations::follow_privacy(Step& step, const CaseFile& part, const CaseState& whole) {
  return whole.privacy > part.state.privacy &&
         reactions_.write(step, part, PrivacyChanged{.privacy = whole.privacy, .supersedes = {}});
}

bool Relations::tell_whole(Step& step, const CaseFile& part) {
  const CaseState& state = part.state;
  const CaseLink* const link = find_link(state, Relation::kPartOf);
  if (link == nullptr || state.id.origin() != step.self.member) return false;
  const CaseFile whole = files_.open(step.tables, link->other, step.roster);
  const auto told = std::ranges::find_if(whole.state.links, [&](const CaseLink& each) {
    return each.relation == Relation::kHasPart && each.other == state.id;
  });
  if (told == whole.state.links.end()) return false;
  const PartReported report = report_on(state);
  if (!says_the_same(told->report, report)) reactions_.write(step, whole, report);
  return follow_privacy(step, part, whole.state);
}

// It may have become more private, or have learnt of its parts only now.
void Relations::look_at_parts(Step& step, const CaseFile& whole) {
  if (whole.arrived.empty()) return;
  for (const CaseLink& link : whole.state.links) {
    const bool is_ours =
        link.relation == Relation::kHasPart && link.other.origin() == step.self.member;
    if (is_ours) step.recheck.insert(link.other);
  }
}

// Of a case that is said to be a duplicate no more, or of another one now.
void Relations::take_back_agreement(Step& step, const CaseFile& duplicate) {
  for (const CaseEvent& held : duplicate.events) {
    const auto* const linked = std::get_if<Linked>(&held.event.body);
    const bool asked_us = linked != nullptr && linked->relation == Relation::kDuplicateOf &&
                          linked->with == step.self.member;
    if (!asked_us) continue;
    const bool stands = std::ranges::any_of(duplicate.state.links, [&](const CaseLink& link) {
      return link.relation == Relation::kDuplicateOf && link.other == linked->other;
    });
    if (stands) continue;
    const CaseFile survivor = files_.open(step.tables, linked->other, step.roster);
    const bool is_said = std::ranges::any_of(survivor.state.links, [&](const CaseLink& link) {
      return link.relation == Relation::kHasDuplicate && link.other == duplicate.state.id;
    });
    if (!is_said || survivor.state.custodian != step.self.member) continue;
    reactions_.write(step, survivor,
                     Linked{.relation = Relation::kHasDuplicate,
                            .other = duplicate.state.id,
                            .with = {},
                            .undone = true});
  }
}

}  // namespace simpul
