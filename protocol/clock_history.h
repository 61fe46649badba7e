// What the clocks of a case go by: the moments in its history, the spans that they measure, and
// which days count. Private to deadlines.cc, timers.cc and league.cc. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "protocol/case_state.h"
#include "protocol/work_calendar.h"

namespace simpul {

struct Pause {
  Instant from{};
  std::optional<Instant> until;  // open: the case is postponed without a date
};

// Gathered from a case's effective events in order of time, those that happened before `until`.
// `state` is the fold of `events`.
struct ClockHistory {
  Instant opened{}, begun{};  // begun: opened, or reopened last
  Instant opening_logged{};   // later than `opened` where the case was imported
  std::optional<Instant> verified, worked, done, answered, replied;
  std::vector<Pause> pauses;
};
ClockHistory clock_history(const CaseState& state, std::span<const CaseEvent> events,
                           Instant until = Instant::max());

// What one of the clocks measures.
struct ClockSpan {
  Stage stage;
  std::uint32_t limit;  // working days
  Instant started;
  std::optional<Instant> stopped;

  // Whether somebody must act by its end.
  bool binds() const { return !stopped && stage != Stage::kReply; }
};
// Those that have started, by stage.
std::vector<ClockSpan> clock_spans(const ClockHistory& history, CaseClass of,
                                   const ClockPolicy& policy);

// Whose days the case goes by.
TimeZone zone_of_case(const CaseState& state);

// A day counts when the case is not postponed as it ends. Borrows all it is given.
class DayCount {
 public:
  DayCount(const ClockHistory& history, TimeZone zone, const WorkCalendar& calendar, Instant now)
      : history_(history), zone_(zone), calendar_(calendar), now_(now) {}

  bool operator()(LocalDay day) const;
  std::uint32_t used(Instant from, Instant until) const;
  Instant due(const ClockSpan& span) const;

 private:
  const ClockHistory& history_;
  TimeZone zone_;
  const WorkCalendar& calendar_;
  Instant now_;
};

}  // namespace simpul
