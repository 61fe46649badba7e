#include "node/engine/timekeeper.h"

#include "node/engine/patience.h"
#include "protocol/timers.h"

namespace simpul {
namespace {

constexpr std::size_t kCasesPerLook = 50;

}  // namespace

void Timekeeper::look(Step& step, Peers& peers) {
  if (step.now < next_look_) return;
  next_look_ = step.now + patience::kLookForTimers;
  clock_.look(step, peers);
  if (!reactions_.may_write() || !clock_.holds()) return;
  CaseFilter filter;
  filter.timer_before = step.now;
  CasePage page = step.tables.cases.list(filter, kCasesPerLook, next_);
  next_ = std::move(page.next);
  const WorkCalendar calendar(step.roster.policy.days_off);
  for (const CaseRow& row : page.rows) {
    const CaseFile file = files_.open(step.tables, row.id, step.roster);
    const auto timer = next_timer(file.state, file.events, step.roster.policy, calendar, step.now,
                                  step.self.member);
    if (timer && timer->due < step.now) {
      reactions_.write(step, file, timer->body);
    } else {  // the row's time is one of long ago: a case that is postponed has none that stays
      files_.refold(step, row.id);
    }
  }
}

}  // namespace simpul
