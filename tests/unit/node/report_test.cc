#include <catch2/catch.hpp>

#include "crypto/random.h"
#include "node/cli/format.h"
#include "node/report/run.h"
#include "tests/support/told_case.h"

using namespace simpul;
using simpul::test::ToldCase;

namespace {

const Json kFirstQuarter{{"by", "custodian"}, {"from", "2026-01-01"}, {"to", "2026-03-31"}};

// Tables as a node of the told case's federation makes and verifies them.
struct Clerk {
  ToldCase told;
  Duration later{};  // than it is in the federation, by the clock of who asks

  Result<Json> ask(const std::string& node, const std::string& name, const Json& arguments) {
    ReadTransaction transaction = told.federation.node(node).store().read();
    Tables tables(transaction);
    const QueryContext context{.tables = tables,
                               .self = &told.federation.node(node).identity(),
                               .roster = told.federation.roster(),
                               .now = told.federation.now() + later};
    return run_query(context, name, arguments);
  }
  ReportOptions at(const std::string& node, std::size_t part = 1'000) {
    ReportOptions options;
    options.ask = [this, node](const std::string& name, const Json& arguments) {
      return ask(node, name, arguments);
    };
    options.cases_per_part = part;
    return options;
  }
  Json table(const Json& spec = kFirstQuarter, const std::string& node = "hub",
             std::size_t part = 1'000) {
    const auto read = report_spec(spec);
    REQUIRE(read);
    auto made = make_report(*read, at(node, part));
    INFO((made ? "" : made.error().message));
    REQUIRE(made);
    return *std::move(made);
  }
  Json verdict(const Json& table, const std::string& node = "hub") {
    auto verdict = verify_report(table.dump(), at(node));
    INFO((verdict ? "" : verdict.error().message));
    REQUIRE(verdict);
    return *std::move(verdict);
  }
  // Badung opens, verifies and answers one more case.
  void tell_another() {
    const Json id = told.call("51.03", "case.open", {{"category", "water.pipes"}, {"text", "air"}});
    told.call("51.03", "case.answer", {{"case", id["case"]}, {"text", "Sudah"}});
    told.federation.run_for(std::chrono::seconds(20));
    REQUIRE(told.ask("hub", "case.list", {{"status", "answered"}})["cases"].size() == 2);
  }
};

Json& row_of(Json& table, const std::string& name) {
  for (Json& row : table["rows"]) {
    if (row["row"] == name) return row;
  }
  FAIL("there is no row " << name);
  return table;
}

}  // namespace

TEST_CASE("a table says how a period went and what it was computed from", "[report]") {
  Clerk clerk;
  Json table = clerk.table();
  CHECK(row_of(table, "51.03")["received"] == 1);
  CHECK(row_of(table, "51.03")["answered"] == 0);
  CHECK(row_of(table, "51")["received"] == 1);
  CHECK(row_of(table, "51")["answered"] == 1);
  CHECK(row_of(table, "51")["on_time"] == 1);
  CHECK(row_of(table, "51")["days_median"] == 0);
  CHECK(row_of(table, "51.03")["days_median"] == nullptr);
  CHECK(table["rows"].back()["row"] == "total");
  CHECK(table["roster"]["version"] == clerk.told.federation.roster().version);
  for (const Json& journal : table["journals"]) {
    const Json head = clerk.told.ask("hub", "log.checkpoint",
                                     {{"journal", journal["journal"]}, {"size", journal["size"]}});
    CHECK(head["root"] == journal["root"]);
  }
  CHECK(table["journals"].size() >= 2);
  CHECK(clerk.verdict(table)["verdict"] == "agrees");
}

