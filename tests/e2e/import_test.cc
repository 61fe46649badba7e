// `simpul import open311` on five running nodes: what each of them must end with is read from the
// file by other code, or written down here by hand.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/federation_fixture.h"
#include "tests/support/open311_reading.h"

namespace simpul {
namespace {

using test::CustodyReading;
using Readings = std::map<std::string, CustodyReading>;

constexpr int kPassesMax = 30;

const std::string kVectors = std::string(SIMPUL_SOURCE_DIR) + "/tests/vectors/open311/";

// Two more of the synthetic city's agencies are members than in tests/vectors/open311.
const Json kSyntheticMap = {{"jurisdiction", "city.example"},
                            {"agencies",
                             {{"Lamps and Signs", "lamps"},
                              {"Wiring Office", "wiring"},
                              {"Roads - North", "roads"},
                              {"Roads - South", "roads"},
                              {"Parks", "parks"},
                              {"Private Contractor", "contractor"}}}};

// By hand, from tests/vectors/open311/requests.json and node/import/README.md.
const Readings kSyntheticReadings = {
    {"20-0001", {{"lamps"}, true}},
    {"20-0002", {{"lamps", "wiring", "lamps"}, true}},
    {"20-0003", {{"lamps", "wiring"}, false}},
    {"20-0004", {{"lamps", "wiring", "lamps", "roads", "lamps"}, true}},
    {"20-0005", {{"roads", "wiring", "roads", "lamps", "roads"}, true}},
    {"20-0006", {{"parks"}, true}},
    {"20-0007", {{"lamps", "contractor", "lamps", "wiring", "lamps"}, true}},
    {"20-0010", {{"roads"}, false}},
    // The one never closed comes last, and comes back at the closing.
    {"20-0011", {{"lamps", "roads", "lamps", "wiring", "lamps"}, true}},
    {"20-0012", {{"lamps", "wiring"}, false}}};

class City {
 public:
  City(std::vector<std::string> members, std::string file, std::string mapping)
      : members_(std::move(members)), file_(std::move(file)), mapping_(std::move(mapping)) {
    for (const std::string& id : members_) federation.add({.id = id, .kind = "ministry"});
  }

  // Once on every node, all at the same time. What each reported.
  std::map<std::string, Json> pass(const std::string& patience_s) {
    std::map<std::string, ChildProcess> runs;
    for (const std::string& id : members_) {
      const std::string home = federation.home(id).path();
      runs.try_emplace(
          id,
          std::vector<std::string>{SIMPUL_BINARY, "import", "open311", file_, "--mapping", mapping_,
                                   "--patience", patience_s, "--json", "--home", home},
          home + "-import.log");
    }
    std::map<std::string, Json> reports;
    for (auto& [id, run] : runs) {
      const auto status = run.wait(FederationFixture::kLimit);
      INFO(id << ": " << run.log());
      REQUIRE(status);
      const Json report = Json::parse(run.log(), nullptr, false);
      REQUIRE(report.is_object());
      REQUIRE(report.contains("own_steps"));
      CHECK(*status == (report["waiting"] == 0 ? 0 : 1));
      CHECK(report["failed"] == 0);
      reports[id] = report;
    }
    return reports;
  }

  // Passes until one changes nothing and waits for nobody; that one's reports.
  std::map<std::string, Json> import_everywhere() {
    for (int passes = 0; passes < kPassesMax; ++passes) {
      const auto reports = pass("1");
      const bool is_over = std::ranges::all_of(reports, [](const auto& entry) {
        return entry.second["done"] == 0 && entry.second["waiting"] == 0;
      });
      if (is_over) return reports;
    }
    FAIL("it never came to an end");
    return {};
  }

  // How many events each journal holds at the hub once all are there.
  Json journals_at_hub() {
    for (const std::string& id : members_) federation.wait_acknowledged(id);
    return federation.call(federation.hub(), "status")["journals"];
  }

