// The importer over whole federations: engines and storage are real, clock and lines are not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <deque>
#include <set>

#include "node/engine/arguments.h"
#include "node/import_open311.h"
#include "node/queries.h"
#include "tests/support/federation.h"
#include "tests/support/open311_reading.h"

using namespace simpul;
using namespace simpul::test;

namespace {

const std::string kVectors = std::string(SIMPUL_SOURCE_DIR) + "/tests/vectors/open311/";

struct City {
  std::vector<std::string> members;
  std::string file, mapping;
  Federation federation;

  City(std::uint64_t seed, std::vector<std::string> ids, std::string requests, std::string map)
      : members(std::move(ids)),
        file(std::move(requests)),
        mapping(std::move(map)),
        federation(seed, seats()) {
    REQUIRE(federation.run_until([&] {
      return std::ranges::all_of(members, [&](const std::string& id) {
        return federation.call(id, "status", {}).value()["may_author"] == true;
      });
    }));
  }

  std::vector<Federation::Seat> seats() const {
    std::vector<Federation::Seat> seats{{"hub", MemberKind::kHub}};
    for (const std::string& id : members) seats.push_back({id, MemberKind::kMinistry});
    return seats;
  }

  ImportCall caller(const std::string& id) {
    return [this, id](std::string name, Json arguments) -> Result<Json> {
      if (!is_query(name)) return federation.call(id, name, std::move(arguments));
      return federation.ask(id, name, arguments);
    };
  }

  // As if started by hand on one node after the other.
  Json import_on(const std::string& id, Duration patience) {
    ImportOptions options;
    options.patience = patience;
    options.sleep = [&](Duration duration) { federation.run_for(duration); };
    const auto report = run_import(file, mapping, caller(id), options);
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
  }

  // All nodes at once, until none has anything left to do.
  void import_everywhere() {
    const ImportPlan plan = plan_of_file();
    std::deque<ImportRun> runs;
    for (const std::string& id : members) runs.emplace_back(plan, *MemberId::parse(id), caller(id));
    for (int round = 0; round < 200; ++round) {
      for (ImportRun& run : runs) run.round();
      if (std::ranges::all_of(runs, &ImportRun::finished)) break;
      federation.run_for(std::chrono::milliseconds(200));
    }
    for (ImportRun& run : runs) {
      for (const ImportProblem& problem : run.problems()) UNSCOPED_INFO(problem.why);
      CHECK(run.finished());
      CHECK(run.counts().failed == 0);
      CHECK(run.counts().done == run.counts().own);
    }
    federation.run_for(std::chrono::seconds(5));
  }

  ImportPlan plan_of_file() const {
    return plan_import(read_open311(whole_file(file)).value(),
                       read_agency_map(whole_file(mapping)).value());
  }

  // How many events each journal holds at the hub.
  std::string journals_at_hub() {
    return federation.call("hub", "status", {}).value()["journals"].dump();
  }

  std::vector<std::string> custodians(const std::string& node, const CaseId& id) {
    std::vector<std::string> custodians;
    for (const Epoch& epoch : federation.state(node, id.text()).route) {
      custodians.push_back(epoch.custodian.text());
    }
    return custodians;
  }
};

void check_case(City& city, const PlannedCase& planned, const CustodyReading& reading) {
  INFO(planned.record << " " << planned.id.text());
  for (const std::string& node : {std::string("hub"), planned.origin.text()}) {
    CHECK(city.custodians(node, planned.id) == reading.custodians);
    const CaseState state = city.federation.state(node, planned.id.text());
    CHECK((state.status == CaseStatus::kClosed) == reading.closed);
    CHECK((state.outcome == Outcome::kResolved) == reading.closed);
    CHECK(state.void_count == 0);
    CHECK(state.pending_count == 0);
  }
}

void check_times(City& city, const PlannedCase& planned) {
  std::multiset<std::string> happened;
  const auto timeline = city.caller("hub")("case.timeline", {{"case", planned.id.text()}});
  REQUIRE(timeline);
  for (const Json& event : (*timeline)["timeline"]) {
    happened.insert(event["author"].get<std::string>() + " " + event["kind"].get<std::string>() +
                    " " + event["happened"].get<std::string>());
  }
  for (const ImportStep& step : planned.steps) {
    const std::string event =
        step.member.text() + " " + name_of(event_kind_of(step.kind)) + " " + to_text(step.happened);
    INFO(event);
    CHECK(happened.contains(event));
  }
}

}  // namespace

TEST_CASE("requests imported on every node end where the file says, and once only", "[import]") {
  City city(1, {"lamps", "wiring", "roads"}, kVectors + "requests.json", kVectors + "mapping.toml");
  city.import_everywhere();
  const ImportPlan plan = city.plan_of_file();
  for (const PlannedCase& planned : plan.cases) {
    INFO(planned.record);
    const CaseState state = city.federation.state("hub", planned.id.text());
    CHECK(state.custodian == planned.custodian);
    CHECK((state.status == CaseStatus::kClosed) == planned.closed);
    CHECK(state.void_count == 0);
    check_times(city, planned);
  }
  const std::string before = city.journals_at_hub();
  for (const std::string& id : city.members) {
    const Json report = city.import_on(id, std::chrono::seconds(1));
    CHECK(report["done"] == 0);
    CHECK(report["already"] == report["own_steps"]);
    CHECK(report["skipped"] == 5);
  }
  city.federation.run_for(std::chrono::seconds(5));
  CHECK(city.journals_at_hub() == before);
}