TEST_CASE("a table has no word that a person wrote or is known by", "[report]") {
  Clerk clerk;
  for (const char* by : {"custodian", "region", "category"}) {
    Json spec = kFirstQuarter;
    spec["by"] = by;
    const std::string text = clerk.table(spec).dump();
    for (const char* word : {"Kuta", "Pelapor", "diperbaiki", "camat", "sri"}) {
      CHECK(text.find(word) == std::string::npos);
    }
    CHECK(text.find(clerk.told.id) == std::string::npos);
  }
}

TEST_CASE("a tampered table is found out with the row and the column", "[report]") {
  Clerk clerk;
  Json table = clerk.table();
  row_of(table, "51.03")["answered"] = 7;
  const Json verdict = clerk.verdict(table);
  CHECK(verdict["verified"] == false);
  CHECK(verdict["verdict"] == "differs");
  REQUIRE(verdict["differences"].size() == 1);
  CHECK(verdict["differences"][0] ==
        Json{{"row", "51.03"}, {"column", "answered"}, {"published", 7}, {"recomputed", 0}});
  const std::string text = format_report_verdict(verdict, {});
  CHECK(text.find("51.03  answered  7          0") != std::string::npos);
  SECTION("a row that was taken out too") {
    Json shorter = clerk.table();
    shorter["rows"].erase(shorter["rows"].size() - 1);
    const Json missing = clerk.verdict(shorter);
    CHECK(missing["verified"] == false);
    CHECK(missing["differences"][0]["row"] == "total");
    CHECK(missing["differences"][0]["published"] == nullptr);
  }
  SECTION("a row that is there twice too") {
    Json twice = clerk.table();
    twice["rows"].push_back(twice["rows"][0]);
    CHECK(clerk.verdict(twice)["verdict"] == "differs");
  }
}

TEST_CASE("what happens later, past the heads of a table, does not change its verdict",
          "[report]") {
  Clerk clerk;
  const Json before = clerk.table();
  clerk.tell_another();
  CHECK(clerk.verdict(before)["verdict"] == "agrees");
  Json after = clerk.table();
  CHECK(after["rows"] != before["rows"]);
  CHECK(row_of(after, "51.03")["answered"] == 1);
  CHECK(clerk.verdict(after)["verdict"] == "agrees");
}

TEST_CASE("a table does not depend on when, or in how many parts, it is computed", "[report]") {
  Clerk clerk;
  clerk.tell_another();
  const Json table = clerk.table();
  CHECK(clerk.table(kFirstQuarter, "hub", 1) == table);
  clerk.later = std::chrono::hours{24 * 400};
  CHECK(clerk.table() == table);
  CHECK(clerk.verdict(table)["verdict"] == "agrees");
}

TEST_CASE("a journal that is not here whole, or has another root, leaves a table unjudged",
          "[report]") {
  Clerk clerk;
  Json table = clerk.table();
  const Json verdict = clerk.verdict(table, "51");
  CHECK(verdict["verdict"] == "cannot be judged");
  CHECK(verdict["verified"] == false);
  CHECK(verdict["problems"].dump().find("51.03/1") != std::string::npos);
  std::swap(table["journals"].front()["root"], table["journals"].back()["root"]);
  const Json other = clerk.verdict(table);
  CHECK(other["verdict"] == "cannot be judged");
  CHECK(other["problems"].dump().find("another root") != std::string::npos);
}

TEST_CASE("a table under a roster that is not here cannot be judged", "[report]") {
  Clerk clerk;
  Json table = clerk.table();
  table["roster"]["version"] = 99;
  const Json verdict = clerk.verdict(table);
  CHECK(verdict["verdict"] == "cannot be judged");
  CHECK(verdict["problems"][0]["why"].get<std::string>().find("roster 99") != std::string::npos);
}

TEST_CASE("a node that holds others' journals in part says that it left them out", "[report]") {
  Clerk clerk;
  Json table = clerk.table(kFirstQuarter, "51");
  CHECK(table["left_out"].dump().find("51.03/1") != std::string::npos);
  CHECK(clerk.verdict(table)["verdict"] == "agrees");  // at the hub, which holds more
  CHECK_FALSE(clerk.verdict(table)["uncovered"].empty());
  CHECK(format_report(table, {}).find("held here only in part") != std::string::npos);
}

