// A case's clocks: what must be done by when, counted in working days from its events. A pure
// function of the case, the policy and the calendar, so that all nodes show the same dates. SPEC
// section "Deadlines".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocol/case_state.h"
#include "protocol/work_calendar.h"

namespace simpul {

const char* label_of(Stage stage, bool indonesian);  // for people

enum class Urgency : std::uint8_t { kMet, kMissed, kRunning, kAtRisk, kOverdue, kPaused };
const char* name_of(Urgency urgency);

struct Clock {
  Stage stage = Stage::kVerify;
  std::uint32_t limit = 0;  // working days
  Instant started{};
  Instant due{};                   // the midnight that ends the last day
  std::optional<Instant> stopped;  // when what it measures was done
  std::uint32_t used = 0;          // working days, until it stopped or until now
};

struct CaseClocks {
  std::vector<Clock> clocks;         // by stage; those that have started
  TimeZone zone = TimeZone::kWib;    // of the origin: it stays when the case is handed on
  bool paused = false;               // postponed now
  std::uint32_t custodian_days = 0;  // working days that the present custodian has had it

  const Clock* find(Stage stage) const;
};

// `state` is the fold of `events`. Times are those at which things happened, where recorded. While
// a case is postponed without a date, dates are those that hold if it is resumed now.
CaseClocks case_clocks(const CaseState& state, std::span<const CaseEvent> events,
                       const ClockPolicy& policy, const WorkCalendar& calendar, Instant now);

// Of the same clocks, those that run and bind somebody to act: the earliest due.
std::optional<Instant> next_deadline(const CaseState& state, std::span<const CaseEvent> events,
                                     const ClockPolicy& policy, const WorkCalendar& calendar,
                                     Instant now);

// At risk: its last working day has begun.
Urgency urgency_of(const Clock& clock, const CaseClocks& clocks, const WorkCalendar& calendar,
                   Instant now);

}  // namespace simpul
