// Members that join while the federation is at work.
#include <catch2/catch.hpp>

#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

bool has_link(Federation& federation, const std::string& at, const std::string& with) {
  const Json status = *federation.call(at, "status", {});
  for (const Json& peer : status["peers"]) {
    if (peer["member"] == with) return peer["link"] == "open";
  }
  return false;
}

bool asks(Federation& federation, const std::string& hub, const std::string& id) {
  const Json members = *federation.call(hub, "hub.members", {});
  for (const Json& request : members["requests"]) {
    if (request["member"] == id && request["state"] == "pending") return true;
  }
  return false;
}

}  // namespace

// simpul-sim --seed 121 --days 0.5
TEST_CASE("a new member that asked two hubs is linked with both once one admits it",
          "[engine][enrolment]") {
  Federation federation(71, {{"hub", MemberKind::kHub},
                             {"hub-2", MemberKind::kHub},
                             {"51", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency, false, false}});
  REQUIRE(federation.call("51.03", "enrol", {{"name", "Badung"}, {"kind", "regency"}}));
  for (const std::string hub : {"hub", "hub-2"}) {
    REQUIRE(federation.run_until([&] { return asks(federation, hub, "51.03"); }));
  }
  REQUIRE(federation.call("hub", "hub.admit", {{"member", "51.03"}}));
  for (const std::string hub : {"hub", "hub-2"}) {
    INFO(hub);
    CHECK(federation.run_until([&] { return has_link(federation, hub, "51.03"); }));
    CHECK(federation.run_until([&] { return has_link(federation, "51.03", hub); }));
  }
  CHECK(federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
}

// simpul-sim --seed 300003 --members 4 --days 0.5
TEST_CASE("a new member that was away when it was admitted hears of it when it asks again",
          "[engine][enrolment]") {
  Federation federation(72, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency, false, false}});
  REQUIRE(federation.call("51.03", "enrol", {{"name", "Badung"}, {"kind", "regency"}}));
  REQUIRE(federation.run_until([&] { return asks(federation, "hub", "51.03"); }));
  federation.kill("51.03");
  REQUIRE(federation.call("hub", "hub.admit", {{"member", "51.03"}}));
  federation.run_for(std::chrono::seconds{5});
  federation.start_without_roster("51.03");
  CHECK(federation.run_until([&] { return has_link(federation, "51.03", "hub"); }));
  CHECK(federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
}

// simpul-sim --seed 630026 --members 6 --days 0.5
TEST_CASE("a new member is told of what was settled before it was there",
          "[engine][enrolment][settlement]") {
  Federation federation(73, {{"hub", MemberKind::kHub},
                             {"34", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency, false, false}});
  HostilePeer attacker(federation, "34");
  ForgedJournal first = attacker.journal();
  ForgedJournal second = first;
  first.append(opened_event(attacker.new_case()));
  (void)second.new_case();
  second.append(opened_event(attacker.new_case()));
  REQUIRE(attacker.open("hub"));
  attacker.send(first.records(0, 1));
  REQUIRE(attacker.run_until_acked(1));
  attacker.send(second.records(0, 1));
  REQUIRE(federation.run_until([&] { return federation.disputed_from("hub", first.id()) == 0; }));
  REQUIRE(federation.call("hub", "hub.settle", {{"journal", first.id().text()}, {"size", 1}}));
  REQUIRE(federation.call("51.03", "enrol", {{"name", "Badung"}, {"kind", "regency"}}));
  REQUIRE(federation.run_until([&] { return asks(federation, "hub", "51.03"); }));
  REQUIRE(federation.call("hub", "hub.admit", {{"member", "51.03"}}));
  CHECK(federation.run_until([&] {
    ReadTransaction transaction(federation.node("51.03").store().environment());
    const auto head = Tables(transaction).journals.bare_head(first.id());
    return head && head->settled && head->settled->size == 1;
  }));
}
