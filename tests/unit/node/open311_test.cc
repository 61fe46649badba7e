#include "node/import/open311.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "node/engine/arguments.h"
#include "node/import/agency_map.h"

using namespace simpul;

namespace {

std::string open311_vector(const std::string& name) {
  std::ifstream stream(std::string(SIMPUL_SOURCE_DIR) + "/tests/vectors/open311/" + name);
  std::ostringstream text;
  text << stream.rdbuf();
  REQUIRE(!text.str().empty());
  return text.str();
}

Json good_record() {
  return Json::parse(open311_vector("requests.json"))[1];
}

// What is said of a file of this one record; empty if it is taken.
ImportProblem problem_of(const Json& record) {
  const auto file = read_open311(Json::array({record}).dump());
  REQUIRE(file);
  if (file->records.size() == 1) return {};
  REQUIRE(file->problems.size() == 1);
  REQUIRE(file->problems[0].skipped);
  return file->problems[0];
}

}  // namespace

TEST_CASE("a request is read with its texts, its place and its notes", "[import]") {
  const auto file = read_open311(open311_vector("requests.json"));
  REQUIRE(file);
  const Open311Record& record = file->records.at(0);
  CHECK(record.id == "20-0001");
  CHECK(record.closed);
  CHECK(to_text(record.requested) == "2020-03-01T02:00:00.000Z");
  CHECK(record.narrative ==
        "Open311 20-0001\nLeaning Lamp Post\nIt leans.\nMore each day.\nWHERE: corner\n"
        "https://city.example/p/1.jpg");
  CHECK(record.place == "12 Harbour Street\n1.25, -2.5");
  REQUIRE(record.notes.size() == 4);
  CHECK(record.notes[2].text == "Inspected: Bolts loose");
}

TEST_CASE("what is wrong with a record is said by record, and the others are read", "[import]") {
  const auto file = read_open311(open311_vector("requests.json"));
  REQUIRE(file);
  CHECK(file->records.size() == 10);
  REQUIRE(file->problems.size() == 4);
  CHECK(file->problems[0].record == "20-0008");
  CHECK(file->problems[0].what == "missing-field");
  CHECK(file->problems[0].why.find("agency_responsible") != std::string::npos);
  CHECK(file->problems[1].record == "#9");
  CHECK(file->problems[1].what == "malformed");
  CHECK(file->problems[2].record == "20-0009");
  CHECK(file->problems[2].why.find("yesterday") != std::string::npos);
  CHECK(file->problems[3].what == "duplicate");
}

TEST_CASE("every field that is needed is missed by name", "[import]") {
  REQUIRE(problem_of(good_record()).what.empty());
  for (const char* name : {"status", "agency_responsible", "requested_datetime"}) {
    Json record = good_record();
    SECTION(name) {
      record.erase(name);
      CHECK(problem_of(record).what == "missing-field");
      CHECK(problem_of(record).why.find(name) != std::string::npos);
      record[name] = nullptr;
      CHECK(problem_of(record).what == "missing-field");
    }
  }
  Json record = good_record();
  record.erase("service_request_id");
  CHECK(problem_of(record).record == "#1");
  record = good_record();
  record["notes"][2]["extended_attributes"].erase("service_request_id");
  CHECK(problem_of(record).why == "the follow-on of note 3 has no service_request_id");
}

TEST_CASE("a value of a wrong type anywhere leaves the record out or changes nothing else",
          "[import]") {
  const Json wrong[] = {Json::array({1}), Json{{"a", 1}}, -1.5, true, "\xC3\xA9"};
  const Json good = good_record().flatten();
  for (const auto& [pointer, value] : good.items()) {
    for (const Json& other : wrong) {
      Json record = good_record();
      record[Json::json_pointer(pointer)] = other;
      const auto file = read_open311(Json::array({record}).dump());
      REQUIRE(file);
      REQUIRE(file->records.size() + file->problems.size() == 1);
    }
  }
}

TEST_CASE("a file cut off anywhere is refused as a whole", "[import]") {
  const std::string text = Json::array({good_record()}).dump();
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto file = read_open311(std::string_view(text).substr(0, size));
    REQUIRE(!file);
    REQUIRE(file.error().code == ErrorCode::kMalformed);
  }
  CHECK(read_open311(text));
  CHECK(read_open311("{}").error().code == ErrorCode::kMalformed);
  CHECK(read_open311("[\"\xff\"]").error().code == ErrorCode::kMalformed);
}

TEST_CASE("a response beyond its limits is refused before it is parsed", "[import]") {
  const std::string large(kOpen311SizeMax + 1, ' ');
  CHECK(read_open311(large).error().code == ErrorCode::kTooLarge);
  const std::string deep(kOpen311DepthMax + 1, '[');
  CHECK(read_open311(deep).error().code == ErrorCode::kTooLarge);
  CHECK(read_open311(std::string(kOpen311DepthMax, '[')).error().code == ErrorCode::kMalformed);

  Json record = good_record();
  record["description"] = std::string(kOpen311TextSizeMax + 1, 'x');
  CHECK(problem_of(record).what == "malformed");
  record["description"] = std::string(kOpen311TextSizeMax, 'x');
  CHECK(problem_of(record).why.find("texts") != std::string::npos);
  record = good_record();
  record["notes"] = Json(kOpen311NotesMax + 1, record["notes"][0]);
  CHECK(problem_of(record).what == "malformed");
}

TEST_CASE("a time without a zone, or that is none, is refused", "[import]") {
  for (const char* good : {"2020-02-29T23:59:59Z", "2020-01-01T00:00:00.5+07:00"}) {
    CHECK(parse_open311_time(good));
  }
  for (const char* bad :
       {"", "2020-01-01", "2020-01-01T00:00:00", "2021-02-29T00:00:00Z", "2020-01-01T24:00:00Z",
        "2020-01-01T00:00:00.Z", "2020-01-01T00:00:00z", "2020-01-01 00:00:00Z",
        "2020-01-01T00:00:00+7:00", " 020-01-01T00:00:00Z", "2020-01-01T00:00:00+99:00",
        "2020-01-01T00:00:00+07:00 "}) {
    CHECK_FALSE(parse_open311_time(bad));
  }
}

TEST_CASE("a mapping is read from TOML and from JSON alike", "[import]") {
  const auto toml = read_agency_map(open311_vector("mapping.toml"));
  REQUIRE(toml);
  CHECK(toml->jurisdiction == "city.example");
  CHECK(toml->find("Roads - South").text() == "roads");
  CHECK(toml->find("roads - south").empty());
  const auto json = read_agency_map(R"({"agencies": {"A": "water"}, "privacy": "confidential"})");
  REQUIRE(json);
  CHECK(json->privacy == Privacy::kConfidential);
}

TEST_CASE("a mapping that is wrong names the key", "[import]") {
  const auto why = [](std::string_view text) { return read_agency_map(text).error().message; };
  CHECK(why("").find("agencies") != std::string::npos);
  CHECK(why("[agencies]\n\"A\" = \"NOT AN ID\"").find("\"A\"") != std::string::npos);
  CHECK(why("[agencies]\nA = 1").find("\"A\"") != std::string::npos);
  CHECK(why("colour = \"red\"").find("colour") != std::string::npos);
  CHECK(why("privacy = \"some\"").find("confidential") != std::string::npos);
  CHECK(why("jurisdiction = \"a b\"").find("jurisdiction") != std::string::npos);
  CHECK(why("[agencies").find("line 1") != std::string::npos);
  CHECK(why("{\"agencies\": ").find("JSON") != std::string::npos);
}
