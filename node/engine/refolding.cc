#include "node/engine/refolding.h"

#include <utility>

#include "node/engine/patience.h"

namespace simpul {
namespace {

constexpr std::size_t kCasesPerStep = 200;

}  // namespace

void Refolding::begin(Step& step) {
  towards_ = step.roster.version;
  next_.clear();
  effect_ = RosterEffect::kAll;
  const auto bytes = step.tables.rosters.get(step.tables.meta.counter(kFoldedUnder));
  if (!bytes) return;
  if (const auto before = open_roster(*bytes, step.self.root)) {
    effect_ = effect_on_cases(before->roster, step.roster);
  }
}

void Refolding::look(Step& step) {
  if (step.roster.members.empty() || !is_due(step.roster.version)) return;
  next_look_ = step.now + patience::kIndexDelay;
  if (towards_ != step.roster.version) begin(step);
  if (effect_ != RosterEffect::kNone) {
    CasePage page = step.tables.cases.list({}, kCasesPerStep, next_);
    for (const CaseRow& row : page.rows) {
      if (concerns(row)) step.recheck.insert(row.id);
    }
    next_ = std::move(page.next);
    if (!next_.empty()) return;
  }
  step.tables.meta.set_counter(kFoldedUnder, towards_);
  folded_under_ = towards_;
}

}  // namespace simpul
