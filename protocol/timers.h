// What a custodian's node does about a case by itself once its time has come: it takes up what was
// postponed, asks back an offer that nobody answered and then refers it, closes what was answered
// and not replied to, and says which clocks ran out. Each follows from the case, the policy and the
// calendar alone, and is done when the case shows that it was: so it is done once, whatever crashes
// between. SPEC section "What nodes do by themselves". Pure.
#pragma once

#include <optional>
#include <span>

#include "protocol/case_state.h"
#include "protocol/work_calendar.h"

namespace simpul {

// From an offer's being asked back until it is referred: its offeree's node declines by itself as
// soon as it hears of that.
inline constexpr Duration kRecallWait = std::chrono::hours{1};

struct Timer {
  Instant due{};
  EventBody body;  // what the custodian's node is to write then
};

// The earliest of the custodian's, whether due or not; nullopt: nothing is to come. `state` is the
// fold of `events`.
std::optional<Timer> next_timer(const CaseState& state, std::span<const CaseEvent> events,
                                const ClockPolicy& policy, const WorkCalendar& calendar,
                                Instant now);

}  // namespace simpul