TEST_CASE("an import that is started by turns goes on where it waited", "[import]") {
  City city(2, {"lamps", "wiring", "roads"}, kVectors + "requests.json", kVectors + "mapping.toml");
  const Json first = city.import_on("lamps", std::chrono::seconds(1));
  CHECK(first["done"] > 0);
  CHECK(first["waiting"] > 0);
  CHECK(first["failed"] == 0);
  for (int turn = 0; turn < 6; ++turn) {
    for (const std::string& id : city.members) city.import_on(id, std::chrono::seconds(1));
  }
  const ImportPlan plan = city.plan_of_file();
  for (const PlannedCase& planned : plan.cases) check_times(city, planned);
  for (const std::string& id : city.members) {
    CHECK(city.import_on(id, std::chrono::seconds(1))["waiting"] == 0);
  }
}

TEST_CASE("the words of a request can be read by who had it and stay out of every event",
          "[import]") {
  City city(3, {"lamps", "wiring", "roads"}, kVectors + "requests.json", kVectors + "mapping.toml");
  city.import_everywhere();
  const ImportPlan plan = city.plan_of_file();
  const PlannedCase& planned = plan.cases.at(1);
  REQUIRE(planned.record == "20-0002");
  for (const char* id : {"lamps", "wiring"}) {
    const auto place = city.federation.text(id, planned.id.text(), EnclosureRole::kPlace);
    CHECK(place == "12 Harbour Street\n1.25, -2.5");
    const auto text = city.federation.text(id, planned.id.text(), EnclosureRole::kNarrative);
    CHECK(text.value_or("").find("Leaning Lamp Post") != std::string::npos);
  }
  CHECK_FALSE(city.federation.text("roads", planned.id.text(), EnclosureRole::kNarrative));

  ReadTransaction transaction = city.federation.node("hub").store().read();
  Tables tables(transaction);
  std::size_t events = 0;
  for (const JournalHead& head : tables.journals.heads()) {
    for (std::uint64_t index = 0; index < head.held; ++index, ++events) {
      const auto bytes = tables.journals.event(head.id, index);
      REQUIRE(bytes);
      const std::string_view text = as_text(*bytes);
      CHECK(text.find("Harbour") == text.npos);
      CHECK(text.find("wiring crew") == text.npos);
    }
  }
  CHECK(events > 40);
}

TEST_CASE("a node that lost its data and its notes of what it imported imports nothing twice",
          "[import]") {
  City city(5, {"lamps", "wiring", "roads"}, kVectors + "requests.json", kVectors + "mapping.toml");
  city.import_everywhere();
  city.federation.kill("lamps");
  city.federation.lose_data("lamps");
  city.federation.start("lamps");
  REQUIRE(city.federation.run_until(
      [&] { return city.federation.call("lamps", "status", {}).value()["may_author"] == true; }));
  city.federation.run_for(std::chrono::seconds(30));
  const Json report = city.import_on("lamps", std::chrono::seconds(1));
  CHECK(report["done"] == 0);
  CHECK(report["failed"] == 0);
  CHECK(report["already"] == report["own_steps"]);
}

TEST_CASE("a dry run says what everybody would do and asks nothing of the node", "[import]") {
  ImportOptions options;
  options.dry_run = true;
  const auto report = run_import(
      kVectors + "requests.json", kVectors + "mapping.toml",
      [](std::string name, Json) -> Result<Json> {
        FAIL_CHECK("called " << name);
        return fail(ErrorCode::kUnavailable, "");
      },
      options);
  REQUIRE(report);
  CHECK((*report)["records"] == 14);
  CHECK((*report)["cases"] == 9);
  CHECK((*report)["planned"][1]["steps"].size() == 8);
}

TEST_CASE("a plan of a real city's requests passes custody as an independent reading does",
          "[import]") {
  if (chicago_file().empty()) {
    std::puts("SKIP: chicago-open311.json is not beside this checkout");
    return;
  }
  const auto readings = read_custody(chicago_file(), chicago_agencies());
  const ImportPlan plan =
      plan_import(read_open311(whole_file(chicago_file())).value(),
                  read_agency_map(whole_file(kVectors + "chicago-mapping.toml")).value());
  REQUIRE(plan.cases.size() == readings.size());
  for (const PlannedCase& planned : plan.cases) {
    INFO(planned.record);
    std::vector<std::string> custodians;
    for (const ImportStep& step : planned.steps) {
      const bool takes = step.kind == ImportStepKind::kOpen || step.kind == ImportStepKind::kAccept;
      if (takes) custodians.push_back(step.member.text());
    }
    CHECK(custodians == readings.at(planned.record).custodians);
    CHECK(planned.closed == readings.at(planned.record).closed);
    CHECK(planned.custodian.text() == custodians.back());
  }
}

TEST_CASE("a real city's requests, imported on five nodes, agree with the file", "[import]") {
  if (chicago_file().empty()) {
    std::puts("SKIP: chicago-open311.json is not beside this checkout");
    return;
  }
  City city(4, {"conservation", "buildings", "public-way", "transportation", "water"},
            chicago_file(), kVectors + "chicago-mapping.toml");
  city.import_everywhere();
  const auto readings = read_custody(chicago_file(), chicago_agencies());
  const ImportPlan plan = city.plan_of_file();
  CHECK(plan.cases.size() == readings.size());
  for (const PlannedCase& planned : plan.cases) {
    check_case(city, planned, readings.at(planned.record));
    check_times(city, planned);
  }
  const std::string before = city.journals_at_hub();
  for (const std::string& id : city.members) {
    CHECK(city.import_on(id, std::chrono::seconds(1))["done"] == 0);
  }
  city.federation.run_for(std::chrono::seconds(5));
  CHECK(city.journals_at_hub() == before);
}
