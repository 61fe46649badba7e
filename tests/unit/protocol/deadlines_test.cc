#include <catch2/catch.hpp>

#include "protocol/deadlines.h"
#include "tests/support/case_builder.h"

using namespace simpul;
using namespace std::chrono_literals;

namespace {

LocalDay day(int year, unsigned month, unsigned of_month) {
  return LocalDay{std::chrono::local_days{std::chrono::year{year} / static_cast<int>(month) /
                                          static_cast<int>(of_month)}};
}

// Days off that are no Saturdays or Sundays: the joint decree of three ministers for 2025 (1017,
// 2 and 2 of 2024) and the one for 2026 (1497, 2 and 5 of 2025), holidays and collective leave.
WorkCalendar decreed() {
  return WorkCalendar({
      day(2025, 1, 1),  day(2025, 1, 27),  day(2025, 1, 28),  day(2025, 1, 29),  day(2025, 3, 28),
      day(2025, 3, 31), day(2025, 4, 1),   day(2025, 4, 2),   day(2025, 4, 3),   day(2025, 4, 4),
      day(2025, 4, 7),  day(2025, 4, 18),  day(2025, 5, 1),   day(2025, 5, 12),  day(2025, 5, 13),
      day(2025, 5, 29), day(2025, 5, 30),  day(2025, 6, 6),   day(2025, 6, 9),   day(2025, 6, 27),
      day(2025, 9, 5),  day(2025, 12, 25), day(2025, 12, 26), day(2026, 1, 1),   day(2026, 1, 16),
      day(2026, 2, 16), day(2026, 2, 17),  day(2026, 3, 18),  day(2026, 3, 19),  day(2026, 3, 20),
      day(2026, 3, 23), day(2026, 3, 24),  day(2026, 4, 3),   day(2026, 5, 1),   day(2026, 5, 14),
      day(2026, 5, 15), day(2026, 5, 27),  day(2026, 5, 28),  day(2026, 6, 1),   day(2026, 6, 16),
      day(2026, 8, 17), day(2026, 8, 25),  day(2026, 12, 24), day(2026, 12, 25),
  });
}

// A moment by the clock on the wall there.
Instant at(LocalDay on, std::chrono::minutes time, TimeZone zone = TimeZone::kWita) {
  return end_of(on - std::chrono::days{1}, zone) + time;
}

// A case of Badung whose events happen when the test says.
struct Told {
  EventHash then(Instant when, const std::string& author, EventBody body) {
    builder.now = when - 1min;  // the builder adds a minute
    return builder.add(author, std::move(body));
  }
  void opened(Instant when, CaseClass of = CaseClass::kComplaint) {
    then(when, "51.03", Opened{Channel::kWeb, of, Privacy::kPublic, "51.03", "jalan"});
  }
  CaseClocks clocks(Instant now, const ClockPolicy& policy = {}) const {
    return case_clocks(builder.fold(), builder.events, policy, calendar, now);
  }
  LocalDay due(Stage stage, Instant now, const ClockPolicy& policy = {}) const {
    const CaseClocks all = clocks(now, policy);
    const Clock* clock = all.find(stage);
    REQUIRE(clock != nullptr);
    CHECK(clock->due == end_of(day_of(clock->due - 1ms, all.zone), all.zone));
    return day_of(clock->due - 1ms, all.zone);
  }
  std::optional<Instant> next(Instant now) const {
    return next_deadline(builder.fold(), builder.events, {}, calendar, now);
  }
  Urgency urgency(Stage stage, Instant now) const {
    const CaseClocks all = clocks(now);
    const Clock* clock = all.find(stage);
    REQUIRE(clock != nullptr);
    return urgency_of(*clock, all, calendar, now);
  }
  CaseBuilder builder;
  WorkCalendar calendar = decreed();
};

}  // namespace

TEST_CASE("deadlines fall on the days of the decreed calendar", "[deadlines]") {
  struct Row {
    LocalDay opened, verify, information, complaint, oversight;
  };
  const Row rows[] = {
      // Before the long leave around Nyepi and Idul Fitri.
      {day(2025, 3, 27), day(2025, 4, 10), day(2025, 4, 14), day(2025, 4, 28), day(2025, 7, 11)},
      // Over the end of the year, with Christmas and collective leave.
      {day(2025, 12, 23), day(2025, 12, 30), day(2026, 1, 2), day(2026, 1, 15), day(2026, 4, 1)},
      // Isra Mikraj, collective leave and Imlek after one another.
      {day(2025, 1, 24), day(2025, 2, 3), day(2025, 2, 5), day(2025, 2, 18), day(2025, 5, 6)},
      // On the eve of Nyepi 2026; collective leave on both sides of the holidays.
      {day(2026, 3, 17), day(2026, 3, 27), day(2026, 3, 31), day(2026, 4, 14), day(2026, 6, 26)},
      // A holiday on a Sunday moves nothing.
      {day(2025, 8, 15), day(2025, 8, 20), day(2025, 8, 22), day(2025, 9, 4), day(2025, 11, 10)},
  };
  for (const Row& row : rows) {
    const Instant when = at(row.opened, 10h);
    Told information, complaint, oversight;
    information.opened(when, CaseClass::kInformation);
    complaint.opened(when, CaseClass::kComplaint);
    oversight.opened(when, CaseClass::kComplaintOversight);
    CHECK(complaint.due(Stage::kVerify, when) == row.verify);
    CHECK(information.due(Stage::kComplete, when) == row.information);
    CHECK(complaint.due(Stage::kComplete, when) == row.complaint);
    CHECK(oversight.due(Stage::kComplete, when) == row.oversight);
  }
}

