#include "node/report/run.h"

namespace simpul {
namespace {

// What both sides of a table start from.
struct Collection {
  ReportSpec spec;
  Json basis;
  std::uint64_t cases = 0;  // about so many; for the progress alone
};

std::uint64_t number_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Result<League> collect(const Collection& what, const ReportOptions& options) {
  League league;
  Json arguments = to_json(what.spec);
  arguments["basis"] = what.basis;
  arguments["count"] = options.cases_per_part;
  std::uint64_t seen = 0, after = 0;
  do {
    arguments["after"] = after;
    SIMPUL_TRY(part, options.ask("report.part", arguments));
    SIMPUL_TRY_VOID(add_league_json(league, part.value("tallies", Json::object())));
    seen += number_at(part, "seen");
    if (options.progress) options.progress(seen, std::max(seen, what.cases));
    after = number_at(part, "next");
  } while (after != 0);
  return league;
}

// The parts were read one after the other: what is judged by more than events must not have
// changed.
Result<Json> check_again(const Json& basis, const ReportOptions& options) {
  SIMPUL_TRY(check, options.ask("report.check", {{"basis", basis}}));
  const Json problems = check.value("problems", Json::array());
  if (problems.empty()) return check;
  return fail(ErrorCode::kConflict,
              "a journal was judged anew while the table was computed; do it again");
}

Json judgement(const PublishedReport& report, const Json& check) {
  Json json = to_json(report.spec);
  json["verified"] = false;
  json["verdict"] = "cannot be judged";
  json["rows"] = report.rows.size();
  json["journals"] = report.basis.journals.size();
  json["roster"] = report.basis.roster_version;
  json["differences"] = Json::array();
  json["differing"] = 0;
  json["problems"] = check.value("problems", Json::array());
  json["uncovered"] = check.value("uncovered", Json::array());
  return json;
}

}  // namespace

Result<Json> make_report(const ReportSpec& spec, const ReportOptions& options) {
  SIMPUL_TRY(here, options.ask("report.basis", Json::object()));
  SIMPUL_TRY(basis, report_basis(here));
  SIMPUL_TRY(league, collect({spec, to_json(basis), number_at(here, "cases")}, options));
  SIMPUL_TRY(check, check_again(to_json(basis), options));
  Json table{{"format", kReportFormat}, {"made_by", here.value("member", "")}};
  table.update(to_json(spec));
  table.update(to_json(basis));
  table["left_out"] = here.value("left_out", Json::array());
  table["rows"] = report_rows(league, check.value("names", Json::object()));
  return table;
}

Result<Json> verify_report(std::string_view file, const ReportOptions& options) {
  SIMPUL_TRY(report, read_report(file));
  const Json basis = to_json(report.basis);
  SIMPUL_TRY(check, options.ask("report.check", {{"basis", basis}}));
  Json json = judgement(report, check);
  if (!json["problems"].empty()) return json;
  SIMPUL_TRY(league, collect({report.spec, basis, number_at(check, "cases")}, options));
  SIMPUL_TRY(again, check_again(basis, options));
  Json differences =
      report_differences(report.rows, report_rows(league, again.value("names", Json::object())));
  json["verified"] = differences.empty();
  json["verdict"] = differences.empty() ? "agrees" : "differs";
  json["differing"] = differences.size();
  while (differences.size() > kDifferencesShown) differences.erase(differences.size() - 1);
  json["differences"] = std::move(differences);
  return json;
}

}  // namespace simpul
