// A case that a ruling gives to somebody comes with its keys, whatever its parties did before they
// knew of the ruling.
#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

bool may_author(Federation& federation, const std::string& id) {
  return (*federation.call(id, "status", {}))["may_author"] == true;
}

std::string opened_by(Federation& federation, const std::string& id) {
  REQUIRE(federation.run_until([&] { return may_author(federation, id); }));
  const auto opened =
      federation.call(id, "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}});
  REQUIRE(opened);
  return (*opened)["case"];
}

bool reads_case(Federation& federation, const std::string& id, const std::string& case_id) {
  return federation.text(id, case_id, EnclosureRole::kNarrative) == "Jalan berlubang";
}

// Once the others agree that it may be done.
bool done(Federation& federation, const std::string& id, const std::string& name,
          const Json& arguments) {
  return federation.run_until([&] { return federation.call(id, name, arguments).has_value(); });
}

}  // namespace

// simpul-sim --seed 300031 --members 4 --days 0.5
TEST_CASE("who got a case from a custodian by ruling that had no keys gets them from its origin",
          "[engine][keys]") {
  Federation federation(36, {{"hub", MemberKind::kHub},
                             {"34", MemberKind::kProvince},
                             {"36", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency}});
  const std::string id = opened_by(federation, "51.03");
  REQUIRE(federation.run_until([&] { return !federation.state("hub", id).events.empty(); }));
  REQUIRE(done(federation, "hub", "hub.suspend", {{"member", "51.03"}}));
  REQUIRE(
      done(federation, "hub", "hub.rule", {{"case", id}, {"to", "34"}, {"ground", "suspended"}}));
  REQUIRE(done(federation, "34", "case.forward", {{"case", id}, {"to", "36"}}));
  REQUIRE(done(federation, "36", "case.accept", {{"case", id}}));
  REQUIRE(federation.run_until(
      [&] { return federation.state("hub", id).custodian == *MemberId::parse("36"); }));
  REQUIRE_FALSE(reads_case(federation, "36", id));
  REQUIRE(done(federation, "hub", "hub.reinstate", {{"member", "51.03"}}));
  CHECK(federation.run_until([&] { return reads_case(federation, "36", id); }));
  CHECK_FALSE(reads_case(federation, "34", id));
}

// simpul-sim --seed 310000 --members 5 --days 0.5
TEST_CASE("who declined a case before it heard that a ruling gave it the case gets its keys anew",
          "[engine][keys]") {
  Federation federation(
      37,
      {{"hub", MemberKind::kHub}, {"34", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}});
  const std::string id = opened_by(federation, "51.03");
  REQUIRE(done(federation, "51.03", "case.forward", {{"case", id}, {"to", "34"}}));
  REQUIRE(federation.run_until([&] { return reads_case(federation, "34", id); }));
  federation.kill("34");
  REQUIRE(done(federation, "51.03", "case.refer", {{"case", id}, {"ground", "no-agreement"}}));
  REQUIRE(done(federation, "hub", "hub.rule", {{"case", id}, {"to", "34"}}));
  REQUIRE(federation.run_until(
      [&] { return federation.state("51.03", id).custodian == *MemberId::parse("34"); }));
  federation.run_for(std::chrono::seconds(10));
  federation.kill("hub");
  federation.kill("51.03");
  federation.start("34");
  REQUIRE(done(federation, "34", "case.decline",
               {{"case", id}, {"reason", "not-our-authority"}, {"text", "Bukan kami"}}));
  REQUIRE_FALSE(reads_case(federation, "34", id));
  federation.start("hub");
  federation.start("51.03");
  REQUIRE(federation.run_until(
      [&] { return federation.state("34", id).custodian == *MemberId::parse("34"); }));
  CHECK(federation.run_until([&] { return reads_case(federation, "34", id); }));
}

namespace {

// Offered to 34, which declined and saw its keys go, then referred by 51.
std::string declined_and_referred(Federation& federation) {
  const std::string id = opened_by(federation, "51");
  REQUIRE(done(federation, "51", "case.forward", {{"case", id}, {"to", "34"}}));
  REQUIRE(federation.run_until([&] { return reads_case(federation, "34", id); }));
  REQUIRE(done(federation, "34", "case.decline",
               {{"case", id}, {"reason", "not-our-authority"}, {"text", "Bukan kami"}}));
  REQUIRE(done(federation, "51", "case.refer", {{"case", id}, {"ground", "no-agreement"}}));
  federation.run_for(std::chrono::seconds(10));
  REQUIRE_FALSE(reads_case(federation, "34", id));
  return id;
}

void rule_for_34(Federation& federation, const std::string& id) {
  REQUIRE(done(federation, "hub", "hub.rule", {{"case", id}, {"to", "34"}}));
  REQUIRE(federation.run_until(
      [&] { return federation.state("51", id).custodian == *MemberId::parse("34"); }));
  federation.run_for(std::chrono::seconds(10));
}

}  // namespace

