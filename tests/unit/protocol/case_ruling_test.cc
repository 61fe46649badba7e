#include <catch2/catch.hpp>

#include "tests/support/case_builder.h"

using namespace simpul;
using Catch::Contains;

namespace {

constexpr auto kPastDue = std::chrono::hours{100};

EventBody rule_to(const char* to, EventHash offer = {}) {
  return Ruled{offer, member(to), "tupoksi"};
}

}  // namespace

TEST_CASE("a referral waits for a ruling, which moves custody", "[custody][ruling]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Progress{});
  const EventHash referral = c.add("51.03", Referred{"sengketa", {}});
  CHECK(c.fold().status == CaseStatus::kReferred);
  CHECK(c.fold().referral == referral);
  CHECK_THAT(c.why(c.add("51.03", Progress{})), Contains("waits for a ruling"));
  const EventHash ruling = c.add("pusat", rule_to("pupr"));
  CHECK(c.fold().custodian == member("pupr"));
  CHECK(c.fold().epoch == ruling);
  CHECK(c.fold().status == CaseStatus::kVerified);
  CHECK_FALSE(c.fold().referral);
}

TEST_CASE("a ruling needs a ground", "[custody][ruling]") {
  CaseBuilder c;
  c.open();
  CHECK_THAT(c.why(c.add("pusat", rule_to("pupr"))), Contains("was not referred"));
  const EventHash offer = c.forward("51.03", "51");
  CHECK(c.verdict(c.add("pusat", rule_to("pupr", offer))) == Verdict::kVoid);
  c.now += kPastDue;
  CHECK(c.verdict(c.add("pusat", rule_to("pupr", offer))) == Verdict::kEffective);
}

TEST_CASE("only the ruling hub rules", "[custody][ruling]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Referred{"sengketa", {}});
  CHECK(c.why(c.add("lama", rule_to("pupr"))) == "only the ruling hub, pusat, may rule");
  CHECK(c.fold().status == CaseStatus::kReferred);
}

TEST_CASE("a former ruling hub's rulings stand up to the head the roster names", "[ruling]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Referred{"sengketa", {}});
  const EventHash old = c.add("lama", rule_to("pupr"));
  const std::uint64_t index = c.events.back().event.position.index;
  c.roster.former_rulings = {{{member("lama"), 1}, index + 1, {}}};
  CHECK(c.verdict(old) == Verdict::kEffective);
  c.roster.former_rulings[0].size = index;
  CHECK(c.verdict(old) == Verdict::kVoid);
}

TEST_CASE("the first ruling in the hub's order ends the epoch", "[custody][ruling]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Referred{"sengketa", {}});
  const auto referred = c.events;
  c.add("pusat", rule_to("pupr"), referred);
  Event second = c.draft("pusat", rule_to("34.04"));
  second.epoch = c.events[0].hash;
  second.after = {referred.back().hash};
  CHECK(c.why(c.append_as_is(second)) == "an earlier ruling ended this epoch");
  CHECK(c.fold().custodian == member("pupr"));
}

TEST_CASE("a ruling beats an accept it had not seen, and all custody from it", "[ruling][race]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  const auto offered = c.events;
  const EventHash accepted = c.add("51", Accepted{offer});
  const EventHash progress = c.add("51", Progress{});
  c.pass("51", "34.04");
  CHECK(c.fold().custodian == member("34.04"));
  c.now += kPastDue;
  c.add("pusat", rule_to("pupr", offer), offered);
  const CaseState state = c.fold();
  CHECK(state.custodian == member("pupr"));
  CHECK(state.route.size() == 2);
  CHECK(state.status == CaseStatus::kReceived);
  CHECK(c.verdict(accepted) == Verdict::kSuperseded);
  CHECK(c.verdict(progress) == Verdict::kSuperseded);
  CHECK(c.verdict(offer) == Verdict::kEffective);
  CHECK(state.audience == std::set{member("51.03"), member("51"), member("34.04"), member("pupr")});
}

TEST_CASE("a ruling by a hub that held the accept is void", "[ruling][race]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  c.add("51", Accepted{offer});
  c.now += kPastDue;
  Event ruling = c.draft("pusat", rule_to("pupr", offer));
  ruling.epoch = c.events[0].hash;
  ruling.after = {c.events.back().hash};
  CHECK_THAT(c.why(c.append_as_is(ruling)), Contains("was accepted by 51, as the ruling hub knew"));
  CHECK(c.fold().custodian == member("51"));
}

TEST_CASE("a direct accept that the hub never saw stands until a ruling on its offer", "[race]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  const auto offered = c.events;
  c.add("51.03", Referred{"lewat-waktu", offer}, offered);
  const auto referred = c.events;
  c.add("51", Accepted{offer}, offered);
  CHECK(c.fold().custodian == member("51"));
  c.add("pusat", rule_to("pupr"), referred);
  CHECK(c.fold().custodian == member("pupr"));
}

TEST_CASE("what a custodian did that the ruling had not seen is superseded", "[ruling][race]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Progress{});
  const auto seen = c.events;
  const EventHash late = c.add("51.03", Answered{});
  c.roster.members[2].suspended = true;
  c.add("pusat", Ruled{{}, member("51"), "suspended"}, seen);
  CHECK(c.verdict(late) == Verdict::kSuperseded);
  CHECK_FALSE(c.fold().answered_at);
  CHECK(c.fold().custodian == member("51"));
}

TEST_CASE("lifting a suspension does not give a case back", "[ruling]") {
  CaseBuilder c;
  c.open();
  c.roster.members[2].suspended = true;
  c.add("pusat", Ruled{{}, member("51"), "suspended"});
  c.roster.members[2].suspended = false;
  CHECK(c.fold().custodian == member("51"));
}

TEST_CASE("the hub may not call a member suspended that is not", "[ruling]") {
  CaseBuilder c;
  c.open();
  CHECK_THAT(c.refusal("pusat", Ruled{{}, member("51"), "suspended"}),
             Contains("the custodian, 51.03, is not suspended"));
}

TEST_CASE("while referred the offeree may still accept the open offer", "[custody]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "51");
  c.add("51.03", Referred{"lambat", offer});
  CHECK(c.fold().status == CaseStatus::kReferred);
  c.add("51", Accepted{offer});
  CHECK(c.fold().custodian == member("51"));
}

TEST_CASE("a ruling may leave the case where it is, in a new epoch", "[ruling]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Referred{"sengketa", {}});
  const EventHash ruling = c.add("pusat", rule_to("51.03"));
  CHECK(c.fold().epoch == ruling);
  CHECK(c.verdict(c.add("51.03", Progress{})) == Verdict::kEffective);
}
