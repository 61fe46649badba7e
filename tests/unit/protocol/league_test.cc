#include "protocol/league.h"

#include <catch2/catch.hpp>

#include "tests/support/case_builder.h"

using namespace simpul;
using namespace std::chrono_literals;

namespace {

// 2026-01-01 is a Thursday; cases begin on it.
constexpr LeaguePeriod kJanuary{CaseBuilder::kStart, CaseBuilder::kStart + 24h * 31};
constexpr LeaguePeriod kFebruary{kJanuary.until, kJanuary.until + 24h * 28};

League league(const CaseBuilder& c, LeagueBy by = LeagueBy::kCustodian,
              const LeaguePeriod& period = kJanuary) {
  League rows;
  add_to_league(rows, c.fold(), c.events, by, period, {}, WorkCalendar{});
  return rows;
}

CaseBuilder opened_by_badung() {
  CaseBuilder c;
  c.open({Channel::kWeb, CaseClass::kComplaint, Privacy::kPublic, "51.03.01", "roads.potholes"});
  return c;
}

}  // namespace

TEST_CASE("a case counts as received, answered and closed once for its custodian and in all",
          "[league]") {
  CaseBuilder c = opened_by_badung();
  c.add("51.03", Answered{});
  c.add("51.03", Progress{});
  c.add("51.03", Answered{});
  c.add("51.03", Closed{});
  const League rows = league(c);
  REQUIRE(rows.size() == 2);
  const LeagueTally& tally = rows.at("51.03");
  CHECK(tally.received == 1);
  CHECK(tally.answered == 1);
  CHECK(tally.closed == 1);
  CHECK(tally.on_time == 1);
  CHECK(tally.late + tally.overdue + tally.declined + tally.reopened == 0);
  CHECK(tally.answer_days == std::map<std::uint32_t, std::uint64_t>{{0, 1}});
  CHECK(rows.at(kTotalRow) == tally);
}

TEST_CASE("custody that moves is received anew, but the case is one in all", "[league]") {
  CaseBuilder c = opened_by_badung();
  c.pass("51.03", "51");
  c.add("51", Answered{});
  const League rows = league(c);
  CHECK(rows.at("51.03").received == 1);
  CHECK(rows.at("51.03").answered == 0);
  CHECK(rows.at("51").received == 1);
  CHECK(rows.at("51").answered == 1);
  CHECK(rows.at("51").on_time == 1);
  CHECK(rows.at(kTotalRow).received == 1);
}

TEST_CASE("a declined offer is counted for who declined it", "[league]") {
  CaseBuilder c = opened_by_badung();
  c.add("51", Declined{c.forward("51.03", "51"), "bukan", {}});
  CHECK(league(c).at("51").declined == 1);
  CHECK(league(c).at("51.03").declined == 0);
  CHECK(league(c, LeagueBy::kRegion).at("51.03.01").declined == 1);
}

TEST_CASE("what is overdue is judged at the period's end, whatever came after it", "[league]") {
  CaseBuilder c = opened_by_badung();
  CHECK(league(c).at("51.03").overdue == 1);
  c.now = kFebruary.from + 24h;
  c.add("51.03", Answered{});
  CHECK(league(c).at("51.03").overdue == 1);
  CHECK(league(c).at("51.03").answered == 0);
  const LeagueTally february = league(c, LeagueBy::kCustodian, kFebruary).at("51.03");
  CHECK(february.received == 0);
  CHECK(february.answered == 1);
  CHECK(february.late == 1);
  CHECK(february.overdue == 0);
  CHECK(february.answer_days == std::map<std::uint32_t, std::uint64_t>{{22, 1}});
}

TEST_CASE("an answer that work undid by the period's end is not completed in time", "[league]") {
  CaseBuilder c = opened_by_badung();
  c.add("51.03", Answered{});
  c.add("51.03", Progress{});
  const LeagueTally tally = league(c).at("51.03");
  CHECK(tally.answered == 1);
  CHECK(tally.on_time == 0);
  CHECK(tally.overdue == 1);
}

TEST_CASE("a reopened case counts as such and begins its deadline anew", "[league]") {
  CaseBuilder c = opened_by_badung();
  c.add("51.03", Answered{});
  c.add("51.03", Closed{});
  c.now += 24h * 20;
  c.add("51.03", Reopened{"keliru"});
  const LeagueTally tally = league(c).at("51.03");
  CHECK(tally.reopened == 1);
  CHECK(tally.overdue == 0);
  CHECK(tally.on_time + tally.late == 0);
}

TEST_CASE("a case has the row of its region and category as corrected by the period's end",
          "[league]") {
  CaseBuilder c = opened_by_badung();
  c.add("51.03", Corrected{CorrectedField::kCategory, "water.pipes"});
  CHECK(league(c, LeagueBy::kCategory).contains("water.pipes"));
  CHECK(league(c, LeagueBy::kRegion).contains("51.03.01"));
  c.now = kFebruary.from + 24h;
  c.add("51.03", Corrected{CorrectedField::kCategory, "waste.bins"});
  CHECK(league(c, LeagueBy::kCategory).contains("water.pipes"));
  CHECK(league(c, LeagueBy::kCategory, kFebruary).contains("waste.bins"));
}

TEST_CASE("of a confidential case only the topmost category is told", "[league]") {
  CaseBuilder c;
  c.open(
      {Channel::kWeb, CaseClass::kComplaint, Privacy::kConfidential, "51.03.01", "roads.damage"});
  CHECK(league(c, LeagueBy::kCategory).contains("roads"));
  CHECK_FALSE(league(c, LeagueBy::kCategory).contains("roads.damage"));
}

TEST_CASE("a case opened after the period, or not at all, adds nothing", "[league]") {
  CaseBuilder c;
  CHECK(league(c).empty());
  c.now = kFebruary.from;
  c.open();
  CHECK(league(c).empty());
}

TEST_CASE("half and nine in ten of the answers are told by nearest rank", "[league]") {
  LeagueTally tally;
  CHECK(answered_within(tally, 50) == std::nullopt);
  for (std::uint32_t days = 1; days <= 10; ++days) tally.answer_days[days] = 1;
  CHECK(answered_within(tally, 50) == 5);
  CHECK(answered_within(tally, 90) == 9);
  tally.answer_days = {{3, 1}};
  CHECK(answered_within(tally, 50) == 3);
  CHECK(answered_within(tally, 90) == 3);
}

TEST_CASE("tallies add up column by column", "[league]") {
  LeagueTally sum;
  LeagueTally one;
  for (const LeagueColumn& column : league_columns()) one.*column.count = 2;
  one.answer_days = {{4, 1}, {5, 2}};
  sum += one;
  sum += one;
  for (const LeagueColumn& column : league_columns()) CHECK(sum.*column.count == 4);
  CHECK(sum.answer_days == std::map<std::uint32_t, std::uint64_t>{{4, 2}, {5, 4}});
}
