#include "node/engine/relations.h"

#include <algorithm>
#include <set>
#include <utility>

#include "node/engine/case_marks.h"
#include "node/engine/find_link.h"
#include "protocol/custody.h"
#include "protocol/levels.h"

namespace simpul {
namespace {

// In MetaStore, and the case's id: something about it could not be done, to be looked at again.
constexpr std::string_view kLookAgain = "related-look-again ";
// Of one part, ever: who has it may change its mind as often as it likes, and not use up what its
// origin may write in the whole.
constexpr std::ptrdiff_t kReportsMax = 200;

bool concerns_others(const CaseEvent& held) {
  const EventKind kind = held.event.kind;
  return kind == EventKind::kLinked || kind == EventKind::kWithdrawn ||
         kind == EventKind::kAppealed;
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

// Of a part that nothing was said of it is clear that its origin has it.
bool says_the_same(const std::optional<PartReport>& said, const PartReported& report) {
  if (!said) return report.stage == PartStage::kOpen && report.custodian == report.part.origin();
  return said->stage == report.stage && said->outcome == report.outcome &&
         said->custodian == report.custodian;
}

bool has_ended(const CaseState& state) {
  return state.status == CaseStatus::kClosed || state.status == CaseStatus::kAnswered;
}

const Judged* judged_in(const CaseState& state, const EventHash& hash) {
  const auto found = std::ranges::find(state.events, hash, &Judged::hash);
  return found == state.events.end() ? nullptr : &*found;
}

std::ptrdiff_t reports_on(const CaseId& part, const CaseFile& whole) {
  return std::ranges::count_if(whole.events, [&](const CaseEvent& held) {
    const auto* const said = std::get_if<PartReported>(&held.event.body);
    return said != nullptr && said->part == part;
  });
}

// Whether something came by which parts may have to follow.
bool has_news_for_parts(const CaseFile& whole) {
  return std::ranges::any_of(whole.events, [&](const CaseEvent& held) {
    const EventKind kind = held.event.kind;
    const bool matters = kind == EventKind::kLinked || kind == EventKind::kPrivacyChanged;
    return matters && whole.has_arrived(held.hash);
  });
}

}  // namespace

void Relations::look_at(Step& step, const CaseFile& file, bool wrote) {
  const CaseState& state = file.state;
  if (!state.has_opened() || !std::ranges::any_of(file.events, concerns_others)) return;
  const MemberId& self = step.self.member;
  const bool asked = std::ranges::any_of(state.links, [&](const CaseLink& link) {
    return link.relation == Relation::kDuplicateOf && link.with == self && !link.agreed;
  });
  set_case_mark(step, kLinkAsked, state.id, asked);
  set_case_mark(step, kAppealWaits, state.id, state.appeal && self == step.roster.ruling_hub);
  const bool missed = step.tables.meta.flag(case_mark(kLookAgain, state.id));
  is_owing_ = wrote || !reactions_.may_write();
  if (!is_owing_) act(step, file, missed);
  set_case_mark(step, kLookAgain, state.id, is_owing_);
}

void Relations::catch_up(Step& step) {
  const auto under = reactions_.may_write() ? std::optional(step.roster.version) : std::nullopt;
  if (std::exchange(looked_under_, under) == under || !under) return;
  for (const CaseId& id : cases_marked(step.tables, kLookAgain)) step.recheck.insert(id);
}

void Relations::act(Step& step, const CaseFile& file, bool missed) {
  if (heed_withdrawal(step, file) || heed_appeal(step, file) || tell_whole(step, file)) {
    is_owing_ = true;
    return;
  }
  if (missed || has_news_for_parts(file)) look_at_parts(step, file.state);
  take_back_agreement(step, file);
  look_at_duplicates(step, file.state);
}

bool Relations::write(Step& step, const CaseFile& file, EventBody body) {
  if (reactions_.write(step, file, std::move(body))) return true;
  is_owing_ = true;
  return false;
}

bool Relations::heed_withdrawal(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  if (!state.withdrawal || state.custodian != step.self.member) return false;
  if (state.status == CaseStatus::kClosed) return false;
  if (!state.offer) {
    return write(step, file, Closed{.outcome = Outcome::kWithdrawn, .duplicate_of = {}});
  }
  return !state.offer->recalled_at && write(step, file, Recalled{state.offer->hash});
}

// Of a case that has ended, as far as the hub knows, and to the next level: anything else a person
// there is to decide.
bool Relations::heed_appeal(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  if (!state.appeal || step.self.member != step.roster.ruling_hub) return false;
  const MemberId& to = state.appeal->to;
  return has_ended(state) && to == next_level(state.custodian, step.roster) &&
         write(step, file, Ruled{.offer = {}, .to = to, .ground = kAppealGround});
}

bool Relations::follow_privacy(Step& step, const CaseFile& part, const CaseState& whole) {
  return whole.privacy > part.state.privacy &&
         write(step, part, PrivacyChanged{.privacy = whole.privacy, .supersedes = {}});
}

bool Relations::tell_whole(Step& step, const CaseFile& part) {
  const CaseState& state = part.state;
  const auto link = std::ranges::find(state.links, Relation::kPartOf, &CaseLink::relation);
  if (link == state.links.end() || state.id.origin() != step.self.member) return false;
  const CaseFile whole = files_.open(step.tables, link->other, step.roster);
  const CaseLink* const told = find_link(whole.state, Relation::kHasPart, state.id);
  if (told == nullptr) return false;
  const PartReported report = report_on(state);
  const bool is_due =
      !says_the_same(told->report, report) && reports_on(state.id, whole) < kReportsMax;
  if (is_due) write(step, whole, report);
  return follow_privacy(step, part, whole.state);
}

// The whole may have become more private, or have learnt of its parts only now.
void Relations::look_at_parts(Step& step, const CaseState& whole) {
  for (const CaseLink& link : whole.links) {
    const bool is_ours = link.relation == Relation::kHasPart &&
                         link.other.origin() == step.self.member &&
                         step.tables.cases.get(link.other).has_value();
    if (is_ours) step.recheck.insert(link.other);
  }
}

// Of a case that is said to be a duplicate no more, or of another one now. What this node agreed to
// is in its own events, which nobody else can multiply.
void Relations::take_back_agreement(Step& step, const CaseFile& duplicate) {
  std::set<CaseId> survivors;
  for (const CaseEvent& held : duplicate.events) {
    const auto* const answer = std::get_if<LinkAnswered>(&held.event.body);
    const bool is_own = held.event.position.journal.member == step.self.member;
    if (answer == nullptr || !answer->agrees || !is_own) continue;
    const auto asked = std::ranges::find(duplicate.events, answer->link, &CaseEvent::hash);
    const auto* const linked =
        asked != duplicate.events.end() ? std::get_if<Linked>(&asked->event.body) : nullptr;
    const Judged* const judged = judged_in(duplicate.state, answer->link);
    // What is disputed or waits may count again.
    const bool is_certain = judged != nullptr && judged->verdict != Verdict::kDisputed &&
                            judged->verdict != Verdict::kPending;
    if (linked != nullptr && is_certain) survivors.insert(linked->other);
  }
  for (const CaseLink& link : duplicate.state.links) {
    if (link.relation == Relation::kDuplicateOf) survivors.erase(link.other);
  }
  for (const CaseId& id : survivors) release(step, id, duplicate.state.id);
}

void Relations::release(Step& step, const CaseId& survivor, const CaseId& duplicate) {
  if (!step.tables.cases.get(survivor)) return;
  const CaseFile file = files_.open(step.tables, survivor, step.roster);
  const bool is_said = find_link(file.state, Relation::kHasDuplicate, duplicate) != nullptr;
  if (!is_said || file.state.custodian != step.self.member) return;
  write(
      step, file,
      Linked{.relation = Relation::kHasDuplicate, .other = duplicate, .with = {}, .undone = true});
}

// What could not be taken back while the survivor was on offer, say, may be possible now.
void Relations::look_at_duplicates(Step& step, const CaseState& survivor) {
  if (survivor.custodian != step.self.member) return;
  for (const CaseLink& link : survivor.links) {
    const bool owed = link.relation == Relation::kHasDuplicate &&
                      step.tables.meta.flag(case_mark(kLookAgain, link.other));
    if (owed) step.recheck.insert(link.other);
  }
}

}  // namespace simpul
