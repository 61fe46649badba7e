#include "protocol/deadlines.h"

#include <algorithm>

#include "protocol/clock_history.h"

namespace simpul {
namespace {

Clock clock_of(const ClockSpan& span, const DayCount& days, Instant now) {
  return {span.stage,     span.limit,   span.started,
          days.due(span), span.stopped, days.used(span.started, span.stopped.value_or(now))};
}

}  // namespace

const char* label_of(Stage stage, bool indonesian) {
  constexpr const char* kLabels[][2] = {{"Verification", "Verifikasi"},
                                        {"Follow-up", "Tindak lanjut"},
                                        {"Completion", "Penyelesaian"},
                                        {"Reporter's reply", "Tanggapan pelapor"}};
  return kLabels[static_cast<std::size_t>(stage)][indonesian ? 1 : 0];
}

const char* name_of(Urgency urgency) {
  constexpr const char* kNames[] = {"met", "missed", "running", "at-risk", "overdue", "paused"};
  return kNames[static_cast<std::size_t>(urgency)];
}

const Clock* CaseClocks::find(Stage stage) const {
  const auto found = std::ranges::find(clocks, stage, &Clock::stage);
  return found == clocks.end() ? nullptr : &*found;
}

CaseClocks case_clocks(const CaseState& state, std::span<const CaseEvent> events,
                       const ClockPolicy& policy, const WorkCalendar& calendar, Instant now) {
  CaseClocks result;
  if (!state.has_opened()) return result;
  const ClockHistory history = clock_history(state, events);
  result.zone = zone_of_case(state);
  const DayCount days(history, result.zone, calendar, now);
  for (const ClockSpan& span : clock_spans(history, state.case_class, policy)) {
    result.clocks.push_back(clock_of(span, days, now));
  }
  result.paused = std::ranges::any_of(history.pauses, [&](const Pause& pause) {
    return pause.from <= now && now < pause.until.value_or(Instant::max());
  });
  const Instant until = history.done.value_or(now);
  const Instant since = std::max(state.route.back().since, history.begun);
  result.custodian_days = until > since ? days.used(since, until) : 0;
  return result;
}

std::optional<Instant> next_deadline(const CaseState& state, std::span<const CaseEvent> events,
                                     const ClockPolicy& policy, const WorkCalendar& calendar,
                                     Instant now) {
  if (!state.has_opened()) return std::nullopt;
  const ClockHistory history = clock_history(state, events);
  const DayCount days(history, zone_of_case(state), calendar, now);
  std::optional<Instant> next;
  for (const ClockSpan& span : clock_spans(history, state.case_class, policy)) {
    if (!span.binds()) continue;
    const Instant due = days.due(span);
    next = std::min(next.value_or(due), due);
  }
  return next;
}

Urgency urgency_of(const Clock& clock, const CaseClocks& clocks, const WorkCalendar& calendar,
                   Instant now) {
  if (clock.stopped) return *clock.stopped <= clock.due ? Urgency::kMet : Urgency::kMissed;
  if (now >= clock.due) return Urgency::kOverdue;
  if (clocks.paused) return Urgency::kPaused;
  const LocalDay last = day_of(clock.due - Duration{1}, clocks.zone);
  const auto left = calendar.between(day_of(now, clocks.zone), last, [](LocalDay) { return true; });
  return left == 0 ? Urgency::kAtRisk : Urgency::kRunning;
}

}  // namespace simpul
