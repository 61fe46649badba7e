#include <catch2/catch.hpp>

#include "node/answer_template.h"
#include "node/bulk_moves.h"

using namespace simpul;

namespace {

// A node with so many cases, of which every third refuses whatever is done to it.
struct Desk {
  Result<Json> operator()(const std::string& name, const Json& arguments) {
    if (name == "status") return Json{{"member", "51.03"}};
    if (name == "case.list") return list(arguments);
    given.push_back(arguments);
    if (stops_after && given.size() > *stops_after) {
      return fail(ErrorCode::kUnavailable, "the node stopped");
    }
    const std::string id = arguments["case"];
    if ((id.back() - '0') % 3 == 0) return fail(ErrorCode::kNotAllowed, id + " is closed");
    return Json{{"case", id}};
  }
  Json list(const Json& arguments) {
    lists.push_back(arguments);
    const std::string from = arguments.value("from", "");
    const std::size_t first = from.empty() ? 0 : std::stoul(from);
    const std::size_t end = std::min(cases, first + arguments["limit"].get<std::size_t>());
    Json page{{"cases", Json::array()}};
    for (std::size_t i = first; i < end; ++i) {
      page["cases"].push_back({{"case", "51.03-" + std::to_string(i)},
                               {"category", "roads"},
                               {"opened", "2026-01-05T08:00:00.000Z"}});
    }
    if (end < cases) page["next"] = std::to_string(end);
    return page;
  }

  std::size_t cases = 0;
  std::optional<std::size_t> stops_after;
  std::vector<Json> given, lists;
};

Result<Json> run(Desk& desk, BulkOptions options) {
  return bulk_move(options, [&](const std::string& name, const Json& arguments) {
    return desk(name, arguments);
  });
}

BulkOptions forward(Json filters = Json::object()) {
  return {.move = "case.forward",
          .filters = std::move(filters),
          .arguments = {{"to", "51"}},
          .progress = {}};
}

}  // namespace

TEST_CASE("a move is made on every case, and those that refuse it are told", "[bulk]") {
  Desk desk{.cases = 7, .stops_after = {}, .given = {}, .lists = {}};
  BulkOptions options = forward();
  options.page_size = 3;
  const auto report = run(desk, options);
  REQUIRE(report);
  CHECK((*report)["chosen"] == 7);
  CHECK((*report)["done"].size() + (*report)["refused"].size() == 7);
  CHECK((*report)["refused"].size() == 3);  // 0, 3 and 6
  CHECK(desk.given.size() == 7);
  CHECK(desk.given[0]["to"] == "51");
  CHECK_FALSE(desk.given[0].contains("dry_run"));
  CHECK(desk.lists[0]["custodian"] == "51.03");
}

TEST_CASE("a dry run asks of every case whether it would be done", "[bulk]") {
  Desk desk{.cases = 2, .stops_after = {}, .given = {}, .lists = {}};
  BulkOptions options = forward({{"custodian", "51"}, {"status", "received"}});
  options.dry_run = true;
  const auto report = run(desk, options);
  REQUIRE(report);
  CHECK((*report)["dry_run"] == true);
  for (const Json& arguments : desk.given) CHECK(arguments["dry_run"] == true);
  CHECK(desk.lists[0]["custodian"] == "51");
  CHECK(desk.lists[0]["status"] == "received");
}

TEST_CASE("no more cases are moved than the limit says, and none where none match", "[bulk]") {
  Desk desk{.cases = 9, .stops_after = {}, .given = {}, .lists = {}};
  BulkOptions options = forward({{"limit", 4}});
  options.page_size = 3;
  CHECK((*run(desk, options))["chosen"] == 4);
  CHECK_FALSE(run(desk, forward({{"limit", 0}})));
  Desk empty{.cases = 0, .stops_after = {}, .given = {}, .lists = {}};
  CHECK((*run(empty, forward()))["chosen"] == 0);
}

TEST_CASE("a node that stops on the way says how far it came", "[bulk]") {
  Desk desk{.cases = 5, .stops_after = 2, .given = {}, .lists = {}};
  const auto report = run(desk, forward());
  REQUIRE(report);
  CHECK((*report)["stopped"] == "the node stopped");
  CHECK((*report)["done"].size() + (*report)["refused"].size() == 2);
}

TEST_CASE("a template is filled for each case, and a wrong one is told before anything is done",
          "[bulk][template]") {
  Desk desk{.cases = 2, .stops_after = {}, .given = {}, .lists = {}};
  BulkOptions options = forward();
  options.move = "case.answer";
  options.arguments = {{"template", "Laporan {case} ({category}) tanggal {opened} selesai."}};
  REQUIRE(run(desk, options));
  CHECK(desk.given[1]["text"] == "Laporan 51.03-1 (roads) tanggal 2026-01-05 selesai.");
  CHECK_FALSE(desk.given[1].contains("template"));
  desk.given.clear();
  options.arguments = {{"template", "Yth. {nama}"}};
  CHECK_FALSE(run(desk, options));
  CHECK(desk.given.empty());
}

TEST_CASE("a template says '{' with two, and names what it knows", "[template]") {
  const Json row{{"case", "51.03-1"}, {"label", {{"id", "Diproses"}}}};
  CHECK(*fill_template("{{case} {case}: {status} }", row) == "{case} 51.03-1: Diproses }");
  CHECK(*fill_template("", row) == "");
  CHECK(*fill_template("{unit}", row) == "");
  const auto unknown = fill_template("{pelapor}", row);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("{case}") != std::string::npos);
  CHECK_FALSE(fill_template("Laporan {case", row));
}
