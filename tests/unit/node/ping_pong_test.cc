// A case that nobody wants: reasons, the policy's owners, and what the ruling hub is shown.
#include <catch2/catch.hpp>

#include "node/cli/format.h"
#include "node/policy_file.h"
#include "tests/support/federation.h"

using namespace simpul;
using Catch::Matchers::Contains;
using simpul::test::Federation;

namespace {

constexpr const char* kOwners =
    "max_declines = 2\n"
    "[[owners]]\ncategory = \"roads\"\nmember = \"51.03\"\n"
    "[[owners]]\ncategory = \"roads.national\"\nmember = \"ministry-1\"\n"
    "[[owners]]\ncategory = \"roads.national\"\nregion = \"51\"\nmember = \"51\"\n";

// A case of 51.03 about a national road, under a policy that says whose business roads are.
struct RoadScene {
  explicit RoadScene(std::uint64_t seed, const std::string& region = "34.04")
      : federation(seed, {{"hub", MemberKind::kHub},
                          {"51", MemberKind::kProvince},
                          {"51.03", MemberKind::kRegency},
                          {"ministry-1", MemberKind::kMinistry}}) {
    REQUIRE(federation.run_until(
        [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
    const auto put = federation.call("hub", "hub.policy", {{"policy", kOwners}});
    REQUIRE(put);
    REQUIRE(federation.run_until([&] {
      return (*federation.call("51.03", "status", {}))["roster"]["version"] == (*put)["roster"];
    }));
    const auto opened = federation.call(
        "51.03", "case.open",
        {{"category", "roads.national"}, {"region", region}, {"text", "Jalan berlubang"}});
    REQUIRE(opened);
    id = (*opened)["case"];
  }
  Result<Json> call(const std::string& node, const std::string& name, Json arguments = {}) {
    if (!arguments.is_object()) arguments = Json::object();
    arguments["case"] = id;
    return federation.call(node, name, arguments);
  }
  std::string refusal(const std::string& node, const std::string& name, Json arguments = {}) {
    const auto done = call(node, name, std::move(arguments));
    return done ? "" : done.error().message;
  }
  void done(const std::string& node, const std::string& name, const Json& arguments = {}) {
    REQUIRE(federation.run_until([&] { return call(node, name, arguments).has_value(); }));
  }
  Json shown(const std::string& node) {
    const auto answer = federation.ask(node, "case.show", {{"case", id}});
    return answer ? *answer : Json::object();
  }
  Json queue() {
    const auto answer = federation.ask("hub", "hub.queue", Json::object());
    REQUIRE(answer);
    return *answer;
  }

  Federation federation;
  std::string id;
};

}  // namespace

TEST_CASE("not our authority wants an explanation or the member it belongs to",
          "[engine][pingpong]") {
  RoadScene scene(81);
  scene.done("51.03", "case.forward", {{"to", "51"}});
  REQUIRE(scene.federation.run_until([&] { return scene.shown("51")["status"] == "forwarded"; }));
  CHECK_THAT(scene.refusal("51", "case.decline"), Contains("wants an explanation or the member"));
  CHECK_THAT(scene.refusal("51", "case.decline", {{"reason", "other"}, {"suggest", "ministry-1"}}),
             Contains("wants an explanation"));
  CHECK_THAT(scene.refusal("51", "case.decline", {{"reason", "too-busy"}}),
             Contains("'too-busy'") && Contains("not-our-region"));
  CHECK_THAT(scene.refusal("51", "case.decline", {{"reason", "recalled"}}),  // a node's own
             Contains("'recalled'"));
  scene.done("51", "case.decline", {{"suggest", "ministry-1"}});
  REQUIRE(scene.federation.run_until([&] { return scene.shown("51.03")["declines"] == 1; }));
  const Json declined = scene.shown("51.03")["declined"][0];
  CHECK(declined["suggested"] == "ministry-1");
  CHECK(declined["label"]["en"] == "Not our authority");
}

TEST_CASE("what the policy says is another's is not closed as out of scope", "[engine][pingpong]") {
  RoadScene scene(82);
  CHECK(scene.shown("51.03")["owner"] == "ministry-1");
  CHECK_THAT(scene.refusal("51.03", "case.close", {{"outcome", "out-of-scope"}}),
             Contains("business of ministry-1"));
  scene.done("51.03", "case.correct", {{"field", "category"}, {"value", "roads.village"}});
  scene.done("51.03", "case.close", {{"outcome", "out-of-scope"}});  // its own business
}

TEST_CASE("the most specific category and then the most specific region names the owner",
          "[engine][pingpong]") {
  RoadScene scene(83, "51.03");
  CHECK(scene.shown("51.03")["owner"] == "51");
}

TEST_CASE("a case is forwarded to its owner by the policy where nobody is named",
          "[engine][pingpong]") {
  RoadScene scene(84);
  scene.done("51.03", "case.forward");
  CHECK(scene.shown("51.03")["offer"]["to"] == "ministry-1");
  scene.done("51.03", "case.recall");
  const auto other =
      scene.federation.call("51.03", "case.open", {{"category", "water"}, {"text", "Air mati"}});
  REQUIRE(other);
  const auto lost = scene.federation.call("51.03", "case.forward", {{"case", (*other)["case"]}});
  REQUIRE_FALSE(lost);
  CHECK_THAT(lost.error().message, Contains("no owner of water") && Contains("--to"));
}

TEST_CASE("the ruling hub is shown what waits, with route, declines and what was written to it",
          "[engine][pingpong]") {
  RoadScene scene(85);
  CHECK(scene.queue()["cases"].empty());
  CHECK_THAT(format_queue(scene.queue(), View{}), Contains("Nothing waits"));
  CHECK_FALSE(scene.federation.ask("51", "hub.queue", Json::object()));
  for (const char* to : {"51", "ministry-1"}) {
    scene.done("51.03", "case.forward", {{"to", to}});
    scene.done(to, "case.decline", {{"text", std::string("Bukan urusan ") + to}});
    REQUIRE(scene.federation.run_until([&] {
      const Json shown = scene.shown("51.03");
      return !shown.contains("offer") && shown["declines"] >= 1;
    }));
  }
  REQUIRE(scene.federation.run_until([&] {  // two declines: referred by its custodian's node
    const Json queue = scene.queue();
    return !queue["cases"].empty() && queue["cases"][0]["reasons"].size() == 2 &&
           queue["cases"][0]["reasons"][1].contains("text");
  }));
  const Json waiting = scene.queue()["cases"][0];
  CHECK(waiting["case"] == scene.id);
  CHECK(waiting["why"] == "referred");
  CHECK(waiting["owner"] == "ministry-1");
  CHECK(waiting["route"].size() == 1);
  CHECK(waiting["declined"][1]["by"] == "ministry-1");
  CHECK(waiting["reasons"][0]["text"] == "Bukan urusan 51");
  CHECK_THAT(format_queue(scene.queue(), View{}),
             Contains(scene.id) && Contains("Bukan urusan ministry-1") && Contains("hub rule"));
  scene.done("hub", "hub.rule", {{"to", "ministry-1"}, {"ground", "law"}});
  CHECK(scene.queue()["cases"].empty());
}

TEST_CASE("what lies with a suspended member waits for a ruling", "[engine][pingpong]") {
  RoadScene scene(86);
  scene.done("51.03", "case.forward", {{"to", "51"}});
  scene.done("51", "case.accept");
  REQUIRE(scene.federation.run_until([&] { return scene.shown("hub")["custodian"] == "51"; }));
  REQUIRE(scene.federation.call("hub", "hub.suspend", {{"member", "51"}}));
  const Json waiting = scene.queue()["cases"];
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0]["why"] == "suspended");
}

TEST_CASE("an offer that nobody answered waits for a ruling once it is due", "[engine][pingpong]") {
  RoadScene scene(87);
  scene.federation.kill("51");
  scene.done("51.03", "case.forward", {{"to", "51"}, {"due", "2026-01-01T00:30:00Z"}});
  REQUIRE(scene.federation.run_until([&] { return scene.shown("hub")["status"] == "forwarded"; }));
  CHECK(scene.queue()["cases"].empty());
  scene.federation.kill("51.03");  // so that it does not refer it by itself
  scene.federation.run_for(std::chrono::hours{1});
  const Json waiting = scene.queue()["cases"];
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0]["why"] == "unanswered");
  CHECK(waiting[0]["offer"]["to"] == "51");
}
