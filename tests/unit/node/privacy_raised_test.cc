// What becomes of keys when a case's privacy is raised, and lowered again.
#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

// A public case of 51.03 with a name in it, which 51 has taken over.
struct PrivacyScene {
  explicit PrivacyScene(std::uint64_t seed)
      : federation(seed, {{"hub", MemberKind::kHub},
                          {"51", MemberKind::kProvince},
                          {"51.03", MemberKind::kRegency}}) {
    REQUIRE(federation.run_until(
        [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
    const auto opened = federation.call(
        "51.03", "case.open",
        {{"category", "roads"}, {"text", "Jalan berlubang"}, {"identity", "I Made Pelapor"}});
    REQUIRE(opened);
    id = (*opened)["case"];
    done("51.03", "case.forward", {{"to", "51"}});
    done("51", "case.accept", {});
    REQUIRE(federation.run_until([&] { return names("51") && reads("hub"); }));
  }
  void done(const std::string& node, const std::string& name, Json arguments) {
    arguments["case"] = id;
    REQUIRE(
        federation.run_until([&] { return federation.call(node, name, arguments).has_value(); }));
  }
  bool names(const std::string& node) {
    return federation.text(node, id, EnclosureRole::kIdentity) == "I Made Pelapor";
  }
  bool reads(const std::string& node) {
    return federation.text(node, id, EnclosureRole::kNarrative) == "Jalan berlubang";
  }
  bool says_destroyed(const std::string& by) {
    ReadTransaction transaction(federation.node("51.03").store().environment());
    const auto events = Tables(transaction).cases.events_of(*CaseId::parse(id));
    return std::ranges::count_if(events, [&](const CaseEvent& held) {
             return held.event.kind == EventKind::kKeysDestroyed &&
                    held.event.position.journal.member.text() == by;
           }) == 1;
  }

  Federation federation;
  std::string id;
};

}  // namespace

TEST_CASE("who may not know the reporter any more destroys that key, and says so",
          "[engine][keys][privacy]") {
  PrivacyScene scene(71);
  scene.done("51.03", "case.privacy", {{"privacy", "anonymous"}});
  REQUIRE(scene.federation.run_until([&] { return scene.says_destroyed("51"); }));
  CHECK_FALSE(scene.names("51"));
  CHECK(scene.reads("51"));
  CHECK(scene.names("51.03"));
  REQUIRE(scene.federation.run_until([&] { return scene.says_destroyed("hub"); }));
  CHECK_FALSE(scene.reads("hub"));
}

TEST_CASE("who is away when privacy is raised destroys its keys when it hears of it",
          "[engine][keys][privacy]") {
  PrivacyScene scene(72);
  scene.federation.kill("51");
  scene.done("51.03", "case.privacy", {{"privacy", "confidential"}});
  scene.federation.run_for(std::chrono::minutes{5});
  CHECK_FALSE(scene.says_destroyed("51"));
  scene.federation.start("51");
  CHECK(scene.federation.run_until([&] { return scene.says_destroyed("51"); }));
  CHECK_FALSE(scene.names("51"));
}

TEST_CASE("keys that are on their way when privacy is raised do not arrive",
          "[engine][keys][privacy]") {
  PrivacyScene scene(73);
  scene.done("51", "case.forward", {{"to", "51.03"}});
  scene.done("51.03", "case.decline", {{"reason", "incomplete"}});
  scene.federation.kill("51");
  scene.done("51.03", "case.privacy", {{"privacy", "anonymous"}});
  scene.federation.start("51");
  REQUIRE(scene.federation.run_until([&] { return scene.says_destroyed("51"); }));
  CHECK_FALSE(scene.names("51"));
}

TEST_CASE("who destroyed keys for a change of privacy says so once, whatever comes back",
          "[engine][keys][privacy]") {
  PrivacyScene scene(76);
  scene.federation.kill("hub");
  const std::string copy = scene.federation.copy_data("hub");
  scene.federation.start("hub");
  scene.done("51.03", "case.privacy", {{"privacy", "anonymous"}});
  REQUIRE(scene.federation.run_until([&] { return scene.says_destroyed("hub"); }));
  scene.federation.kill("hub");
  scene.federation.restore_data("hub", copy);
  scene.federation.start("hub");
  CHECK(scene.reads("hub"));
  REQUIRE(scene.federation.run_until([&] { return !scene.reads("hub"); }));
  scene.federation.run_for(std::chrono::minutes{5});
  CHECK(scene.says_destroyed("hub"));
}

TEST_CASE("keys are given anew when the origin lowers privacy again", "[engine][keys][privacy]") {
  PrivacyScene scene(74);
  scene.done("51.03", "case.privacy", {{"privacy", "anonymous"}});
  REQUIRE(scene.federation.run_until(
      [&] { return scene.says_destroyed("51") && scene.says_destroyed("hub"); }));
  scene.done("51.03", "case.privacy", {{"privacy", "public"}});
  CHECK(scene.federation.run_until([&] { return scene.names("51") && scene.reads("hub"); }));
}

TEST_CASE("who is about to publish a person's number is asked before", "[engine][privacy]") {
  PrivacyScene scene(75);
  const auto open = [&](const char* privacy, bool anyway) {
    return scene.federation.call("51.03", "case.open",
                                 {{"category", "roads"},
                                  {"privacy", privacy},
                                  {"text", "Hubungi saya di 0812-3456-7890"},
                                  {"publish_anyway", anyway}});
  };
  const auto refused = open("public", false);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Catch::Contains("a telephone number"));
  CHECK_THAT(refused.error().message, !Catch::Contains("0812"));
  CHECK(open("public", true));
  CHECK(open("anonymous", false));
  const auto answered = scene.federation.call(
      "51", "case.answer", {{"case", scene.id}, {"text", "NIK pelapor 5103065508900001"}});
  REQUIRE_FALSE(answered);
  CHECK_THAT(answered.error().message, Catch::Contains("--publish-anyway"));
}
