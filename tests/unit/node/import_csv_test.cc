#include "node/import_csv.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "node/engine/arguments.h"
#include "node/import/csv_time.h"
#include "node/queries.h"
#include "tests/support/federation.h"
#include "tests/support/temp_directory.h"

using namespace simpul;
using namespace simpul::test;

namespace {

const Instant kNow = parse_instant("2026-01-05T08:00:00Z").value();

constexpr const char* kMapping = R"(
source = "lapor"
zone = "wita"
time = ["%d/%m/%Y %H:%M", "%d %B %Y"]
[columns]
id = "Tracking ID"
opened = "Tanggal"
text = "Isi Laporan"
category = "Kategori"
class = "Klasifikasi"
region = "Wilayah"
identity = "Pelapor"
privacy = "Sifat"
[constants]
privacy = "public"
category = "other"
channel = "web"
[values.class]
"Aspirasi" = "information"
"Pengaduan" = "complaint"
[values.region]
"Kab. Badung" = "51.03"
[values.privacy]
"Anonim" = "anonymous"
)";
constexpr const char* kHeadings =
    "Tracking ID;Tanggal;Isi Laporan;Kategori;Klasifikasi;Wilayah;Pelapor;Sifat\r\n";

CsvMapping csv_mapping(const std::string& text = kMapping) {
  auto mapping = read_csv_mapping(text);
  INFO((mapping ? "" : mapping.error().message));
  REQUIRE(mapping);
  return *std::move(mapping);
}

struct ReadRows {
  std::vector<CsvCase> cases;
  std::vector<CsvProblem> problems;
};

ReadRows read_rows(const std::string& rows, const std::string& mapping = kMapping) {
  const CsvMapping map = csv_mapping(mapping);
  const std::string text = kHeadings + rows;
  auto cases = CsvCases::open(text, map, kNow);
  REQUIRE(cases);
  ReadRows read;
  while (auto next = cases->next()) {
    *next ? read.cases.push_back(**next) : read.problems.push_back(next->error());
  }
  return read;
}

CsvProblem problem_in(const std::string& row) {
  const ReadRows read = read_rows(row + "\n");
  REQUIRE(read.problems.size() == 1);
  CHECK(read.cases.empty());
  return read.problems[0];
}

std::string mapping_refusal(const std::string& text) {
  const auto mapping = read_csv_mapping(text);
  return mapping ? "" : mapping.error().message;
}

std::string time_text(const std::string& text, const std::string& format) {
  const auto time = time_by_format(text, {format}, 7 * 60);
  return time ? to_text(*time).substr(0, 16) : "";
}

// A node with two files beside it.
struct ImportingNode {
  TempDirectory directory;
  Federation federation{1, {{"hub", MemberKind::kHub}, {"51.03", MemberKind::kRegency}}};