TEST_CASE("a period without cases is said to have none", "[report]") {
  Clerk clerk;
  const Json table = clerk.table({{"from", "2020-01-01"}, {"to", "2020-01-31"}});
  CHECK(table["rows"].empty());
  CHECK(format_report(table, {}).find("No cases in this period.") != std::string::npos);
  CHECK(clerk.verdict(table)["verdict"] == "agrees");
}

TEST_CASE("a wrong period is refused with what is wrong about it", "[report]") {
  const auto message = [](const char* from, const char* to, const char* by = "region") {
    const auto spec = report_spec({{"from", from}, {"to", to}, {"by", by}});
    return spec ? "" : spec.error().message;
  };
  CHECK(message("2026-01-01", "2026-01-31").empty());
  CHECK(message("2026-01-01", "2025-12-31") == "the period ends before it begins");
  CHECK(message("2026-02-30", "2026-03-01").find("from is a date") != std::string::npos);
  CHECK(message("2026-01-01", "soon").find("to is a date") != std::string::npos);
  CHECK(message("2026-01-01", "2026-01-31", "colour").find("colour") != std::string::npos);
}

TEST_CASE("what is no table is refused, however it is spoilt", "[report]") {
  Clerk clerk;
  const Json table = clerk.table();
  const auto refused = [&](const std::string& file) {
    return !verify_report(file, clerk.at("hub")).has_value();
  };
  CHECK(refused(""));
  CHECK(refused("[]"));
  CHECK(refused(report_csv(table)));
  CHECK(refused(std::string(100, '[')));
  for (const char* name : {"format", "from", "to", "roster", "journals", "rows"}) {
    Json spoilt = table;
    spoilt[name] = 5;
    CHECK(refused(spoilt.dump()));
    spoilt.erase(name);
    CHECK(refused(spoilt.dump()));
  }
  Json twice = table;
  twice["journals"].push_back(twice["journals"][0]);
  CHECK(refused(twice.dump()));
}

TEST_CASE("a table with any of its bytes changed is refused, differs or cannot be judged",
          "[report]") {
  Clerk clerk;
  const std::string file = clerk.table().dump();
  SeededRandom random(3);
  int judged = 0;
  for (int i = 0; i < 400; ++i) {
    std::string changed = file;
    changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    const auto verdict = verify_report(changed, clerk.at("hub"));
    if (!verdict) continue;
    ++judged;
    const Json parsed = Json::parse(changed);
    // What nobody relies on may be anything, and white space is nothing.
    const bool is_same = parsed["rows"] == Json::parse(file)["rows"];
    CHECK(((*verdict)["verdict"] == "agrees") <= is_same);
  }
  CHECK(judged > 0);
}

TEST_CASE("no cell of a table as CSV can be taken for a formula", "[report]") {
  Json table{{"by", "custodian"},
             {"from", "2026-01-01"},
             {"to", "2026-01-31"},
             {"federation", "@home"},
             {"roster", {{"version", 1}, {"hash", "ab"}}},
             {"journals", Json::array({{{"journal", "51/1"}, {"size", 3}, {"root", "+abc="}}})}};
  table["rows"] = Json::array({{{"row", "=1+1"}, {"name", "-\"Bali\", desa"}, {"received", 2}},
                               {{"row", "51"}, {"days_median", nullptr}}});
  const std::string csv = report_csv(table);
  CHECK(csv.find("'=1+1,\"'-\"\"Bali\"\", desa\",2,") != std::string::npos);
  CHECK(csv.find("\r\n51,,,") != std::string::npos);
  CHECK(csv.find("'@home") != std::string::npos);
  CHECK(csv.find("51/1,3,,'+abc=") != std::string::npos);
}
