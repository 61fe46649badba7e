#include "protocol/timers.h"

#include <algorithm>

#include "protocol/clock_history.h"

namespace simpul {
namespace {

class Earliest {
 public:
  void offer(Instant due, EventBody body) {
    if (!timer_ || due < timer_->due) timer_ = Timer{due, std::move(body)};
  }
  std::optional<Timer> take() { return std::move(timer_); }

 private:
  std::optional<Timer> timer_;
};

void of_offer(const CaseState& state, Earliest& earliest) {
  const Offer& offer = *state.offer;
  if (!offer.recalled_at) return earliest.offer(offer.due, Recalled{offer.hash});
  earliest.offer(std::max(offer.due, *offer.recalled_at) + kRecallWait,
                 Referred{.ground = "unanswered", .offer = offer.hash});
}

// Only completion is begun again, by reopening.
std::uint32_t cycle_of(const CaseState& state, Stage stage) {
  return stage == Stage::kComplete ? state.reopened_count : 0;
}

bool was_said(const CaseState& state, const Escalated& escalated) {
  return std::ranges::any_of(state.escalations, [&](const Escalation& said) {
    return said.epoch == state.epoch && said.stage == escalated.stage &&
           said.cycle == escalated.cycle;
  });
}

void of_clocks(const CaseState& state, const ClockHistory& history, const ClockPolicy& policy,
               const DayCount& days, Earliest& earliest) {
  for (const ClockSpan& span : clock_spans(history, state.case_class, policy)) {
    if (span.stage == Stage::kReply) {
      if (state.status != CaseStatus::kAnswered || span.stopped) continue;
      earliest.offer(days.due(span), Closed{.outcome = Outcome::kExpired, .duplicate_of = {}});
      continue;
    }
    const Escalated escalated{.stage = span.stage, .cycle = cycle_of(state, span.stage)};
    if (!span.binds() || was_said(state, escalated)) continue;
    // What had run out before the case came here was imported late, and is no news.
    const Instant due = days.due(span);
    if (due > history.opening_logged) earliest.offer(due, escalated);
  }
}

void of_custodian(const CaseState& state, const ClockHistory& history, const Policy& policy,
                  const WorkCalendar& calendar, Instant now, Earliest& earliest) {
  if (state.status == CaseStatus::kForwarded && state.offer) of_offer(state, earliest);
  const bool ends = state.postponed_until && *state.postponed_until != Instant{};
  if (state.status == CaseStatus::kPostponed && ends) {
    earliest.offer(*state.postponed_until, Resumed{});
  }
  const DayCount days(history, zone_of_case(state), calendar, now);
  of_clocks(state, history, policy.clocks, days, earliest);
}

// From the time that the closing was logged on, whenever it happened: of a case imported long after
// it, and of one closed in arrears, nobody could have said before that it is to be kept.
void of_retention(const CaseState& state, const RetentionPolicy& policy, Earliest& earliest) {
  const std::uint32_t days = limit_of(state.case_class, policy);
  if (days == 0 || state.status != CaseStatus::kClosed) return;
  const bool erased = !state.erasures.empty() && state.erasures.back().at >= state.closing_logged;
  if (erased || !state.holds.empty()) return;
  earliest.offer(state.closing_logged + std::chrono::days{days}, Erased{"retention"});
}

}  // namespace

std::optional<Timer> next_timer(const CaseState& state, std::span<const CaseEvent> events,
                                const Policy& policy, const WorkCalendar& calendar, Instant now,
                                const MemberId& self) {
  if (!state.has_opened() || state.needs_upgrade) return std::nullopt;
  const bool is_custodian = state.custodian == self, is_origin = state.id.origin() == self;
  if (!is_custodian && !is_origin) return std::nullopt;
  Earliest earliest;
  if (is_custodian) {
    of_custodian(state, clock_history(state, events), policy, calendar, now, earliest);
  }
  if (is_origin) of_retention(state, policy.retention, earliest);
  return earliest.take();
}

}  // namespace simpul