TEST_CASE("each region goes by its own time", "[deadlines]") {
  CHECK(zone_of(member("31.71")) == TimeZone::kWib);   // Jakarta
  CHECK(zone_of(member("51.03")) == TimeZone::kWita);  // Badung
  CHECK(zone_of(member("62")) == TimeZone::kWib);      // Central Kalimantan
  CHECK(zone_of(member("63")) == TimeZone::kWita);     // South Kalimantan
  CHECK(zone_of(member("94.71")) == TimeZone::kWit);   // Papua
  CHECK(zone_of(member("pupr")) == TimeZone::kWib);    // a ministry
  CHECK(zone_of_region("") == TimeZone::kWib);
  const Instant evening = at(day(2025, 8, 11), 22h + 30min, TimeZone::kWib);
  CHECK(day_of(evening, TimeZone::kWib) == day(2025, 8, 11));
  CHECK(day_of(evening, TimeZone::kWita) == day(2025, 8, 11));
  CHECK(day_of(evening, TimeZone::kWit) == day(2025, 8, 12));
}

TEST_CASE("the day on which a clock starts does not count, however late", "[deadlines]") {
  Told early, late;
  early.opened(at(day(2025, 8, 11), 1min));
  late.opened(at(day(2025, 8, 11), 23h + 59min));
  const Instant now = at(day(2025, 8, 12), 8h);
  CHECK(early.due(Stage::kVerify, now) == day(2025, 8, 14));
  CHECK(late.due(Stage::kVerify, now) == day(2025, 8, 14));
}

TEST_CASE("a case opened on a day off is due as if opened on its last day off", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 16), 10h));  // Saturday; Monday is the first day that counts
  CHECK(told.due(Stage::kVerify, at(day(2025, 8, 16), 11h)) == day(2025, 8, 20));
}

TEST_CASE("days on which a case is postponed do not count", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  CHECK(told.due(Stage::kComplete, at(day(2025, 8, 11), 10h)) == day(2025, 8, 29));
  told.then(at(day(2025, 8, 13), 9h), "51.03", Postponed{"data", {}});
  told.then(at(day(2025, 8, 20), 9h), "51.03", Resumed{});
  // Wednesday to Tuesday, five working days; on the Wednesday after it was resumed.
  CHECK(told.due(Stage::kComplete, at(day(2025, 8, 20), 10h)) == day(2025, 9, 8));
  CHECK(told.clocks(at(day(2025, 8, 20), 10h)).find(Stage::kComplete)->used == 2);
}

TEST_CASE("a postponement ends by itself on its date", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  told.then(at(day(2025, 8, 13), 9h), "51.03", Postponed{"data", at(day(2025, 8, 20), 9h)});
  CHECK(told.urgency(Stage::kComplete, at(day(2025, 8, 19), 9h)) == Urgency::kPaused);
  CHECK(told.urgency(Stage::kComplete, at(day(2025, 8, 21), 9h)) == Urgency::kRunning);
  for (const LocalDay now : {day(2025, 8, 14), day(2025, 8, 29)}) {
    CHECK(told.due(Stage::kComplete, at(now, 9h)) == day(2025, 9, 8));
  }
}

TEST_CASE("while a case is postponed without a date its deadline moves on", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  told.then(at(day(2025, 8, 13), 9h), "51.03", Postponed{"data", {}});
  CHECK(told.due(Stage::kComplete, at(day(2025, 8, 14), 9h)) == day(2025, 9, 1));
  CHECK(told.due(Stage::kComplete, at(day(2025, 8, 15), 9h)) == day(2025, 9, 2));
  CHECK(told.urgency(Stage::kComplete, at(day(2025, 12, 1), 9h)) == Urgency::kPaused);
}

