// League tables: how well cases were dealt with in a period, by custodian, region or category. What
// a case adds to its rows is a function of its events, the roster's policy and the period, never of
// the time at which one computes it. Tallies add up, so cases are counted one by one in whatever
// order. Only codes and times go in. Pure. SPEC section "League tables" defines each column.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "protocol/case_state.h"
#include "protocol/work_calendar.h"

namespace simpul {

enum class LeagueBy : std::uint8_t { kCustodian, kRegion, kCategory };
const char* name_of(LeagueBy by);  // "custodian", ...
std::optional<LeagueBy> league_by_of(std::string_view name);

struct LeaguePeriod {
  Instant from{}, until{};  // `until` is past the end; what is overdue is overdue then
};

struct LeagueTally {
  std::uint64_t received = 0;
  std::uint64_t answered = 0;
  std::uint64_t closed = 0;
  std::uint64_t on_time = 0, late = 0;  // completed in the period, and still so at its end
  std::uint64_t overdue = 0;
  std::uint64_t declined = 0;
  std::uint64_t reopened = 0;
  std::map<std::uint32_t, std::uint64_t> answer_days;  // working days to first answer -> cases

  LeagueTally& operator+=(const LeagueTally& other);
  bool operator==(const LeagueTally&) const = default;
  bool empty() const { return *this == LeagueTally{}; }
};

// The counts under the names that tables give them, in their order.
struct LeagueColumn {
  const char* name;
  std::uint64_t LeagueTally::*count;
};
std::span<const LeagueColumn> league_columns();
// The smallest number of days within which `percent` of 100 of the cases were answered; nullopt
// where none was.
std::optional<std::uint32_t> answered_within(const LeagueTally& tally, unsigned percent);

// By code of the row. A case without a region or category is in the row "-". The row kTotalRow has
// each case once, whoever dealt with it.
using League = std::map<std::string, LeagueTally>;
inline constexpr const char* kTotalRow = "total";

// Adds what one case was in the period. `state` is the fold of `events`.
void add_to_league(League& league, const CaseState& state, std::span<const CaseEvent> events,
                   LeagueBy by, const LeaguePeriod& period, const ClockPolicy& policy,
                   const WorkCalendar& calendar);

}  // namespace simpul
