// Ways for a case to travel: directly, by one of several hubs, by what a province reads.
#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

bool all_may_author(Federation& federation, const std::vector<std::string>& members) {
  return federation.run_until([&] {
    for (const std::string& id : members) {
      if (!(*federation.call(id, "status", {}))["may_author"]) return false;
    }
    return true;
  });
}

std::string open_one(Federation& federation, const std::string& at) {
  const auto opened =
      federation.call(at, "case.open",
                      {{"category", "roads"}, {"text", "Lampu jalan mati"}, {"identity", "Wayan"}});
  REQUIRE(opened);
  return (*opened)["case"];
}

bool took(Federation& federation, const std::string& at, const std::string& name, Json arguments) {
  const auto result = federation.call(at, name, std::move(arguments));
  UNSCOPED_INFO(at << " " << name << ": " << (result ? "done" : result.error().message));
  return result.has_value();
}

}  // namespace

TEST_CASE("a case goes over a direct link while the hub is down, and the hub learns of it later",
          "[engine][direct]") {
  Federation federation(21, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency, true}});
  REQUIRE(all_may_author(federation, {"51", "51.03"}));
  federation.kill("hub");
  const std::string id = open_one(federation, "51.03");
  REQUIRE(took(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}}));
  REQUIRE(federation.run_until(
      [&] { return federation.text("51", id, EnclosureRole::kNarrative) == "Lampu jalan mati"; }));
  REQUIRE(took(federation, "51", "case.accept", {{"case", id}}));
  REQUIRE(took(federation, "51", "case.answer", {{"case", id}, {"text", "Sudah menyala"}}));
  REQUIRE(took(federation, "51", "case.close", {{"case", id}}));
  REQUIRE(federation.run_until([&] {
    return federation.state("51.03", id).status == CaseStatus::kClosed &&
           federation.text("51.03", id, EnclosureRole::kAnswer) == "Sudah menyala";
  }));
  federation.start("hub");
  REQUIRE(federation.run_until(
      [&] { return federation.state("hub", id).status == CaseStatus::kClosed; }));
  CHECK(federation.state("hub", id).custodian.text() == "51");
}

TEST_CASE("with two hubs a case travels whichever of them is up", "[engine][hubs]") {
  Federation federation(22, {{"hub", MemberKind::kHub},
                             {"hub2", MemberKind::kHub},
                             {"51", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency}});
  REQUIRE(all_may_author(federation, {"51", "51.03"}));
  federation.kill("hub");
  const std::string id = open_one(federation, "51.03");
  REQUIRE(took(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}}));
  REQUIRE(federation.run_until([&] { return federation.state("51", id).offer.has_value(); }));
  REQUIRE(took(federation, "51", "case.accept", {{"case", id}}));
  federation.start("hub");
  REQUIRE(federation.run_until([&] {
    return federation.state("hub", id).custodian.text() == "51" &&
           federation.state("hub2", id).custodian.text() == "51" &&
           federation.state("51.03", id).custodian.text() == "51";
  }));
}

TEST_CASE("a suspended member is cut off and a ruling takes its cases", "[engine][roster]") {
  Federation federation(23, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency},
                             {"34", MemberKind::kProvince}});
  REQUIRE(all_may_author(federation, {"51", "51.03", "34"}));
  const std::string id = open_one(federation, "51.03");
  REQUIRE(took(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}}));
  REQUIRE(federation.run_until([&] { return federation.state("51", id).offer.has_value(); }));
  REQUIRE(took(federation, "51", "case.accept", {{"case", id}}));
  REQUIRE(
      federation.run_until([&] { return federation.state("hub", id).custodian.text() == "51"; }));
  REQUIRE(took(federation, "hub", "hub.suspend", {{"member", "51"}}));
  federation.run_for(std::chrono::seconds(2));
  CHECK(federation.run_until([&] {
    const Json status = *federation.call("hub", "status", {});
    for (const Json& peer : status["peers"]) {
      if (peer["member"] == "51") return peer["link"] == "down";
    }
    return true;
  }));
  REQUIRE(took(federation, "hub", "hub.rule", {{"case", id}, {"to", "34"}}));
  CHECK(federation.run_until([&] {
    return federation.text("34", id, EnclosureRole::kNarrative).has_value() &&
           (*federation.call("34", "case.progress", {{"case", id}}))["grade"] == "recorded";
  }));
}

TEST_CASE("over bad lines nothing is lost and all agree in the end", "[engine][faults]") {
  Federation federation(24, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency, true}});
  REQUIRE(all_may_author(federation, {"51", "51.03"}));
  federation.network().set_faults({.delay_ms_min = 5,
                                   .delay_ms_max = 300,
                                   .lose_per_million = 30'000,
                                   .damage_per_million = 5'000});
  std::vector<std::string> cases;
  for (int round = 0; round < 40; ++round) {
    cases.push_back(open_one(federation, "51.03"));
    REQUIRE(took(federation, "51.03", "case.forward", {{"case", cases.back()}, {"to", "51"}}));
    federation.run_for(std::chrono::seconds(1));
  }
  federation.network().set_faults({});
  for (const std::string& id : cases) {
    REQUIRE(federation.run_until([&] { return federation.state("51", id).offer.has_value(); }));
    REQUIRE(took(federation, "51", "case.accept", {{"case", id}}));
  }
  for (const std::string& id : cases) {
    CHECK(federation.run_until([&] {
      return federation.state("hub", id).custodian.text() == "51" &&
             federation.state("51.03", id).custodian.text() == "51" &&
             federation.text("51", id, EnclosureRole::kNarrative).has_value();
    }));
  }
}

TEST_CASE("mailboxes begin anew after a hub was restored from an old copy", "[engine][recovery]") {
  Federation federation(
      25,
      {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}});
  REQUIRE(all_may_author(federation, {"51", "51.03"}));
  const auto forward = [&] {
    const std::string id = open_one(federation, "51.03");
    REQUIRE(took(federation, "51.03", "case.forward", {{"case", id}, {"to", "51"}}));
    REQUIRE(federation.run_until([&] { return federation.state("51", id).offer.has_value(); }));
    return id;
  };
  forward();
  federation.kill("hub");
  const std::string copy = federation.copy_data("hub");
  federation.start("hub");
  for (int i = 0; i < 5; ++i) forward();
  federation.kill("hub");
  federation.restore_data("hub", copy);
  federation.start("hub");
  const std::string last = forward();
  CHECK(federation.run_until(
      [&] { return federation.text("51", last, EnclosureRole::kNarrative).has_value(); }));
}

TEST_CASE("an expired roster stops writing until it is renewed", "[engine][roster]") {
  Federation federation(26, {{"hub", MemberKind::kHub}, {"51.03", MemberKind::kRegency}});
  REQUIRE(all_may_author(federation, {"51.03"}));
  federation.kill("hub");
  federation.kill("51.03");
  constexpr std::uint64_t kDays = 396;
  federation.network().advance_to(federation.network().now_ms() + kDays * 24 * 3'600'000);
  federation.start("hub");
  federation.start("51.03");
  CHECK_FALSE(federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "Lubang"}}));
  REQUIRE(took(federation, "hub", "hub.renew", {}));
  CHECK(federation.run_until([&] {
    return federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "Lubang"}})
        .has_value();
  }));
}