  ImportingNode() {
    REQUIRE(federation.run_until(
        [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
    write("map.toml", kMapping);
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory / name, std::ios::binary) << text;
  }

  Json import_rows(const std::string& rows, bool dry_run = false) {
    write("file.csv", kHeadings + rows);
    const auto call = [&](const std::string& name, const Json& arguments) {
      return federation.call("51.03", name, arguments);
    };
    const auto report = run_csv_import(directory / "file.csv", directory / "map.toml", call,
                                       {.dry_run = dry_run, .now = federation.now()});
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
  }
};

constexpr const char* kThreeRows =
    "A-1;02/01/2020 10:30;Jalan berlubang;Jalan Rusak;Pengaduan;Kab. Badung;I Made;Anonim\r\n"
    "A-2;3 Agustus 2021;\"Lampu mati; gelap\";;Aspirasi;51.71;;\r\n"
    "A-3;04/01/2020 9:05;Sampah;sampah;;;;\r\n";

}  // namespace

TEST_CASE("a row becomes a case as the mapping says", "[import]") {
  const ReadRows read = read_rows(kThreeRows);
  CHECK(read.problems.empty());
  REQUIRE(read.cases.size() == 3);
  const CsvCase& first = read.cases[0];
  CHECK((first.line == 2 && first.id == "A-1"));
  CHECK(to_text(first.opened) == "2020-01-02T02:30:00.000Z");
  CHECK(first.text == "Jalan berlubang");
  CHECK(first.category == "jalan-rusak");
  CHECK(first.region == "51.03");
  CHECK(first.case_class == "complaint");
  CHECK(first.privacy == "anonymous");
  CHECK(first.channel == "web");
  CHECK(first.identity == "I Made");
  const CsvCase& second = read.cases[1];
  CHECK(second.text == "Lampu mati; gelap");
  CHECK(second.category == "other");
  CHECK(second.case_class == "information");
  CHECK(second.privacy == "public");
  CHECK(to_text(second.opened) == "2021-08-02T16:00:00.000Z");
  CHECK(read.cases[2].region.empty());
}

TEST_CASE("what is wrong with a row is told by line, column and reason", "[import]") {
  const CsvProblem time = problem_in("A-1;2020-13-01;x;;;;;");
  CHECK((time.line == 2 && time.column == 2 && time.heading == "Tanggal" && time.id == "A-1"));
  CHECK(time.why == "'2020-13-01' is no time as the mapping says under 'time'");
  CHECK(problem_in(";02/01/2020 10:30;x;;;;;").why == "it is empty");
  CHECK(problem_in("A-1;02/01/2020 10:30;;;;;;").heading == "Isi Laporan");
  CHECK(problem_in("A-1;02/01/2030 10:30;x;;;;;").why.find("future") != std::string::npos);
  CHECK(problem_in("A-1;30/02/2020 10:30;x;;;;;").column == 2);
  const CsvProblem kind = problem_in("A-1;02/01/2020 10:30;x;;Lainnya;;;");
  CHECK(kind.why.find("'Lainnya' is none of information, complaint, oversight") == 0);
  CHECK(kind.why.find("[values.class]") != std::string::npos);
  CHECK(problem_in("A-1;02/01/2020 10:30;x;;;5103;;").why.find("51.03 (Kabupaten Badung)") !=
        std::string::npos);
  CHECK(problem_in("A-1;02/01/2020 10:30;x;???;;;;").heading == "Kategori");
  CHECK(problem_in("A-1;02/01/2020 10:30;x;;").why ==
        "the row has 5 columns, not 8 as the headings");
  CHECK(problem_in("A-1;02/01/2020 10:30;\xFF;;;;;").why == "it is not in UTF-8");
}

TEST_CASE("a wrong row costs no other, and an id counts once", "[import]") {
  const ReadRows read = read_rows(
      "A-1;02/01/2020 10:30;x;;;;;\nA-1;02/01/2020 10:30;again;;;;;\nA-2;;x;;;;;\n"
      "A-2;02/01/2020 10:30;mended;;;;;\nA-3;02/01/2020 10:30;\"open;;;;;\n"
      "A-4;02/01/2020 10:30;good;;;;;;;\n");
  REQUIRE(read.cases.size() == 3);
  CHECK(read.cases[1].text == "mended");
  CHECK(read.cases[2].id == "A-4");
  REQUIRE(read.problems.size() == 3);
  CHECK((read.problems[0].line == 3 && read.problems[0].why == "line 2 has the same id"));
}

TEST_CASE("a public text that looks as if it named a person is told before it is out", "[import]") {
  const std::string row = "A-1;02/01/2020 10:30;Hubungi 081234567890;;;;;";
  CHECK(problem_in(row).why.find("it would be public") == 0);
  CHECK(read_rows(row + "Anonim\n").cases.size() == 1);
  CHECK(read_rows(row + "\n", "publish_anyway = true\n" + std::string(kMapping)).cases.size() == 1);
}

TEST_CASE("times are read as other systems write them", "[import]") {
  CHECK(time_text("02/01/2020 10:30", "%d/%m/%Y %H:%M") == "2020-01-02T03:30");
  CHECK(time_text("2-1-20", "%d-%m-%y") == "2020-01-01T17:00");
  CHECK(time_text("5 Agu 2021   07:00:59", "%d %B %Y %H:%M:%S") == "2021-08-05T00:00");
  CHECK(time_text("5 may 2021", "%d %B %Y") == "2021-05-04T17:00");
  CHECK(time_text("2020-01-02T10:30:00+08:00", "%Y-%m-%dT%H:%M:%S%z") == "2020-01-02T02:30");
  CHECK(time_text("2020-01-02T10:30:00Z", "%Y-%m-%dT%H:%M:%S%z") == "2020-01-02T10:30");
  for (const char* text :
       {"", "02/01/2020", "02/01/2020 24:00", "02/01/2020 10:60", "aa/01/2020 1:1",
        "02/01/2020 10:30 ", "002/01/2020 10:30", "29/02/2021 10:30"}) {
    INFO(text);
    CHECK(time_text(text, "%d/%m/%Y %H:%M") == "");
  }
  CHECK(is_time_format("%d/%m/%Y"));
  for (const char* format : {"", "%d/%m", "%Q %Y", "%Y %"}) CHECK(!is_time_format(format));
}

TEST_CASE("a mapping that cannot be meant is refused with what is allowed", "[import]") {
  CHECK(mapping_refusal(kMapping) == "");
  const std::string good = kMapping;
  CHECK(mapping_refusal("") ==
        "source is needed: a short name of the system that the file is from");
  CHECK(mapping_refusal("source = \"a b\"\n").find("source must be") == 0);
  CHECK(mapping_refusal("zone = \"cet\"\n" + good.substr(good.find("time"))) ==
        "zone must be utc, wib, wita or wit");
  CHECK(mapping_refusal("colour = 1\n" + good).find("no 'colour'") != std::string::npos);
  CHECK(mapping_refusal("separator = \"|\"\n" + good).find("separator must be") == 0);
  CHECK(mapping_refusal("time = \"%d\"").find("with a year") != std::string::npos);
  CHECK(mapping_refusal("[columns]\nname = \"x\"").find("no 'name'") != std::string::npos);
  CHECK(mapping_refusal("[constants]\nid = \"x\"").find("constants.id cannot") == 0);
  CHECK(mapping_refusal("[values]\nclass = 1").find("values.class must be a table") == 0);
  CHECK(mapping_refusal("source = \"a\"\n[columns]\nid = \"i\"\nopened = \"o\"\ntext = \"t\"\n"
                        "category = \"c\"") == "privacy is needed, in columns or in constants");
  CHECK(mapping_refusal("= 1").find("the mapping is no TOML") == 0);
  CHECK(mapping_refusal(std::string(2 << 20, '#')).find("over 1 MiB") != std::string::npos);
}

TEST_CASE("the mapping to begin with is one", "[import]") {
  std::ifstream file(std::string(SIMPUL_SOURCE_DIR) + "/deploy/lapor.toml");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  CHECK(csv_mapping(text).rule(CsvField::kClass).values.at("Aspirasi") == "information");
}

TEST_CASE("a file without the columns of its mapping is refused as a whole", "[import]") {
  const CsvMapping mapping = csv_mapping();
  const auto open = [&](const std::string& text) {
    const auto cases = CsvCases::open(text, mapping, kNow);
    return cases ? std::string() : cases.error().message;
  };
  CHECK(open("") == "the file is empty");
  CHECK(open("a;b\n").find("there is no column 'Tracking ID', which is id by the mapping") == 0);
  CHECK(open(std::string(kHeadings).insert(0, "Tanggal;")).find("there are two columns") == 0);
  CHECK(open("\xFF\xFE").find("UTF-16") != std::string::npos);
  CHECK(open("\xEF\xBB\xBF" + std::string(kHeadings)) == "");
}

TEST_CASE("an export of another system becomes cases, opened when they were", "[import]") {
  ImportingNode node;
  const Json report = node.import_rows(kThreeRows);
  CHECK(report["opened"] == 3);
  CHECK(report["problems"].empty());
  const std::string id =
      CaseId::derive(MemberId::parse("51.03").value(),
                     csv_case_digest(MemberId::parse("51.03").value(), "lapor", "A-1", 1))
          .text();
  const CaseState state = node.federation.state("51.03", id);
  REQUIRE(state.has_opened());
  CHECK(state.opened_at == parse_instant("2020-01-02T02:30:00Z").value());
  CHECK(state.category == "jalan-rusak");
  CHECK(node.federation.text("51.03", id, EnclosureRole::kIdentity) == "I Made");
}

TEST_CASE("an import that is run again opens what is new and changes nothing else", "[import]") {
  ImportingNode node;
  CHECK(node.import_rows(kThreeRows)["opened"] == 3);
  const Json again = node.import_rows(kThreeRows);
  CHECK((again["opened"] == 0 && again["already"] == 3));
  const Json more = node.import_rows(std::string(kThreeRows) + "A-4;02/01/2020 10:30;baru;;;;;\n");
  CHECK((more["opened"] == 1 && more["already"] == 3 && more["rows"] == 4));
}

TEST_CASE("a dry run judges every row and does nothing", "[import]") {
  ImportingNode node;
  const Json report = node.import_rows(std::string(kThreeRows) + "A-4;soon;x;;;;;\n", true);
  CHECK((report["good"] == 3 && report["bad"] == 1 && report["rows"] == 4));
  CHECK(report["problems"][0]["line"] == 5);
  CHECK(report["problems"][0]["heading"] == "Tanggal");
  CHECK(node.import_rows(kThreeRows)["opened"] == 3);
}

TEST_CASE("what a node refuses is told, and an id that is taken gives way to the next",
          "[import]") {
  TempDirectory directory;
  std::ofstream(directory / "map.toml") << kMapping;
  std::ofstream(directory / "file.csv") << kHeadings << kThreeRows;
  std::vector<Json> asked;
  const auto call = [&](const std::string& name, const Json& arguments) -> Result<Json> {
    if (name == "status") return Json{{"member", "51.03"}};
    asked.push_back(arguments);
    if (asked.size() == 1) return fail(ErrorCode::kConflict, "taken");
    if (asked.size() == 3) return fail(ErrorCode::kNotAllowed, "not this one");
    if (asked.size() == 4) return fail(ErrorCode::kUnavailable, "the node has stopped");
    return Json{{"case", "51.03-7K3Q-9XWD"}};
  };
  const auto report =
      run_csv_import(directory / "file.csv", directory / "map.toml", call, {.now = kNow});
  REQUIRE(report);
  CHECK(asked[0]["key"] == "csv:lapor:A-1");
  CHECK(asked[0]["key"] == asked[1]["key"]);
  CHECK(asked[0]["derived_from"] != asked[1]["derived_from"]);
  CHECK(((*report)["opened"] == 1 && (*report)["refused"] == 1));
  CHECK((*report)["problems"][0]["why"] == "not this one");
  CHECK((*report)["stopped"] == "line 4: the node has stopped");
}
