#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

const std::vector<Federation::Seat> kThree = {
    {"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}};

std::string opened_in_badung(Federation& federation, const std::string& privacy = "public") {
  const auto opened = federation.call("51.03", "case.open",
                                      {{"category", "roads.potholes"},
                                       {"privacy", privacy},
                                       {"text", "Jalan Raya Kuta berlubang"},
                                       {"identity", "I Made Reporter"}});
  INFO((opened ? "" : opened.error().message));
  REQUIRE(opened);
  return (*opened)["case"];
}

void must_call(Federation& federation, const std::string& node, const std::string& name,
               Json arguments) {
  const auto result = federation.call(node, name, std::move(arguments));
  INFO(node << " " << name << ": " << (result ? "" : result.error().message));
  REQUIRE(result);
}

bool ready(Federation& federation) {
  return federation.run_until([&] {
    for (const char* id : {"51", "51.03"}) {
      if (!(*federation.call(id, "status", {}))["may_author"]) return false;
    }
    return true;
  });
}

}  // namespace

TEST_CASE("a case opened in a regency becomes known at the hub", "[engine]") {
  Federation federation(1, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  REQUIRE(federation.run_until([&] { return federation.state("hub", id).has_opened(); }));
  CHECK(federation.state("hub", id).custodian.text() == "51.03");
  // Acknowledged: the hub's receipt has come back.
  CHECK(federation.run_until([&] {
    return (*federation.call("51.03", "status", {}))["journals"][0]["acknowledged"] == 1;
  }));
}

TEST_CASE("a case forwarded through the hub is accepted, answered and closed", "[engine]") {
  Federation federation(2, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  must_call(federation, "51.03", "case.verify", {{"case", id}});
  must_call(federation, "51.03", "case.forward",
            {{"case", id}, {"to", "51"}, {"text", "Jalan provinsi"}});
  REQUIRE(federation.run_until([&] {
    const CaseState state = federation.state("51.03", id);
    return state.offer && state.offer->delivered;
  }));
  must_call(federation, "51", "case.accept", {{"case", id}});
  must_call(federation, "51", "case.answer", {{"case", id}, {"text", "Sudah diperbaiki"}});
  REQUIRE(federation.run_until(
      [&] { return federation.state("51.03", id).status == CaseStatus::kAnswered; }));
  must_call(federation, "51", "case.close", {{"case", id}});
  REQUIRE(federation.run_until([&] {
    return federation.state("hub", id).status == CaseStatus::kClosed &&
           federation.state("51.03", id).status == CaseStatus::kClosed;
  }));
  CHECK(federation.state("hub", id).custodian.text() == "51");
  CHECK(federation.run_until([&] {
    return federation.text("51", id, EnclosureRole::kNarrative) == "Jalan Raya Kuta berlubang" &&
           federation.text("51.03", id, EnclosureRole::kAnswer) == "Sudah diperbaiki";
  }));
}

TEST_CASE("a confidential case keeps its words from the hub", "[engine][privacy]") {
  Federation federation(3, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation, "confidential");
  must_call(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}});
  REQUIRE(federation.run_until(
      [&] { return federation.text("51", id, EnclosureRole::kNarrative).has_value(); }));
  CHECK_FALSE(federation.text("hub", id, EnclosureRole::kNarrative));
  CHECK_FALSE(federation.text("hub", id, EnclosureRole::kIdentity));
  CHECK_FALSE(federation.text("51", id, EnclosureRole::kIdentity));
  CHECK(federation.state("hub", id).category == "roads");
}

TEST_CASE("a node killed at any time goes on where it was", "[engine]") {
  Federation federation(4, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  for (const char* victim : {"51.03", "hub", "51"}) {
    federation.kill(victim);
    federation.run_for(std::chrono::seconds(5));
    federation.start(victim);
    REQUIRE(ready(federation));
  }
  must_call(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}});
  CHECK(federation.run_until([&] {
    const CaseState state = federation.state("51", id);
    return state.offer && state.offer->delivered;
  }));
}

TEST_CASE("a node whose data is lost comes back in the next generation", "[engine][recovery]") {
  Federation federation(5, kThree);
  REQUIRE(ready(federation));
  const std::string before = opened_in_badung(federation);
  REQUIRE(federation.run_until([&] { return federation.state("hub", before).has_opened(); }));
  federation.kill("51.03");
  federation.lose_data("51.03");
  federation.start("51.03");
  REQUIRE(ready(federation));
  CHECK(federation.state("51.03", before).has_opened());
  const std::string after = opened_in_badung(federation);
  REQUIRE(federation.run_until([&] { return federation.state("hub", after).has_opened(); }));
  const Json status = *federation.call("51.03", "status", {});
  CHECK(status["journals"].back()["journal"] == "51.03/2");
  for (const LogOut& log : federation.node("hub").logs()) CHECK(log.event != "fork");
}

