#include "node/evidence.h"

#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "tests/support/told_case.h"

using namespace simpul;
using simpul::test::ToldCase;

namespace {

Json evidence(ToldCase& told, const std::string& node) {
  return told.ask(node, "evidence", {{"case", told.id}});
}

Json verified(const Json& file, const std::optional<VerifyKey>& root = std::nullopt) {
  const auto report = verify_evidence(file.dump(), root);
  REQUIRE(report);
  return *report;
}

// The first damage found in a file that must not verify.
std::string damage_of(const Json& file, const std::optional<VerifyKey>& root = std::nullopt) {
  const Json report = verified(file, root);
  CHECK(report["verified"] == false);
  REQUIRE(!report["damage"].empty());
  return report["damage"][0];
}

bool says(const std::string& text, const std::string& what) {
  INFO(text);
  CHECK(text.find(what) != std::string::npos);
  return text.find(what) != std::string::npos;
}

// The events of the journal that opened the case.
Json& events_of_origin(Json& file) {
  for (Json& journal : file["journals"]) {
    if (journal["journal"] == "51.03/1") return journal["events"];
  }
  throw std::runtime_error("the origin's journal is not in the file");
}

Json& journal_of_origin(Json& file) {
  for (Json& journal : file["journals"]) {
    if (journal["journal"] == "51.03/1") return journal;
  }
  throw std::runtime_error("the origin's journal is not in the file");
}

void flip(Json& base64, std::size_t byte) {
  Bytes bytes = *from_base64(base64.get<std::string>());
  bytes[byte % bytes.size()] ^= 1;
  base64 = to_base64(bytes);
}

}  // namespace

TEST_CASE("evidence made at any node verifies and tells the route", "[evidence]") {
  ToldCase told;
  for (const char* node : {"51.03", "51", "hub"}) {
    const Json file = evidence(told, node);
    const Json report = verified(file, told.federation.node("hub").identity().root);
    INFO(node << report["damage"].dump(1));
    CHECK(report["verified"] == true);
    CHECK(report["root_key_given"] == true);
    CHECK(report["status"] == "answered");
    REQUIRE(report["route"].size() == 2);
    CHECK(report["route"][0]["custodian"] == "51.03");
    CHECK(report["route"][1]["custodian"] == "51");
    CHECK(report["timeline"].size() == 6);
  }
}

TEST_CASE("evidence names the hub that witnessed a journal", "[evidence]") {
  ToldCase told;
  for (const char* node : {"51.03", "hub"}) {
    Json file = evidence(told, node);
    const Json report = verified(file);
    bool is_witnessed = false;
    for (const Json& journal : report["journals"]) {
      if (journal["journal"] != "51.03/1") continue;
      for (const Json& witness : journal["cosigned_by"]) is_witnessed |= witness["by"] == "hub";
    }
    INFO(node << report["journals"].dump(1));
    CHECK(is_witnessed);
  }
}

TEST_CASE("evidence holds no word that a person wrote", "[evidence]") {
  ToldCase told;
  const std::string text = evidence(told, "51.03").dump();
  CHECK(text.find("Kuta") == std::string::npos);
  CHECK(text.find("Pelapor") == std::string::npos);
}

TEST_CASE("an altered event is named", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  flip(events_of_origin(file)[1]["event"], 40);
  says(damage_of(file), "51.03/1#1");
}

TEST_CASE("an event moved to another index is named", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  events_of_origin(file)[1]["index"] = 2;
  says(damage_of(file), "51.03/1#2");
}

TEST_CASE("an altered inclusion proof is named", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  flip(events_of_origin(file)[0]["proof"][0], 5);
  says(damage_of(file), "51.03/1#0");
}

TEST_CASE("an event left out is missed by those that cite it", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  events_of_origin(file).erase(1);
  says(damage_of(file), "incomplete");
}

TEST_CASE("a checkpoint that the author did not sign is named", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  std::string note = journal_of_origin(file)["checkpoint"];
  const std::size_t line = note.find('\n', note.find('\n') + 1) + 1;  // the root
  note[line] = note[line] == 'A' ? 'B' : 'A';
  journal_of_origin(file)["checkpoint"] = note;
  says(damage_of(file), "not signed by 51.03");
}

TEST_CASE("a cosignature that does not verify is named", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  Json& witnessed = journal_of_origin(file)["witnessed"];
  REQUIRE(!witnessed.empty());
  std::string note = witnessed[0]["checkpoint"];
  const std::size_t last = note.rfind(' ') + 40;  // inside the hub's line
  note[last] = note[last] == 'A' ? 'B' : 'A';
  witnessed[0]["checkpoint"] = note;
  says(damage_of(file), "cosignature of hub");
}

TEST_CASE("a fork that the file asserts but does not prove is named", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  journal_of_origin(file)["disputed_from"] = 1;
  says(damage_of(file), "does not prove it");
}

TEST_CASE("a roster that the root key did not sign is refused", "[evidence]") {
  ToldCase told;
  Json file = evidence(told, "51.03");
  flip(file["roster"], 100);
  says(damage_of(file), "roster is not signed");
  SeededRandom random(9);
  const VerifyKey other = SigningKey::generate(random).verify_key();
  says(damage_of(evidence(told, "51.03"), other), "another root key");
}

TEST_CASE("without a root key from elsewhere the report says so", "[evidence]") {
  ToldCase told;
  CHECK(verified(evidence(told, "51.03"))["root_key_given"] == false);
}

TEST_CASE("what is no evidence at all is refused", "[evidence]") {
  CHECK(!verify_evidence("not JSON", std::nullopt));
  CHECK(!verify_evidence("[]", std::nullopt));
  CHECK(!verify_evidence(R"({"format": "other"})", std::nullopt));
  CHECK(!verify_evidence(R"({"format": "simpul-evidence/1", "case": 5})", std::nullopt));
}
