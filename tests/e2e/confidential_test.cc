// What a hub and other members could learn from what they hold and from what comes over the wire.
#include <catch2/catch.hpp>
#include <fstream>

#include "crypto/encoding.h"
#include "tests/support/federation.h"
#include "tests/support/federation_fixture.h"
#include "tests/support/text_search.h"

namespace simpul {
namespace {

using test::Federation;

const std::string kName = "Wayan Rahasiawati";
const std::string kNarrative = "Kepala dinas meminta uang pelicin Limapuluhjuta kepada saya";
const std::string kReply = "Saksinya ialah Nyoman Buktikuat";
// The words by which anything of the above is recognised, wherever it is cut.
const std::vector<std::string> kWords = {kName,           kNarrative,     kReply,     "Rahasiawati",
                                         "Limapuluhjuta", "meminta uang", "Buktikuat"};
const std::string kCanary = "canary.burungkenari";  // a category: public on purpose

Json report(const std::string& privacy) {
  return {{"category", "conduct.bribery"},
          {"privacy", privacy},
          {"text", kNarrative},
          {"identity", kName}};
}

const Json kPlanted = {{"category", kCanary}, {"text", "Burung lepas"}};

TEST_CASE("the search finds a word in every form", "[e2e][search]") {
  const TextSearch search({"Rahasiawati"});
  const std::string word = "Rahasiawati";
  std::string little, big;
  for (const char letter : word) {
    little += std::string{letter, '\0'};
    big += std::string{'\0', letter};
  }
  std::vector<std::string> hiding = {word, little, big, to_hex(as_bytes(word))};
  for (std::size_t before = 0; before < 3; ++before) {
    hiding.push_back(to_base64(as_bytes(std::string(before, '~') + word + "~~~~")));
  }
  for (const std::string& hidden : hiding) {
    INFO(hidden);
    CHECK(search.find_in(as_bytes("before " + hidden + " after")).size() == 1);
  }
  CHECK(search.find_in(as_bytes("rahasia wati")).empty());
}

// Every frame, decrypted, by who received it.
class Tap {
 public:
  explicit Tap(Federation& federation) {
    federation.set_tap([this](const std::string& receiver, BytesView frame) {
      for (const std::string& found : search_.find_in(frame)) {
        found_.push_back(found + " to " + receiver);
      }
      if (!canary_.find_in(frame).empty()) canaries_.insert(receiver);
      ++frames_;
    });
  }
  const std::vector<std::string>& found() const { return found_; }
  bool carried_canary_to(const std::string& id) const { return canaries_.contains(id); }
  std::size_t frames() const { return frames_; }

 private:
  const TextSearch search_{kWords};
  const TextSearch canary_{{kCanary}};
  std::vector<std::string> found_;
  std::set<std::string> canaries_;
  std::size_t frames_ = 0;
};

std::string must(Result<Json> answer) {
  INFO((answer ? "" : answer.error().message));
  REQUIRE(answer);
  return (*answer)["case"];
}

TEST_CASE("no frame carries a word of a confidential or anonymous case", "[e2e][privacy]") {
  Federation federation(77, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince},
                             {"51.03", MemberKind::kRegency},
                             {"34", MemberKind::kProvince}});
  Tap tap(federation);
  REQUIRE(federation.run_until([&] {
    return (*federation.call("51.03", "status", {}))["may_author"] == true &&
           (*federation.call("51", "status", {}))["may_author"] == true;
  }));
  must(federation.call("51.03", "case.open", kPlanted));
  for (const char* privacy : {"confidential", "anonymous"}) {
    const std::string about = must(federation.call("51.03", "case.open", report(privacy)));
    CHECK(federation.text("51.03", about, EnclosureRole::kNarrative) == kNarrative);
    CHECK(federation.text("51.03", about, EnclosureRole::kIdentity) == kName);
    must(federation.call("51.03", "case.forward", {{"case", about}, {"to", "51"}}));
    REQUIRE(federation.run_until(
        [&] { return federation.text("51", about, EnclosureRole::kNarrative) == kNarrative; }));
    must(federation.call("51", "case.accept", {{"case", about}}));
    must(federation.call("51.03", "case.reply", {{"case", about}, {"text", kReply}}));
    REQUIRE(federation.run_until(
        [&] { return federation.text("51", about, EnclosureRole::kReply) == kReply; }));
    CHECK_FALSE(federation.text("51", about, EnclosureRole::kIdentity));
    CHECK_FALSE(federation.text("hub", about, EnclosureRole::kIdentity));
    if (privacy == std::string("confidential")) {
      CHECK_FALSE(federation.text("hub", about, EnclosureRole::kNarrative));
    }
  }
  CHECK(tap.frames() > 50);
  CHECK(tap.carried_canary_to("hub"));
  CHECK(tap.found() == std::vector<std::string>{});
}

std::string shown_text(const Json& shown, const std::string& role) {
  for (const Json& text : shown["texts"]) {
    if (text["role"] == role)
      return text.value("text", "(" + text["state"].get<std::string>() + ")");
  }
  return "(none)";
}

TEST_CASE("no file of a hub or member holds a word of a confidential or anonymous case",
          "[e2e][privacy]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51", .kind = "province"});
  federation.add({.id = "51.03"});
  federation.call("51.03", "case.open", kPlanted);
  for (const char* privacy : {"confidential", "anonymous"}) {
    const std::string about = federation.call("51.03", "case.open", report(privacy))["case"];
    // At first the origin is the custodian, and reads both.
    const Json own = federation.call("51.03", "case.show", {{"case", about}});
    CHECK(shown_text(own, "narrative") == kNarrative);
    CHECK(shown_text(own, "identity") == kName);
    federation.call("51.03", "case.forward", {{"case", about}, {"to", "51"}});
    federation.wait_for("51", "case.show", {{"case", about}}, [](const Json& shown) {
      return shown_text(shown, "narrative") == kNarrative;
    });
    federation.call("51", "case.accept", {{"case", about}});
    const Json moved = federation.call("51", "case.show", {{"case", about}});
    CHECK(shown_text(moved, "identity") == "(kept)");
    const Json seen =
        federation.wait_for("hub", "case.show", {{"case", about}},
                            [](const Json& shown) { return shown["custodian"] == "51"; });
    CHECK(shown_text(seen, "identity") == "(kept)");
    if (privacy == std::string("confidential")) {
      CHECK(shown_text(seen, "narrative") == "(kept)");
    }
  }
  const TextSearch search(kWords);
  const TextSearch canary({kCanary});
  for (const char* id : {"hub", "51", "51.03"}) {
    federation.stop(id);
    INFO(id);
    CHECK(search.find_below(federation.home(id).path()) == std::vector<std::string>{});
    std::ifstream log(federation.home(id).path() + ".log", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(log), {}};
    CHECK_FALSE(text.empty());
    CHECK(search.find_in(as_bytes(text)) == std::vector<std::string>{});
  }
  // The search looks in the right place: what is public is there to be found.
  CHECK_FALSE(canary.find_below(federation.home("hub").data()).empty());
}

}  // namespace
}  // namespace simpul