  const std::vector<std::string>& members() const { return members_; }

  FederationFixture federation{SIMPUL_BINARY};

 private:
  std::vector<std::string> members_;
  std::string file_, mapping_;
};

std::vector<std::string> custodians_of(const Json& shown) {
  std::vector<std::string> custodians;
  for (const Json& epoch : shown["route"]) custodians.push_back(epoch["custodian"]);
  return custodians;
}

// At the hub and at everybody who ever had the case.
void check_case(City& city, const std::string& about, const CustodyReading& reading) {
  std::set<std::string> holders(reading.custodians.begin(), reading.custodians.end());
  holders.insert(city.federation.hub());
  for (const std::string& id : holders) {
    INFO("at " << id);
    const Json shown =
        city.federation.wait_for(id, "case.show", {{"case", about}}, [&](const Json& state) {
          return custodians_of(state) == reading.custodians &&
                 (state["status"] == "closed") == reading.closed && state["missing"] == 0;
        });
    CHECK(shown["void"] == 0);
    CHECK_FALSE(shown.contains("offer"));
  }
}

// What `simpul case timeline` prints for people at that node.
void check_timeline(City& city, const std::string& id, const std::string& about,
                    const CustodyReading& reading) {
  const std::string home = city.federation.home(id).path();
  ChildProcess command({SIMPUL_BINARY, "case", "timeline", about, "--home", home},
                       home + "-timeline.log");
  REQUIRE(command.wait(FederationFixture::kLimit) == 0);
  const std::string text = command.log();
  INFO(text);
  const auto count = [&](const std::string& word) {
    std::size_t times = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++times;
    return times;
  };
  CHECK(count("Laporan diterima") == 1);
  CHECK(count("Diteruskan") == reading.custodians.size() - 1);
  CHECK(count("Diambil alih") == reading.custodians.size() - 1);
  CHECK(count("Selesai") == (reading.closed ? 2 : 0));  // as the status, and as an event
}

void check_import(City& city, const Readings& readings) {
  const Json last = city.import_everywhere().begin()->second;
  REQUIRE(last["planned"].size() == readings.size());
  CHECK(last["cases"] == readings.size());
  for (const Json& planned : last["planned"]) {
    INFO(planned.dump());
    const CustodyReading& reading = readings.at(planned["record"]);
    check_case(city, planned["case"], reading);
    check_timeline(city, reading.custodians.front(), planned["case"], reading);
  }

  const Json before = city.journals_at_hub();
  for (const auto& [id, report] : city.pass("0")) {
    INFO(id << report.dump(1));
    CHECK(report["done"] == 0);
    CHECK(report["already"] == report["own_steps"]);
  }
  CHECK(city.journals_at_hub() == before);
  for (const std::string& id : city.members()) {
    CHECK(city.federation.call(id, "log.verify")["verified"] == true);
    CHECK(city.federation.call(id, "status")["alerts"].empty());
  }
}

TEST_CASE("requests imported on five running nodes end where they are known to end",
          "[e2e][import]") {
  const ScratchDirectory scratch;
  const std::string mapping = scratch / "mapping.json";
  std::ofstream(mapping) << kSyntheticMap.dump(1);
  City city({"lamps", "wiring", "roads", "parks", "contractor"}, kVectors + "requests.json",
            mapping);
  check_import(city, kSyntheticReadings);
}

TEST_CASE("a real city's requests imported on five running nodes agree with the file",
          "[e2e][import]") {
  if (test::chicago_file().empty()) {
    std::puts("SKIP: chicago-open311.json is not beside this checkout");
    return;
  }
  City city({"conservation", "buildings", "public-way", "transportation", "water"},
            test::chicago_file(), kVectors + "chicago-mapping.toml");
  check_import(city, test::read_custody(test::chicago_file(), test::chicago_agencies()));
}

}  // namespace
}  // namespace simpul
