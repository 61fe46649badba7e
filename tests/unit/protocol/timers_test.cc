#include "protocol/timers.h"

#include <catch2/catch.hpp>

#include "tests/support/case_builder.h"

using namespace simpul;
using namespace std::chrono_literals;

namespace {

// The next of a case at some time, under the usual limits and without days off.
std::optional<Timer> timer(const CaseBuilder& c, Instant now) {
  const CaseState state = c.fold();
  return next_timer(state, c.events, {}, WorkCalendar{}, now, state.custodian);
}

bool is(const std::optional<Timer>& timer, const EventBody& body) {
  return timer && timer->body == body;
}

const EventBody kUnverified = Escalated{Stage::kVerify, 0};
const EventBody kIncomplete = Escalated{Stage::kComplete, 0};
const EventBody kExpired = Closed{Outcome::kExpired, {}};

}  // namespace

TEST_CASE("an open case's next timer is its clock that runs out first", "[timers]") {
  CaseBuilder c;
  c.open();
  CHECK(is(timer(c, c.now), kUnverified));
  c.add("51.03", kUnverified);
  CHECK(is(timer(c, c.now), kIncomplete));
  c.add("51.03", kIncomplete);
  CHECK_FALSE(timer(c, c.now));
  SECTION("a new custodian's clock is its own") {
    c.pass("51.03", "51");
    CHECK(is(timer(c, c.now), kUnverified));
  }
}

TEST_CASE("completion that was begun again by reopening runs out again", "[timers]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Answered{});
  c.add("51.03", Closed{});
  CHECK_FALSE(timer(c, c.now));
  c.add("51.03", Reopened{"keliru"});
  CHECK(is(timer(c, c.now), Escalated{Stage::kComplete, 1}));
}

TEST_CASE("a clock that had run out before the case was imported is no news", "[timers]") {
  CaseBuilder c;
  Event opened = c.draft("51.03", Opened{});
  opened.happened = opened.time - std::chrono::hours{24 * 365};
  c.append(opened, {});
  CHECK_FALSE(timer(c, c.now));
}

TEST_CASE("an answered case closes when the reporter's time is over", "[timers]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Answered{});
  REQUIRE(is(timer(c, c.now), kExpired));
  CHECK(timer(c, c.now)->due > c.now + std::chrono::hours{24 * 10});
  SECTION("not when there was a reply") {
    c.add("51.03", ReporterReplied{});
  }
  SECTION("nor when it is closed") {
    c.add("51.03", Closed{});
  }
  CHECK_FALSE(timer(c, c.now));
}

TEST_CASE("an offer past its due is asked back, then referred", "[timers]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", kUnverified);
  c.add("51.03", kIncomplete);
  const EventHash offer = c.forward("51.03", "51");
  REQUIRE(is(timer(c, c.now), Recalled{offer}));
  CHECK(timer(c, c.now)->due == CaseBuilder::kDue);
  SECTION("asked back by an officer long before") {
    c.add("51.03", Recalled{offer});
    CHECK(timer(c, c.now)->due == CaseBuilder::kDue + kRecallWait);
  }
  SECTION("asked back late, by a node that was away") {
    c.now = CaseBuilder::kDue + 48h;
    c.add("51.03", Recalled{offer});
    CHECK(timer(c, c.now)->due == c.now + kRecallWait);
  }
  CHECK(is(timer(c, c.now), Referred{"unanswered", offer}));
  c.add("51.03", Referred{"unanswered", offer});
  CHECK_FALSE(timer(c, c.now));
}

TEST_CASE("a postponement with a date ends by itself, one without does not", "[timers]") {
  CaseBuilder c;
  c.open();
  SECTION("with") {
    c.add("51.03", Postponed{"data", c.now + 1h});
    CHECK(is(timer(c, c.now), Resumed{}));
  }
  SECTION("without") {
    c.add("51.03", Postponed{"data", Instant{}});
    CHECK(is(timer(c, c.now), kUnverified));
  }
}

TEST_CASE("only the custodian says that a clock ran out, and once", "[case][timers]") {
  CaseBuilder c;
  c.open();
  CHECK(c.verdict(c.add("51.03", kUnverified)) == Verdict::kEffective);
  CHECK(c.why(c.add("51.03", kUnverified)) == "it was said before that this clock ran out");
  CHECK(c.verdict(c.add("51.03", kIncomplete)) == Verdict::kEffective);
  CHECK(c.why(c.add("51", kIncomplete)) ==
        "only the custodian says that a clock of " + c.id.text() + " ran out");
  CHECK(c.fold().escalations.size() == 2);
  CHECK(c.fold().status == CaseStatus::kReceived);
}

TEST_CASE("the origin's node erases what was closed as long ago as the policy keeps it",
          "[timers][erasure]") {
  CaseBuilder c;
  c.open();
  c.pass("51.03", "51");
  Policy policy;
  policy.retention.complaint = 30;
  const auto timer_of = [&](const char* self) {
    return next_timer(c.fold(), c.events, policy, WorkCalendar{}, c.now, member(self));
  };
  CHECK_FALSE(timer_of("51.03"));
  c.add("51", Closed{});
  const Instant closed = *c.fold().closed_at;
  REQUIRE(is(timer_of("51.03"), Erased{"retention"}));
  CHECK(timer_of("51.03")->due == closed + 24h * 30);
  CHECK_FALSE(timer_of("51"));
  CHECK_FALSE(timer_of("pusat"));

  SECTION("not while it is held") {
    c.add("51", LegalHold{true});
    CHECK_FALSE(timer_of("51.03"));
    c.add("51", LegalHold{false});
    CHECK(timer_of("51.03"));
  }
  SECTION("once, and again when it was reopened and closed since") {
    c.add("51.03", Erased{"retention"});
    CHECK_FALSE(timer_of("51.03"));
    c.add("51", Reopened{"new-evidence"});
    c.add("51", Closed{});
    CHECK(timer_of("51.03"));
  }
  SECTION("not of a class that is kept for good") {
    policy.retention = {.information = 30};
    CHECK_FALSE(timer_of("51.03"));
  }
}

TEST_CASE("a case that was closed in arrears is kept from the time that this was logged",
          "[timers][erasure]") {
  CaseBuilder c;
  Event opened = c.draft("51.03", Opened{});
  opened.happened = c.now - 24h * 3'000;
  c.append(opened, c.events);
  Event closed = c.draft("51.03", Closed{});
  closed.happened = c.now - 24h * 2'900;
  c.append(closed, c.events);
  Policy policy;
  policy.retention.complaint = 30;
  const auto timer = next_timer(c.fold(), c.events, policy, WorkCalendar{}, c.now, member("51.03"));
  REQUIRE(timer);
  CHECK(timer->due == closed.time + 24h * 30);
}
