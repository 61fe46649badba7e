// What a node does about a case by itself once its time has come. The custodian's takes up what was
// postponed, asks back an offer that nobody answered and then refers it, closes what was answered
// and not replied to, and says which clocks ran out; the origin's erases what was kept as long as
// the policy says. Each follows from the case, the policy and the
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
  EventBody body;  // what the node is to write then
};

// The earliest of `self`'s, whether due or not; nullopt: nothing is to come. `state` is the fold of
// `events`.
std::optional<Timer> next_timer(const CaseState& state, std::span<const CaseEvent> events,
                                const Policy& policy, const WorkCalendar& calendar, Instant now,
                                const MemberId& self);

}  // namespace simpul