TEST_CASE("a node restored from an old copy never forks its journal", "[engine][recovery]") {
  Federation federation(6, kThree);
  REQUIRE(ready(federation));
  opened_in_badung(federation);
  federation.run_for(std::chrono::seconds(2));
  federation.kill("51.03");
  const std::string copy = federation.copy_data("51.03");
  federation.start("51.03");
  REQUIRE(ready(federation));
  const std::string later = opened_in_badung(federation);
  REQUIRE(federation.run_until([&] { return federation.state("hub", later).has_opened(); }));
  federation.kill("51.03");
  federation.restore_data("51.03", copy);
  federation.start("51.03");
  REQUIRE(ready(federation));
  CHECK(federation.state("51.03", later).has_opened());
  must_call(federation, "51.03", "case.verify", {{"case", later}});
  REQUIRE(federation.run_until(
      [&] { return federation.state("hub", later).status == CaseStatus::kVerified; }));
  for (const LogOut& log : federation.node("hub").logs()) CHECK(log.event != "fork");
}

TEST_CASE("three declines end in a referral and a binding ruling", "[engine][custody]") {
  Federation federation(7, {{"hub", MemberKind::kHub},
                            {"51", MemberKind::kProvince},
                            {"51.03", MemberKind::kRegency},
                            {"34", MemberKind::kProvince}});
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  for (int round = 0; round < 3; ++round) {
    must_call(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}});
    REQUIRE(federation.run_until([&] { return federation.state("51", id).offer.has_value(); }));
    must_call(federation, "51", "case.decline",
              {{"case", id}, {"reason", "not-our-authority"}, {"text", "Bukan wewenang kami"}});
    REQUIRE(federation.run_until([&] { return !federation.state("51.03", id).offer; }));
  }
  REQUIRE(federation.run_until([&] { return federation.state("hub", id).referral.has_value(); }));
  must_call(federation, "hub", "hub.rule", {{"case", id}, {"to", "34"}});
  CHECK(federation.run_until([&] {
    return federation.state("34", id).custodian.text() == "34" &&
           federation.state("51.03", id).custodian.text() == "34" &&
           federation.text("34", id, EnclosureRole::kNarrative).has_value();
  }));
}

TEST_CASE("an illegal move is refused with the reason and the legal moves", "[engine]") {
  Federation federation(9, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  const auto refused = federation.call("51.03", "case.accept", {{"case", id}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kNotAllowed);
}

TEST_CASE("the only hub comes back after losing its data and has every case again",
          "[engine][recovery]") {
  Federation federation(10, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  REQUIRE(federation.run_until([&] { return federation.state("hub", id).has_opened(); }));
  federation.kill("hub");
  federation.lose_data("hub");
  federation.start_without_roster("hub");
  REQUIRE(federation.run_until([&] {
    return federation.state("hub", id).has_opened() &&
           (*federation.call("hub", "status", {}))["may_author"] == true;
  }));
}

TEST_CASE("a hub keeps ciphertext for a member that is away", "[engine][privacy]") {
  Federation federation(11, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  federation.kill("51");
  must_call(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}});
  federation.run_for(std::chrono::seconds(10));
  federation.kill("51.03");
  federation.start("51");
  CHECK(federation.run_until(
      [&] { return federation.text("51", id, EnclosureRole::kNarrative).has_value(); }));
}

TEST_CASE("a member that declined holds no key of the case", "[engine][privacy]") {
  Federation federation(12, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  must_call(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}});
  REQUIRE(federation.run_until(
      [&] { return federation.text("51", id, EnclosureRole::kNarrative).has_value(); }));
  must_call(federation, "51", "case.decline", {{"case", id}, {"reason", "incomplete"}});
  federation.run_for(std::chrono::seconds(5));
  CHECK_FALSE(federation.text("51", id, EnclosureRole::kNarrative));
  CHECK(federation.text("51.03", id, EnclosureRole::kNarrative));
}

TEST_CASE("a member that declined gets new keys when the case is offered to it again",
          "[engine][privacy]") {
  Federation federation(13, kThree);
  REQUIRE(ready(federation));
  const std::string id = opened_in_badung(federation);
  for (int round = 0; round < 2; ++round) {
    must_call(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}});
    REQUIRE(federation.run_until(
        [&] { return federation.text("51", id, EnclosureRole::kNarrative).has_value(); }));
    must_call(federation, "51", "case.decline", {{"case", id}, {"reason", "incomplete"}});
    REQUIRE(federation.run_until([&] { return !federation.state("51.03", id).offer; }));
    CHECK_FALSE(federation.text("51", id, EnclosureRole::kNarrative));
  }
}
