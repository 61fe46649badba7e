#include <catch2/catch.hpp>

#include "tests/support/case_builder.h"

using namespace simpul;
using Catch::Contains;

TEST_CASE("a case belongs to its origin from its opening", "[custody]") {
  CaseBuilder c;
  const EventHash opened =
      c.open({Channel::kSms, CaseClass::kComplaint, Privacy::kPublic, "51.03", "jalan"});
  const CaseState state = c.fold();
  CHECK(state.status == CaseStatus::kReceived);
  CHECK(state.custodian == member("51.03"));
  CHECK(state.epoch == opened);
  CHECK(state.channel == Channel::kSms);
  CHECK(state.category == "jalan");
  CHECK(state.audience == std::set{member("51.03")});
  CHECK(state.route.size() == 1);
}

TEST_CASE("nobody but the origin opens a case, and only once", "[custody]") {
  CaseBuilder c;
  const EventHash foreign = c.add("51", Opened{});
  CHECK(c.why(foreign) == "only the origin, 51.03, may open " + c.id.text());
  CHECK_FALSE(c.fold().has_opened());
  c.open();
  CHECK_THAT(c.why(c.open()), Contains("is open already"));
}

TEST_CASE("an accepted offer moves custody and opens an epoch", "[custody]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Verified{});
  c.add("51.03", Assigned{"dinas-pu"});
  const EventHash offer = c.forward("51.03", "51");
  CHECK(c.fold().status == CaseStatus::kForwarded);
  CHECK(c.fold().offer->to == member("51"));
  CHECK(c.fold().audience.contains(member("51")));
  c.add("51", Delivered{offer, {}});
  CHECK(c.fold().offer->delivered);
  const EventHash accepted = c.add("51", Accepted{offer});
  const CaseState state = c.fold();
  CHECK(state.custodian == member("51"));
  CHECK(state.epoch == accepted);
  CHECK(state.status == CaseStatus::kVerified);
  CHECK(state.unit.empty());
  CHECK_FALSE(state.offer);
  CHECK(state.audience == std::set{member("51"), member("51.03")});
  CHECK(state.void_count == 0);
}

TEST_CASE("a case never verified arrives as received", "[custody]") {
  CaseBuilder c;
  c.open();
  c.pass("51.03", "51");
  CHECK(c.fold().status == CaseStatus::kReceived);
}

TEST_CASE("a declined case returns to its sender with the reason", "[custody]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Progress{});
  const EventHash offer = c.forward("51.03", "51");
  c.add("51", Declined{offer, "bukan-wewenang", member("pupr")});
  const CaseState state = c.fold();
  CHECK(state.custodian == member("51.03"));
  CHECK(state.status == CaseStatus::kInProgress);
  REQUIRE(state.declines.size() == 1);
  CHECK(state.declines[0].reason == "bukan-wewenang");
  CHECK(state.declines[0].suggested == member("pupr"));
  CHECK_FALSE(state.audience.contains(member("51")));
}

TEST_CASE("an open offer freezes the epoch for its custodian", "[custody]") {
  CaseBuilder c;
  c.open();
  c.forward("51.03", "51");
  const EventHash progress = c.add("51.03", Progress{});
  CHECK(c.why(progress) == c.id.text() + " is offered to 51 until 2026-01-05");
  CHECK(c.verdict(c.forward("51.03", "pupr")) == Verdict::kVoid);
  CHECK(c.verdict(c.add("51.03", Noted{})) == Verdict::kEffective);
}

TEST_CASE("what a custodian wrote before it saw the decline is void", "[custody]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  const auto before = c.events;
  c.add("51", Declined{offer, "lain", {}});
  CHECK(c.verdict(c.add("51.03", Progress{}, before)) == Verdict::kVoid);
  CHECK(c.verdict(c.add("51.03", Progress{})) == Verdict::kEffective);
}

TEST_CASE("the first answer in the offeree's order counts", "[custody]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  const auto offered = c.events;
  c.add("51", Declined{offer, "lain", {}}, offered);
  const EventHash second = c.add("51", Accepted{offer}, offered);
  CHECK(c.why(second) == "the offer was answered before");
  CHECK(c.fold().custodian == member("51.03"));
}

