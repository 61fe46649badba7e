// A case is erased: what becomes of it at everyone who had something of it.
#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

constexpr const char* kNodes[] = {"hub", "51", "51.03", "pupr"};

// A public case of 51.03 with texts and a file, declined by pupr, taken over and closed by 51.
struct ErasureScene {
  explicit ErasureScene(std::uint64_t seed)
      : federation(seed, {{"hub", MemberKind::kHub},
                          {"51", MemberKind::kProvince},
                          {"51.03", MemberKind::kRegency},
                          {"pupr", MemberKind::kMinistry}}) {
    REQUIRE(federation.run_until(
        [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
    const auto opened = federation.call(
        "51.03", "case.open",
        {{"category", "roads"},
         {"text", "Jalan berlubang"},
         {"identity", "I Made Pelapor"},
         {"attachments", Json::array({{{"name", "foto.jpg"}, {"data", "AAECAwQF"}}})}});
    REQUIRE(opened);
    id = (*opened)["case"];
    done("51.03", "case.forward", {{"to", "pupr"}});
    done("pupr", "case.decline", {{"reason", "incomplete"}});
    done("51.03", "case.forward", {{"to", "51"}});
    done("51", "case.accept", {});
    REQUIRE(federation.run_until([&] { return reads("51") && reads("hub"); }));
    done("51", "case.note", {{"internal", true}, {"text", "catatan"}});
    done("51", "case.answer", {{"text", "Sudah diperbaiki"}});
    done("51", "case.close", {});
    REQUIRE(federation.run_until([&] { return state("51.03").status == CaseStatus::kClosed; }));
  }
  void done(const std::string& node, const std::string& name, Json arguments) {
    arguments["case"] = id;
    REQUIRE(
        federation.run_until([&] { return federation.call(node, name, arguments).has_value(); }));
  }
  void erase() { done("51.03", "case.erase", {{"for_good", true}, {"ground", "request"}}); }
  CaseState state(const std::string& node) { return federation.state(node, id); }
  bool reads(const std::string& node) {
    return federation.text(node, id, EnclosureRole::kNarrative) == "Jalan berlubang";
  }
  // Keys, key packets and pieces of ciphertext of erased texts.
  std::size_t left_at(const std::string& node) {
    ReadTransaction transaction(federation.node(node).store().environment());
    Tables tables(transaction);
    std::size_t left = tables.local.notes(*CaseId::parse(id)).size();
    const CaseState held = state(node);
    for (const CaseEvent& each : tables.cases.events_of(*CaseId::parse(id))) {
      const auto judged = std::ranges::find(held.events, each.hash, &Judged::hash);
      if (judged == held.events.end() || !judged->erased) continue;
      for (const EnclosureRef& ref : each.event.enclosures) {
        const Digest& digest = ref.commitment.digest;
        left += tables.packets.of(digest).size() + (tables.packets.key(digest) ? 1 : 0) +
                (tables.enclosures.chunk(digest, 0) ? 1 : 0);
      }
    }
    return left;
  }
  bool is_whole() {
    const CaseState seen = state("51.03");
    return seen.erasures.size() == 1 && seen.erasures[0].confirmed.size() == std::size(kNodes);
  }
  Json outstanding() {
    return (*federation.ask("51.03", "case.who", {{"case", id}}))["erasures"][0]["outstanding"];
  }

  Federation federation;
  std::string id;
};

}  // namespace

TEST_CASE("an erased case is nowhere any more, and each who had it says so once",
          "[engine][erasure][privacy]") {
  ErasureScene scene(91);
  scene.erase();
  REQUIRE(scene.federation.run_until([&] { return scene.is_whole(); }));
  for (const char* node : kNodes) {
    CAPTURE(node);
    CHECK(scene.left_at(node) == 0);
    CHECK_FALSE(scene.reads(node));
  }
  CHECK(scene.outstanding().empty());
  scene.federation.run_for(std::chrono::minutes{5});
  const auto events = scene.state("hub").events.size();
  scene.federation.run_for(std::chrono::hours{1});
  CHECK(scene.state("hub").events.size() == events);
}

TEST_CASE("who is away when a case is erased is named until it has come back and destroyed it",
          "[engine][erasure][privacy]") {
  ErasureScene scene(92);
  scene.federation.kill("51");
  scene.erase();
  scene.federation.run_for(std::chrono::minutes{5});
  REQUIRE(scene.outstanding().size() == 1);
  CHECK(scene.outstanding()[0]["member"] == "51");
  CHECK(scene.left_at("hub") == 0);
  scene.federation.start("51");
  REQUIRE(scene.federation.run_until([&] { return scene.is_whole(); }));
  CHECK(scene.left_at("51") == 0);
}

TEST_CASE("an old copy of the data that comes back is erased again",
          "[engine][erasure][recovery]") {
  ErasureScene scene(93);
  scene.federation.kill("51");
  const std::string copy = scene.federation.copy_data("51");
  scene.federation.start("51");
  scene.erase();
  REQUIRE(scene.federation.run_until([&] { return scene.is_whole(); }));
  scene.federation.kill("51");
  scene.federation.restore_data("51", copy);
  scene.federation.start("51");
  REQUIRE(scene.federation.run_until(
      [&] { return !scene.state("51").erasures.empty() && scene.left_at("51") == 0; }));
}

TEST_CASE("what is written after an erasure is read by whom it concerns",
          "[engine][erasure][privacy]") {
  ErasureScene scene(94);
  scene.erase();
  REQUIRE(scene.federation.run_until([&] { return scene.is_whole(); }));
  scene.done("51", "case.note", {{"text", "Berkas fisik dimusnahkan"}});
  CHECK(scene.federation.run_until([&] {
    return scene.federation.text("51.03", scene.id, EnclosureRole::kNote) ==
           "Berkas fisik dimusnahkan";
  }));
}

TEST_CASE("an erasure that had not seen a legal hold waits at every member until it is released",
          "[engine][erasure]") {
  ErasureScene scene(96);
  scene.federation.kill("51.03");
  scene.done("51", "case.hold", {{"text", "Perkara 12/2026"}});
  REQUIRE(scene.federation.run_until([&] { return !scene.state("hub").holds.empty(); }));
  scene.federation.kill("51");
  scene.federation.kill("hub");
  scene.federation.start("51.03");
  scene.erase();
  scene.federation.start("hub");
  scene.federation.start("51");
  REQUIRE(scene.federation.run_until(
      [&] { return !scene.state("51").erasures.empty() && !scene.state("51.03").holds.empty(); }));
  CHECK(scene.reads("51"));
  CHECK(scene.left_at("hub") > 0);
  CHECK(scene.state("51").erasures[0].confirmed.size() == 1);
  scene.done("51", "case.release", {});
  REQUIRE(scene.federation.run_until([&] { return scene.is_whole(); }));
  CHECK(scene.left_at("51") == 0);
}

TEST_CASE("erasing wants to be meant, and a closed case that nobody holds", "[engine][erasure]") {
  ErasureScene scene(95);
  const Json erase{{"case", scene.id}, {"for_good", true}, {"ground", "court"}};
  CHECK(scene.federation.call("51.03", "case.erase", {{"case", scene.id}})
            .error()
            .message.find("--for-good") != std::string::npos);
  CHECK_FALSE(scene.federation.call("51", "case.erase", erase));
  scene.done("hub", "case.hold", {{"text", "Perkara 12/2026"}});
  REQUIRE(scene.federation.run_until([&] { return !scene.state("51.03").holds.empty(); }));
  CHECK(scene.federation.call("51.03", "case.erase", erase).error().message.find("hub holds") !=
        std::string::npos);
  scene.done("hub", "case.release", {});
  REQUIRE(scene.federation.run_until([&] { return scene.state("51.03").holds.empty(); }));
  CHECK(scene.federation.call("51.03", "case.erase", erase));
}
