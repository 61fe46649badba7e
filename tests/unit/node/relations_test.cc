// Cases that belong together, at several nodes: parts, duplicates, and what the reporter asks for.
#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

struct RelationScene {
  explicit RelationScene(std::uint64_t seed)
      : federation(seed, {{"hub", MemberKind::kHub},
                          {"51", MemberKind::kProvince},
                          {"51.03", MemberKind::kRegency},
                          {"pupr", MemberKind::kMinistry}}) {
    REQUIRE(federation.run_until(
        [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
  }
  std::string open(const std::string& node, Json more = Json::object()) {
    more["category"] = "roads";
    more["text"] = "Jalan berlubang";
    const auto opened = federation.call(node, "case.open", more);
    REQUIRE(opened);
    return (*opened)["case"];
  }
  Json done(const std::string& node, const std::string& name, const std::string& id,
            Json arguments = Json::object()) {
    arguments["case"] = id;
    Result<Json> result = fail(ErrorCode::kNotYet, "");
    const bool worked = federation.run_until([&] {
      result = federation.call(node, name, arguments);
      return result.has_value();
    });
    INFO(name << ": " << (worked ? "" : result.error().message));
    REQUIRE(worked);
    return *result;
  }
  std::string refusal(const std::string& node, const std::string& name, const std::string& id,
                      Json arguments = Json::object()) {
    arguments["case"] = id;
    const auto result = federation.call(node, name, arguments);
    return result ? "" : result.error().message;
  }
  CaseState state(const std::string& node, const std::string& id) {
    return federation.state(node, id);
  }
  bool soon(const std::function<bool()>& condition) { return federation.run_until(condition); }
  std::string split(const std::string& whole, Json arguments) {
    arguments["text"] = "Perbaiki lubang di jembatan";
    return done("51.03", "case.split", whole, std::move(arguments))["case"];
  }
  std::optional<PartReport> report(const std::string& node, const std::string& whole) {
    const CaseState seen = state(node, whole);
    return seen.links.empty() ? std::nullopt : seen.links[0].report;
  }

  Federation federation;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a part goes to another agency, and what becomes of it is told in the whole",
          "[relations]") {
  RelationScene scene(401);
  const std::string whole = scene.open("51.03", {{"privacy", "anonymous"}});
  const std::string part = scene.split(whole, {{"to", "pupr"}});
  REQUIRE(scene.soon([&] { return scene.state("pupr", part).offer.has_value(); }));
  CHECK(scene.state("pupr", part).privacy == Privacy::kAnonymous);
  CHECK(scene.state("pupr", part).links[0].other.text() == whole);
  CHECK(scene.state("pupr", whole).events.empty());  // the whole is none of its business
  scene.done("pupr", "case.accept", part);
  CHECK(scene.soon([&] {
    const auto said = scene.report("hub", whole);
    return said && said->custodian.text() == "pupr" && said->stage == PartStage::kOpen;
  }));
  CHECK(contains(scene.refusal("51.03", "case.close", whole), part));
  scene.done("pupr", "case.answer", part, {{"text", "Sudah diperbaiki"}});
  scene.done("pupr", "case.close", part);
  CHECK(scene.soon([&] {
    const auto said = scene.report("hub", whole);
    return said && said->stage == PartStage::kClosed && said->outcome == Outcome::kResolved;
  }));
  scene.done("51.03", "case.close", whole);
}

TEST_CASE("a whole closes before its parts where it is said why", "[relations]") {
  RelationScene scene(402);
  const std::string whole = scene.open("51.03");
  scene.split(whole, {});
  CHECK_FALSE(scene.refusal("51.03", "case.close", whole).empty());
  scene.done("51.03", "case.close", whole, {{"reason_text", "Bagian itu dilanjutkan sendiri"}});
  CHECK(scene.state("51.03", whole).status == CaseStatus::kClosed);
}

TEST_CASE("a part's origin reports on it after the whole has gone to somebody else",
          "[relations]") {
  RelationScene scene(403);
  const std::string whole = scene.open("51.03");
  const std::string part = scene.split(whole, {{"to", "pupr"}});
  scene.done("51.03", "case.forward", whole, {{"to", "51"}});
  scene.done("51", "case.accept", whole);
  scene.done("pupr", "case.accept", part);
  scene.done("pupr", "case.close", part);
  CHECK(scene.soon([&] {
    const auto said = scene.report("51", whole);
    return said && said->stage == PartStage::kClosed;
  }));
}

TEST_CASE("a part is as private as its whole becomes", "[relations]") {
  RelationScene scene(404);
  const std::string whole = scene.open("51.03");
  const std::string part = scene.split(whole, {{"to", "pupr"}});
  REQUIRE(scene.soon([&] { return scene.state("pupr", part).offer.has_value(); }));
  scene.done("51.03", "case.privacy", whole, {{"privacy", "confidential"}});
  CHECK(scene.soon([&] { return scene.state("pupr", part).privacy == Privacy::kConfidential; }));
}

TEST_CASE("what a part became while its origin was down is told when that is back", "[relations]") {
  RelationScene scene(405);
  const std::string whole = scene.open("51.03");
  const std::string part = scene.split(whole, {{"to", "pupr"}});
  REQUIRE(scene.soon([&] { return scene.state("pupr", part).offer.has_value(); }));
  scene.federation.kill("51.03");
  scene.done("pupr", "case.accept", part);
  scene.done("pupr", "case.close", part);
  scene.federation.run_for(std::chrono::minutes{2});
  scene.federation.start("51.03");
  CHECK(scene.soon([&] {
    const auto said = scene.report("hub", whole);
    return said && said->stage == PartStage::kClosed;
  }));
  std::size_t told = 0;
  scene.federation.run_for(std::chrono::minutes{2});
  ReadTransaction transaction(scene.federation.node("51.03").store().environment());
  for (const CaseEvent& each : Tables(transaction).cases.events_of(*CaseId::parse(whole))) {
    const auto* const said = std::get_if<PartReported>(&each.event.body);
    told += said != nullptr && said->stage == PartStage::kClosed;
  }
  CHECK(told == 1);
}

TEST_CASE(
    "a duplicate is closed once the survivor's custodian agrees, and its origin follows the "
    "survivor",
    "[relations]") {
  RelationScene scene(406);
  const std::string survivor = scene.open("pupr");
  const std::string duplicate = scene.open("51.03");
  scene.done("51.03", "case.link", duplicate,
             {{"other", survivor}, {"as", "duplicate-of"}, {"text", "Lubang yang sama"}});
  CHECK(contains(scene.refusal("51.03", "case.close", duplicate,
                               {{"outcome", "duplicate"}, {"duplicate_of", survivor}}),
                 "has not agreed yet"));
  REQUIRE(scene.soon(
      [&] { return (*scene.federation.ask("pupr", "case.links", {}))["cases"].size() == 1; }));
  CHECK(scene.soon([&] {
    return scene.federation.text("pupr", duplicate, EnclosureRole::kReason) == "Lubang yang sama";
  }));
  CHECK_FALSE(scene.federation.text("pupr", duplicate, EnclosureRole::kNarrative));
  scene.done("pupr", "case.agree", duplicate);
  CHECK((*scene.federation.ask("pupr", "case.links", {}))["cases"].empty());
  scene.done("51.03", "case.close", duplicate,
             {{"outcome", "duplicate"}, {"duplicate_of", survivor}});
  scene.done("pupr", "case.answer", survivor, {{"text", "Sudah ditambal"}});
  CHECK(scene.soon([&] { return scene.state("51.03", survivor).status == CaseStatus::kAnswered; }));
  const auto shown = scene.federation.ask("51.03", "case.show", {{"case", duplicate}});
  CHECK((*shown)["links"][0]["here"]["status"] == "answered");
}

TEST_CASE("who takes a link back is no longer told of the survivor", "[relations]") {
  RelationScene scene(407);
  const std::string survivor = scene.open("pupr");
  const std::string duplicate = scene.open("51.03");
  scene.done("51.03", "case.link", duplicate, {{"other", survivor}, {"as", "duplicate-of"}});
  scene.done("pupr", "case.agree", duplicate);
  REQUIRE(scene.soon([&] { return scene.state("51.03", survivor).links.size() == 1; }));
  scene.done("51.03", "case.unlink", duplicate, {{"other", survivor}, {"as", "duplicate-of"}});
  CHECK(scene.soon([&] { return scene.state("pupr", survivor).links.empty(); }));
  CHECK_FALSE(scene.state("pupr", survivor).audience.contains(*MemberId::parse("51.03")));
  CHECK(scene.state("51.03", duplicate).links.empty());
}

TEST_CASE("an agreement is taken back once the survivor may be written on again", "[relations]") {
  RelationScene scene(414);
  const std::string survivor = scene.open("pupr");
  const std::string duplicate = scene.open("51.03");
  scene.done("51.03", "case.link", duplicate, {{"other", survivor}, {"as", "duplicate-of"}});
  scene.done("pupr", "case.agree", duplicate);
  scene.done("pupr", "case.forward", survivor, {{"to", "51"}});
  scene.done("51.03", "case.unlink", duplicate, {{"other", survivor}, {"as", "duplicate-of"}});
  scene.federation.run_for(std::chrono::minutes{1});
  CHECK(scene.state("pupr", survivor).links.size() == 1);
  scene.done("51", "case.decline", survivor, {{"reason", "incomplete"}});
  CHECK(scene.soon([&] { return scene.state("pupr", survivor).links.empty(); }));
}

TEST_CASE("whoever has the survivor later takes the link back by hand", "[relations]") {
  RelationScene scene(415);
  const std::string survivor = scene.open("pupr");
  const std::string duplicate = scene.open("51.03");
  scene.done("51.03", "case.link", duplicate, {{"other", survivor}, {"as", "duplicate-of"}});
  scene.done("pupr", "case.agree", duplicate);
  scene.done("pupr", "case.forward", survivor, {{"to", "51"}});
  scene.done("51", "case.accept", survivor);
  scene.done("51", "case.unlink", survivor, {{"other", duplicate}, {"as", "has-duplicate"}});
  CHECK(scene.state("51", survivor).links.empty());
  CHECK(contains(
      scene.refusal("51", "case.link", survivor, {{"other", duplicate}, {"as", "has-duplicate"}}),
      "is none of"));
}

TEST_CASE("a part that cannot be offered as asked is not opened either", "[relations]") {
  RelationScene scene(416);
  const std::string whole = scene.open("51.03");
  const Json part{{"text", "Jembatan"}, {"to", "pupr"}};
  for (const auto& [name, value] : {std::pair{"due", "besok"}, std::pair{"to", "51.03"},
                                    std::pair{"to", "nobody"}, std::pair{"region", "00.00"}}) {
    Json wrong = part;
    wrong[name] = value;
    CHECK_FALSE(scene.refusal("51.03", "case.split", whole, wrong).empty());
  }
  CHECK(scene.state("51.03", whole).links.empty());
  CHECK((*scene.federation.ask("51.03", "case.list", {}))["cases"].size() == 1);
}

TEST_CASE("parts follow a whole that became private while their origin might not write",
          "[relations]") {
  RelationScene scene(417);
  const std::string whole = scene.open("51.03");
  const std::string part = scene.split(whole, {});
  scene.done("51.03", "case.forward", whole, {{"to", "51"}});
  scene.done("51", "case.accept", whole);
  scene.done("hub", "hub.suspend", "", {{"member", "51.03"}});
  scene.done("51", "case.privacy", whole, {{"privacy", "confidential"}});
  scene.federation.run_for(std::chrono::minutes{2});
  CHECK(scene.state("51.03", part).privacy == Privacy::kPublic);
  scene.done("hub", "hub.reinstate", "", {{"member", "51.03"}});
  CHECK(scene.soon([&] { return scene.state("51.03", part).privacy == Privacy::kConfidential; }));
}

TEST_CASE("what is taken back while it is on its last offer is closed, not referred",
          "[relations]") {
  RelationScene scene(418);
  const std::string id = scene.open("51.03");
  for (int declined = 0; declined < 2; ++declined) {
    scene.done("51.03", "case.forward", id, {{"to", "51"}});
    scene.done("51", "case.decline", id, {{"reason", "incomplete"}});
  }
  scene.done("51.03", "case.forward", id, {{"to", "51"}});
  REQUIRE(scene.soon([&] { return scene.state("51", id).offer.has_value(); }));
  scene.done("51.03", "case.withdraw", id);
  CHECK(scene.soon([&] { return scene.state("hub", id).outcome == Outcome::kWithdrawn; }));
}

TEST_CASE("two cases cannot be duplicates of each other", "[relations]") {
  RelationScene scene(408);
  const std::string first = scene.open("pupr"), second = scene.open("51.03");
  scene.done("51.03", "case.link", second, {{"other", first}, {"as", "duplicate-of"}});
  scene.done("pupr", "case.link", first,
             {{"other", second}, {"as", "duplicate-of"}, {"with", "51.03"}});
  REQUIRE(scene.soon([&] {
    return !scene.state("51.03", first).links.empty() && !scene.state("pupr", second).links.empty();
  }));
  CHECK(contains(scene.refusal("pupr", "case.agree", second), "so it cannot be"));
  CHECK(contains(scene.refusal("51.03", "case.agree", first), "so it cannot be"));
}

TEST_CASE("cases of one node are linked both ways at once", "[relations]") {
  RelationScene scene(409);
  const std::string first = scene.open("51.03"), second = scene.open("51.03");
  scene.done("51.03", "case.link", second, {{"other", first}, {"as", "duplicate-of"}});
  CHECK(scene.state("51.03", second).links[0].agreed == true);
  CHECK(scene.state("51.03", first).links[0].relation == Relation::kHasDuplicate);
  scene.done("51.03", "case.close", second, {{"outcome", "duplicate"}, {"duplicate_of", first}});
  const std::string third = scene.open("51.03");
  CHECK(contains(
      scene.refusal("51.03", "case.link", third, {{"other", second}, {"as", "duplicate-of"}}),
      "so it cannot be"));
  CHECK(scene.state("51.03", third).links.empty());  // neither of the two was linked
  scene.done("51.03", "case.link", third, {{"other", first}, {"as", "part-of"}});
  CHECK(scene.state("51.03", first).links.size() == 2);
  scene.done("51.03", "case.unlink", third, {{"other", first}, {"as", "part-of"}});
  CHECK(scene.state("51.03", first).links.size() == 1);
}

TEST_CASE("what the reporter takes back is asked back from whom it is offered to, and closed",
          "[relations]") {
  RelationScene scene(410);
  const std::string id = scene.open("51.03");
  scene.done("51.03", "case.forward", id, {{"to", "51"}});
  REQUIRE(scene.soon([&] { return scene.state("51", id).offer.has_value(); }));
  scene.done("51.03", "case.withdraw", id, {{"text", "Sudah selesai sendiri"}});
  CHECK(scene.soon([&] {
    const CaseState seen = scene.state("hub", id);
    return seen.status == CaseStatus::kClosed && seen.outcome == Outcome::kWithdrawn;
  }));
}

TEST_CASE("the custodian's node closes what the reporter takes back at the origin", "[relations]") {
  RelationScene scene(411);
  const std::string id = scene.open("51.03");
  scene.done("51.03", "case.forward", id, {{"to", "51"}});
  scene.done("51", "case.accept", id);
  scene.done("51.03", "case.withdraw", id);
  CHECK(scene.soon([&] { return scene.state("51", id).outcome == Outcome::kWithdrawn; }));
  scene.done("51", "case.reopen", id);
  scene.federation.run_for(std::chrono::minutes{1});
  CHECK(scene.state("51", id).status == CaseStatus::kInProgress);
}

TEST_CASE("an appeal is passed on by the ruling hub's node, level by level", "[relations]") {
  RelationScene scene(412);
  const std::string id = scene.open("51.03");
  scene.done("51.03", "case.answer", id, {{"text", "Bukan prioritas"}});
  scene.done("51.03", "case.close", id);
  scene.done("51.03", "case.appeal", id, {{"text", "Anak saya jatuh di sana"}});
  CHECK(scene.soon([&] { return scene.state("51", id).custodian.text() == "51"; }));
  CHECK(scene.soon([&] {
    return scene.federation.text("51", id, EnclosureRole::kReason) == "Anak saya jatuh di sana";
  }));
  CHECK(scene.state("51", id).status == CaseStatus::kVerified);
  scene.done("51", "case.close", id);
  scene.done("51.03", "case.appeal", id);
  CHECK(scene.soon([&] { return scene.state("hub", id).custodian.text() == "hub"; }));
}

TEST_CASE("an appeal elsewhere than to the next level waits for a person at the hub",
          "[relations]") {
  RelationScene scene(413);
  const std::string id = scene.open("51.03");
  scene.done("51.03", "case.close", id);
  scene.done("51.03", "case.appeal", id, {{"to", "pupr"}});
  REQUIRE(scene.soon(
      [&] { return (*scene.federation.ask("hub", "hub.queue", {}))["cases"].size() == 1; }));
  const auto queue = scene.federation.ask("hub", "hub.queue", {});
  CHECK((*queue)["cases"][0]["why"] == "appealed");
  CHECK((*queue)["cases"][0]["appealed_to"] == "pupr");
  scene.done("hub", "hub.rule", id, {{"to", "pupr"}, {"ground", "appeal"}});
  CHECK(scene.soon([&] { return scene.state("pupr", id).custodian.text() == "pupr"; }));
  CHECK((*scene.federation.ask("hub", "hub.queue", {}))["cases"].empty());
}
