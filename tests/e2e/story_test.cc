#include <catch2/catch.hpp>

#include "tests/support/federation_fixture.h"

namespace simpul {
namespace {

const std::string kStoryNarrative = "Jalan Raya Kuta berlubang di depan pasar";
const std::string kAnswer = "Sudah ditambal pada hari Senin";

void add_badung_and_bali(FederationFixture& federation) {
  federation.add({.id = "51", .kind = "province", .name = "Bali", .listens = true});
  federation.add({.id = "51.03", .kind = "regency", .name = "Badung"});
}

Json case_at(FederationFixture& federation, const std::string& id, const std::string& about,
             const std::function<bool(const Json&)>& wanted) {
  return federation.wait_for(id, "case.show", {{"case", about}}, wanted);
}

bool is_offered_to(const Json& shown, const std::string& member) {
  return shown.contains("offer") && shown["offer"]["to"] == member;
}

std::string text_of(const Json& shown, const std::string& role) {
  for (const Json& text : shown["texts"]) {
    if (text["role"] == role && text.contains("text")) return text["text"];
  }
  return "";
}

void forward_to_bali(FederationFixture& federation, const std::string& about) {
  federation.call("51.03", "case.forward",
                  {{"case", about}, {"to", "51"}, {"text", "Jalan provinsi"}});
  case_at(federation, "51", about, [](const Json& shown) {
    return is_offered_to(shown, "51") && text_of(shown, "narrative") == kStoryNarrative;
  });
}

// Badung opens and offers; Bali declines with a reason, then accepts, answers and closes.
std::string tell_the_story(FederationFixture& federation) {
  const std::string about =
      federation.call("51.03", "case.open",
                      {{"category", "infrastructure.roads"}, {"text", kStoryNarrative}})["case"];
  federation.call("51.03", "case.verify", {{"case", about}});
  forward_to_bali(federation, about);
  federation.call("51", "case.decline",
                  {{"case", about}, {"reason", "not-our-authority"}, {"text", "Jalan kabupaten"}});
  const Json back = case_at(federation, "51.03", about, [](const Json& shown) {
    return !shown.contains("offer") && shown["declines"] == 1;
  });
  CHECK(back["declined"][0]["by"] == "51");
  CHECK(back["declined"][0]["reason"] == "not-our-authority");
  forward_to_bali(federation, about);
  federation.call("51", "case.accept", {{"case", about}});
  federation.call("51", "case.answer", {{"case", about}, {"text", kAnswer}});
  case_at(federation, "51.03", about, [](const Json& shown) {
    return shown["custodian"] == "51" && text_of(shown, "answer") == kAnswer;
  });
  federation.call("51", "case.close", {{"case", about}});
  case_at(federation, "51.03", about,
          [](const Json& shown) { return shown["status"] == "closed"; });
  return about;
}

// What the hub must show in the end, however the events travelled.
void check_hub(FederationFixture& federation, const std::string& about) {
  const Json shown = case_at(federation, "hub", about, [](const Json& state) {
    return state["status"] == "closed" && state["missing"] == 0;
  });
  CHECK(shown["custodian"] == "51");
  REQUIRE(shown["route"].size() == 2);
  CHECK(shown["route"][0]["custodian"] == "51.03");
  CHECK(shown["route"][1]["custodian"] == "51");
  CHECK(shown["void"] == 0);
  const Json table = federation.call("hub", "national");
  CHECK(table["cases"] == 1);
  CHECK(table["totals"] == Json{{"closed", 1}});
  REQUIRE(table["members"].size() == 1);
  CHECK(table["members"][0]["member"] == "51");
  for (const char* id : {"hub", "51", "51.03"}) {
    CHECK(federation.call(id, "log.verify")["verified"] == true);
    CHECK(federation.call(id, "status")["alerts"].empty());
  }
}

void check_timeline(FederationFixture& federation, const std::string& id,
                    const std::string& about) {
  const Json timeline = federation.call(id, "case.timeline", {{"case", about}})["timeline"];
  std::vector<std::string> kinds;
  for (const Json& event : timeline) {
    INFO(event.dump(1));
    CHECK(event["verdict"] == "effective");
    kinds.push_back(event["kind"]);
  }
  CHECK(kinds == std::vector<std::string>{"opened", "verified", "forwarded", "delivered",
                                          "declined", "forwarded", "delivered", "accepted",
                                          "answered", "closed"});
}

TEST_CASE("a case travels from Badung to Bali through the hub and is closed", "[e2e][story]") {
  FederationFixture federation(SIMPUL_BINARY);
  // Nobody listens but the hub.
  federation.add({.id = "51", .kind = "province", .name = "Bali"});
  federation.add({.id = "51.03", .kind = "regency", .name = "Badung"});
  const std::string about = tell_the_story(federation);
  check_hub(federation, about);
  for (const char* id : {"hub", "51", "51.03"}) check_timeline(federation, id, about);
}

TEST_CASE("the same happens over a direct link while the hub is down, and the hub catches up",
          "[e2e][story]") {
  FederationFixture federation(SIMPUL_BINARY);
  add_badung_and_bali(federation);
  // Badung's roster says where Bali listens; the link is made when there is something to say.
  federation.stop("hub");
  const std::string about = tell_the_story(federation);
  for (const char* id : {"51", "51.03"}) check_timeline(federation, id, about);
  federation.start("hub");
  check_hub(federation, about);
  check_timeline(federation, "hub", about);
}

}  // namespace
}  // namespace simpul