// simpul-sim --seed 330013 --members 4 --days 0.5
TEST_CASE("keys that come before the ruling they are for stay shut until it comes",
          "[engine][keys]") {
  Federation federation(38, {{"hub", MemberKind::kHub},
                             {"34", MemberKind::kProvince, true},
                             {"51", MemberKind::kProvince, true}});
  const std::string id = declined_and_referred(federation);
  federation.network().set_partition("hub", "34", true);
  rule_for_34(federation, id);
  REQUIRE(federation.state("34", id).custodian == *MemberId::parse("51"));
  CHECK_FALSE(reads_case(federation, "34", id));
  federation.network().set_partition("hub", "34", false);
  CHECK(federation.run_until([&] { return reads_case(federation, "34", id); }));
}

TEST_CASE("a hub that has not seen a ruling passes the keys on that are for it", "[engine][keys]") {
  Federation federation(39, {{"hub", MemberKind::kHub},
                             {"hub2", MemberKind::kHub, true},
                             {"34", MemberKind::kProvince},
                             {"51", MemberKind::kProvince}});
  const std::string id = declined_and_referred(federation);
  for (const char* other : {"hub2", "34"}) federation.network().set_partition("hub", other, true);
  federation.network().set_partition("hub2", "34", true);
  rule_for_34(federation, id);
  REQUIRE(federation.state("hub2", id).custodian == *MemberId::parse("51"));
  federation.network().set_partition("hub", "51", true);
  federation.network().set_partition("hub2", "34", false);
  federation.run_for(std::chrono::minutes(2));
  federation.network().set_partition("hub", "hub2", false);
  CHECK(federation.run_until([&] { return reads_case(federation, "34", id); }));
}

// simpul-sim --seed 50 --members 6 --days 0.5
TEST_CASE("who declined loses the keys that a backup gave back, with events of the case pending",
          "[engine][keys]") {
  Federation federation(40, {{"hub", MemberKind::kHub},
                             {"34", MemberKind::kProvince, true},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency, true}});
  const auto cut = [&](const char* one, const char* other) {
    federation.network().set_partition(one, other, true);
  };
  const std::string id = opened_by(federation, "51.03");
  REQUIRE(done(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}}));
  REQUIRE(done(federation, "51", "case.accept", {{"case", id}}));
  REQUIRE(done(federation, "51", "case.forward", {{"case", id}, {"to", "34"}}));
  REQUIRE(federation.run_until([&] { return reads_case(federation, "34", id); }));
  cut("51.03", "hub");
  cut("51.03", "34");
  cut("51", "hub");
  const std::size_t before = federation.state("51", id).events.size();
  REQUIRE(done(federation, "51.03", "case.note", {{"case", id}, {"text", "Makin dalam"}}));
  REQUIRE(federation.run_until([&] { return federation.state("51", id).events.size() > before; }));
  REQUIRE(done(federation, "51", "case.note", {{"case", id}, {"text", "Sudah dilihat"}}));
  REQUIRE(federation.run_until([&] { return federation.state("34", id).pending_count > 0; }));
  cut("51", "34");
  federation.kill("34");
  const std::string backup = federation.copy_data("34");
  federation.start("34");
  REQUIRE(done(federation, "34", "case.decline",
               {{"case", id}, {"reason", "not-our-authority"}, {"text", "Bukan kami"}}));
  REQUIRE_FALSE(reads_case(federation, "34", id));
  REQUIRE(federation.run_until([&] { return federation.state("hub", id).declines.size() == 1; }));
  federation.kill("34");
  federation.restore_data("34", backup);
  federation.start("34");
  CHECK(reads_case(federation, "34", id));
  REQUIRE(federation.run_until([&] { return federation.state("34", id).declines.size() == 1; }));
  REQUIRE(federation.state("34", id).pending_count > 0);
  CHECK_FALSE(reads_case(federation, "34", id));
}