TEST_CASE("only the offeree answers an offer", "[custody]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  CHECK(c.why(c.add("pupr", Accepted{offer})) == "only the offeree, 51, may answer");
  CHECK(c.why(c.add("51", Accepted{c.events[0].hash})) == "it answers an offer that never stood");
}

TEST_CASE("a recall is a request, and an accept that had not seen it stands", "[custody][race]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  const auto offered = c.events;
  c.add("51.03", Recalled{offer});
  CHECK(c.fold().offer->recalled_at);
  CHECK(c.fold().status == CaseStatus::kForwarded);
  c.add("51", Accepted{offer}, offered);
  CHECK(c.fold().custodian == member("51"));
  CHECK(c.fold().void_count == 0);
}

TEST_CASE("a recall names the open offer", "[custody]") {
  CaseBuilder c;
  c.open();
  c.forward("51.03", "51");
  CHECK(c.why(c.add("51.03", Recalled{c.events[0].hash})) ==
        "the offer it recalls is not the open one");
}

TEST_CASE("a past custodian's late events are void", "[custody]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  const auto offered = c.events;
  c.add("51", Accepted{offer});
  CHECK(c.verdict(c.add("51.03", Progress{}, offered)) == Verdict::kVoid);
  const EventHash knowing = c.add("51.03", Progress{});
  CHECK_THAT(c.why(knowing), Contains("only the custodian, 51, may make"));
  CHECK(c.fold().status == CaseStatus::kReceived);
}

TEST_CASE("an offer goes to another member that can hold cases", "[custody]") {
  CaseBuilder c;
  c.open();
  CHECK_THAT(c.why(c.forward("51.03", "51.03")), Contains("51.03 holds"));
  CHECK(c.why(c.forward("51.03", "bpk")) == "bpk is not a member that can hold cases");
  CHECK(c.why(c.forward("51.03", "99")) == "99 is not a member that can hold cases");
  CHECK(c.fold().status == CaseStatus::kReceived);
}

TEST_CASE("a suspended member is offered nothing, but the fold keeps what was", "[custody]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  c.add("51", Accepted{offer});
  c.roster.members[1].suspended = true;
  CHECK(c.fold().custodian == member("51"));
  CHECK_THAT(c.refusal("51", Progress{}), Contains("51 is suspended"));
}

TEST_CASE("after as many declines as the policy allows a case is kept or referred", "[custody]") {
  CaseBuilder c;
  c.open();
  for (const char* to : {"51", "pupr", "34.04"}) {
    c.add(to, Declined{c.forward("51.03", to), "bukan-wewenang", {}});
  }
  CHECK(c.fold().declines.size() == 3);
  CHECK_THAT(c.why(c.forward("51.03", "51")), Contains("was declined 3 times"));
  CHECK_THAT(c.refusal("51.03", Forwarded{member("pupr"), CaseBuilder::kDue, "x"}),
             Contains("legal now: verified, assigned, postponed, referred"));
  CHECK(c.verdict(c.add("51.03", Referred{"ditolak", {}})) == Verdict::kEffective);
  c.add("pusat", Ruled{{}, member("pupr"), "tupoksi"});
  CHECK(c.fold().custodian == member("pupr"));
  CHECK(c.fold().declines.empty());
  CHECK(c.fold().declines_total == 3);
}

TEST_CASE("the old generation wins where two generations of a journal conflict", "[custody]") {
  CaseBuilder c;
  c.open();
  const auto backup = c.events;
  const EventHash lost = c.forward("51.03", "51");
  const auto old_tail = c.events;
  c.generation = 2;
  const EventHash later = c.add("51.03", Closed{Outcome::kResolved, {}}, backup);
  CHECK(fold_case(c.id, c.without(lost), c.roster).status == CaseStatus::kClosed);
  CHECK(c.verdict(later) == Verdict::kVoid);
  CHECK(c.fold().status == CaseStatus::kForwarded);
}

TEST_CASE("three members in turn leave a route of three epochs", "[custody]") {
  CaseBuilder c;
  c.open();
  c.pass("51.03", "51");
  c.pass("51", "pupr");
  const CaseState state = c.fold();
  REQUIRE(state.route.size() == 3);
  CHECK(state.route[2].custodian == member("pupr"));
  CHECK(state.route[2].number == 2);
  CHECK(state.audience.size() == 3);
}
