#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "node/csv/csv_writer.h"
#include "node/export_cases.h"
#include "node/queries.h"
#include "tests/support/federation.h"
#include "tests/support/temp_directory.h"

using namespace simpul;
using namespace simpul::test;

namespace {

// Answers like case.list, from rows made up, and remembers what it was asked.
struct MadeUpNode {
  std::vector<Json> rows;
  std::vector<Json> asked;

  Result<Json> operator()(const std::string& name, const Json& arguments) {
    CHECK(name == "case.list");
    asked.push_back(arguments);
    const std::string from = arguments.value("from", "");
    const std::size_t first = from.empty() ? 0 : std::stoul(from);
    const std::size_t last = std::min(rows.size(), first + arguments["limit"].get<std::size_t>());
    Json page{{"cases", Json::array()}};
    for (std::size_t i = first; i < last; ++i) page["cases"].push_back(rows[i]);
    if (last < rows.size()) page["next"] = std::to_string(last);
    return page;
  }
};

Json exported_row(int number) {
  return {{"case", "51.03-000" + std::to_string(number)},
          {"status", "received"},
          {"custodian", "51.03"},
          {"offer", {{"to", "51"}, {"due", "2026-01-07T08:00:00.000Z"}}},
          {"region", "51.03"},
          {"category", "roads"},
          {"class", "complaint"},
          {"privacy", "public"},
          {"channel", "web"},
          {"opened", "2026-01-05T08:00:00.000Z"},
          {"updated", "2026-01-06T08:00:00.000Z"},
          {"declines", 2},
          {"reopened", 0},
          {"unit", "never exported"}};
}

std::string exported(MadeUpNode& node, const Json& filters, ExportOptions options) {
  std::string text;
  const auto sink = [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  };
  REQUIRE(export_cases(filters, std::ref(node), sink, options));
  return text;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("cells are quoted where they must be, as RFC 4180 has it", "[csv]") {
  CHECK(csv_row({"a", "b c", ""}) == "a,b c,\r\n");
  CHECK(csv_row({"a,b", "say \"no\"", "two\nlines"}) ==
        "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
  CHECK(csv_row({}) == "\r\n");
}

TEST_CASE("no cell begins as a spreadsheet's formula would", "[csv]") {
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r", "\n"}) {
    const std::string row = csv_row({start + "cmd|'/c calc'!A1"});
    INFO(row);
    CHECK((row.starts_with("'" + start) || row.starts_with("\"'" + start)));
  }
  CHECK(csv_row({"2026-01-05", "a=b"}) == "2026-01-05,a=b\r\n");
}

TEST_CASE("an export as CSV has a heading and a line a case", "[export]") {
  MadeUpNode node{.rows = {exported_row(1)}};
  CHECK(exported(node, Json::object(), {}) ==
        "id,status,custodian,offeree,region,category,class,privacy,channel,opened,changed,due,"
        "declines,reopened\r\n"
        "51.03-0001,received,51.03,51,51.03,roads,complaint,public,web,2026-01-05T08:00:00.000Z,"
        "2026-01-06T08:00:00.000Z,,2,0\r\n");
}

TEST_CASE("an export as JSON is one array, empty or not", "[export]") {
  MadeUpNode none;
  CHECK(exported(none, Json::object(), {.format = ExportFormat::kJson}) == "[]\n");
  MadeUpNode node{.rows = {exported_row(1), exported_row(2), exported_row(3)}};
  const Json array =
      Json::parse(exported(node, Json::object(), {.format = ExportFormat::kJson, .page_size = 2}));
  REQUIRE(array.size() == 3);
  CHECK(array[2]["id"] == "51.03-0003");
  CHECK(array[0]["offeree"] == "51");
  CHECK(array[0]["declines"] == 2);
  CHECK(!array[0].contains("due"));
  CHECK(!array[0].contains("unit"));
}

TEST_CASE("an export asks page by page, with its filters, and no further than its limit",
          "[export]") {
  MadeUpNode node;
  for (int i = 0; i < 7; ++i) node.rows.push_back(exported_row(i));
  const std::string whole = exported(node, {{"status", "received"}}, {.page_size = 3});
  CHECK(std::ranges::count(whole, '\n') == 8);
  REQUIRE(node.asked.size() == 3);
  CHECK(node.asked[2] == Json{{"status", "received"}, {"limit", 3}, {"from", "6"}});
  const std::string part = exported(node, {{"limit", 4}}, {.page_size = 3});
  CHECK(std::ranges::count(part, '\n') == 5);
  CHECK(!export_cases({{"limit", 0}}, std::ref(node), [](auto) { return Result<void>(); }, {}));
}

TEST_CASE("an export that fails leaves no file, and what was there stays", "[export]") {
  const TempDirectory directory;
  const std::string path = directory / "cases.csv";
  {
    auto file = ExportFile::open(path);
    REQUIRE(file);
    REQUIRE(file->write("old"));
    REQUIRE(file->finish());
  }
  {
    auto file = ExportFile::open(path);
    REQUIRE(file->write("new, and broken off"));
  }
  CHECK(content_of(path) == "old");
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
  CHECK(!ExportFile::open(directory / "none/cases.csv"));
}

TEST_CASE("a node's own cases are exported as they stand", "[export]") {
  Federation federation(1, {{"hub", MemberKind::kHub}, {"51.03", MemberKind::kRegency}});
  REQUIRE(federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
  for (const char* category : {"roads", "water"}) {
    REQUIRE(federation.call("51.03", "case.open", {{"category", category}, {"text", "Rusak"}}));
  }
  const auto query = [&](const std::string& name, const Json& arguments) {
    const FederationNode& node = federation.node("51.03");
    ReadTransaction transaction = node.store().read();
    Tables tables(transaction);
    return run_query({.tables = tables,
                      .self = &node.identity(),
                      .roster = federation.roster(),
                      .now = federation.now()},
                     name, arguments);
  };
  std::string text;
  const auto sink = [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  };
  CHECK(export_cases(Json::object(), query, sink, {.page_size = 1}).value() == 2);
  CHECK(std::ranges::count(text, '\n') == 3);
  const std::size_t newest = text.find(",received,51.03,,51.03,water,complaint,public,counter,");
  const std::size_t oldest = text.find(",received,51.03,,51.03,roads,complaint,public,counter,");
  CHECK(newest < oldest);
  CHECK(oldest != std::string::npos);
  CHECK(text.find("Rusak") == std::string::npos);
}