TEST_CASE("a clock goes on over a hand-off, in the time of where the case began", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  const LocalDay before = told.due(Stage::kComplete, at(day(2025, 8, 12), 9h));
  const EventHash offer = told.then(at(day(2025, 8, 13), 9h), "51.03",
                                    Forwarded{member("pupr"), CaseBuilder::kDue, "wewenang"});
  // 23:30 in Jakarta is the next day in Badung.
  const Instant accepted = at(day(2025, 8, 14), 23h + 30min, TimeZone::kWib);
  told.then(accepted, "pupr", Accepted{offer});
  const Instant now = at(day(2025, 8, 20), 9h);
  CHECK(told.clocks(now).zone == TimeZone::kWita);
  CHECK(told.due(Stage::kComplete, now) == before);
  CHECK(told.clocks(now).find(Stage::kComplete)->used == 7);
  CHECK(told.clocks(now).custodian_days == 3);  // the 18th to the 20th: the 15th had begun
}

TEST_CASE("a changed policy holds for open cases too", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  const Instant now = at(day(2025, 8, 12), 9h);
  CHECK(told.due(Stage::kComplete, now) == day(2025, 8, 29));
  CHECK(told.due(Stage::kComplete, now, {.complaint = 10}) == day(2025, 8, 25));
}

TEST_CASE("a clock runs, is at risk on its last day, and is overdue after it", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  CHECK(told.urgency(Stage::kVerify, at(day(2025, 8, 13), 23h)) == Urgency::kRunning);
  CHECK(told.urgency(Stage::kVerify, at(day(2025, 8, 14), 0h)) == Urgency::kAtRisk);
  CHECK(told.urgency(Stage::kVerify, at(day(2025, 8, 14), 23h + 59min)) == Urgency::kAtRisk);
  CHECK(told.urgency(Stage::kVerify, at(day(2025, 8, 15), 0h)) == Urgency::kOverdue);
  Told missed = told;
  told.then(at(day(2025, 8, 14), 23h), "51.03", Verified{});
  missed.then(at(day(2025, 8, 15), 1h), "51.03", Verified{});
  CHECK(told.urgency(Stage::kVerify, at(day(2025, 8, 20), 9h)) == Urgency::kMet);
  CHECK(missed.urgency(Stage::kVerify, at(day(2025, 8, 20), 9h)) == Urgency::kMissed);
}

TEST_CASE("follow-up is due from verification on", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  CHECK(told.clocks(at(day(2025, 8, 12), 9h)).find(Stage::kFollowUp) == nullptr);
  told.then(at(day(2025, 8, 12), 9h), "51.03", Verified{});
  CHECK(told.due(Stage::kFollowUp, at(day(2025, 8, 12), 10h)) == day(2025, 8, 19));
  const Instant verified = at(day(2025, 8, 12), 10h);
  CHECK(told.next(verified) == told.clocks(verified).find(Stage::kFollowUp)->due);
  told.then(at(day(2025, 8, 13), 9h), "51.03", Progress{});
  const Instant worked = at(day(2025, 8, 13), 10h);
  CHECK(told.next(worked) == told.clocks(worked).find(Stage::kComplete)->due);
}

TEST_CASE("an answer stops completion and gives the reporter time to reply", "[deadlines]") {
  Told told;
  told.opened(at(day(2025, 8, 11), 9h));
  told.then(at(day(2025, 8, 20), 9h), "51.03", Answered{});
  const Instant now = at(day(2025, 8, 21), 9h);
  CHECK(told.next(now) == std::nullopt);
  CHECK(told.due(Stage::kReply, now) == day(2025, 9, 3));
  SECTION("work that goes on starts completion again where it stopped") {
    told.then(at(day(2025, 8, 22), 9h), "51.03", Progress{});
    CHECK(told.clocks(at(day(2025, 8, 22), 10h)).find(Stage::kReply) == nullptr);
    CHECK(told.due(Stage::kComplete, at(day(2025, 8, 22), 10h)) == day(2025, 8, 29));
  }
  SECTION("closing ends both") {
    told.then(at(day(2025, 8, 25), 9h), "51.03", Closed{});
    CHECK(told.urgency(Stage::kReply, at(day(2025, 12, 1), 9h)) == Urgency::kMet);
    SECTION("and reopening gives completion its whole time anew") {
      told.then(at(day(2025, 9, 1), 9h), "51.03", Reopened{"belum selesai"});
      CHECK(told.due(Stage::kComplete, at(day(2025, 9, 1), 10h)) == day(2025, 9, 22));
      CHECK(told.clocks(at(day(2025, 9, 3), 10h)).custodian_days == 2);
    }
  }
}

TEST_CASE("a case that was never opened has no clocks", "[deadlines]") {
  const Told told;
  CHECK(told.clocks(at(day(2025, 8, 11), 9h)).clocks.empty());
}
