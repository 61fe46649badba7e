#include "node/report/table.h"

#include <map>

#include "node/csv/csv_writer.h"
#include "node/json_depth.h"

namespace simpul {
namespace {

constexpr const char* kDays[] = {"days_median", "days_p90"};
constexpr unsigned kPercents[] = {50, 90};

Json days_or_null(std::optional<std::uint32_t> days) {
  return days ? Json(*days) : Json(nullptr);
}

Json row_of_tally(const std::string& row, const LeagueTally& tally, const Json& names) {
  Json json{{"row", row}};
  if (const auto name = names.find(row); name != names.end()) json["name"] = *name;
  for (const LeagueColumn& column : league_columns()) json[column.name] = tally.*column.count;
  for (std::size_t i = 0; i < std::size(kDays); ++i) {
    json[kDays[i]] = days_or_null(answered_within(tally, kPercents[i]));
  }
  return json;
}

Result<LeagueTally> tally_from(const Json& json) {
  const auto bad = fail(ErrorCode::kMalformed, "the node's tallies cannot be read");
  LeagueTally tally;
  if (!json.is_object()) return bad;
  for (const LeagueColumn& column : league_columns()) {
    const auto count = json.find(column.name);
    if (count == json.end() || !count->is_number_unsigned()) return bad;
    tally.*column.count = count->get<std::uint64_t>();
  }
  const auto days = json.find("answer_days");
  if (days == json.end() || !days->is_array()) return bad;
  for (const Json& each : *days) {
    const bool is_pair = each.is_array() && each.size() == 2 && each[0].is_number_unsigned() &&
                         each[1].is_number_unsigned();
    if (!is_pair) return bad;
    tally.answer_days[each[0].get<std::uint32_t>()] += each[1].get<std::uint64_t>();
  }
  return tally;
}

std::string row_name(const Json& row) {
  const auto name = row.find("row");
  return name != row.end() && name->is_string() ? name->get<std::string>() : "";
}

void compare_rows(const std::string& name, const Json& published, const Json& recomputed,
                  Json& differences) {
  std::map<std::string, std::pair<Json, Json>> cells;
  for (const auto& [column, value] : published.items()) cells[column].first = value;
  for (const auto& [column, value] : recomputed.items()) cells[column].second = value;
  for (const auto& [column, values] : cells) {
    const bool both = published.contains(column) && recomputed.contains(column);
    if (both && values.first == values.second) continue;
    differences.push_back({{"row", name},
                           {"column", column},
                           {"published", values.first},
                           {"recomputed", values.second}});
  }
}

std::string csv_value(const Json& object, const char* name) {
  const auto value = object.find(name);
  if (value == object.end() || value->is_null()) return "";
  return value->is_string() ? value->get<std::string>() : value->dump();
}

}  // namespace

Json league_json(const League& league) {
  Json json = Json::object();
  for (const auto& [row, tally] : league) {
    Json& into = json[row];
    for (const LeagueColumn& column : league_columns()) into[column.name] = tally.*column.count;
    into["answer_days"] = Json::array();
    for (const auto& [days, cases] : tally.answer_days) {
      into["answer_days"].push_back(Json::array({days, cases}));
    }
  }
  return json;
}

Result<void> add_league_json(League& league, const Json& json) {
  for (const auto& [row, each] : json.items()) {
    SIMPUL_TRY(tally, tally_from(each));
    league[row] += tally;
  }
  if (league.size() <= kReportRowsMax) return {};
  return fail(ErrorCode::kTooLarge,
              "the table has more than " + std::to_string(kReportRowsMax) + " rows");
}

Json report_rows(const League& league, const Json& names) {
  Json rows = Json::array();
  for (const auto& [row, tally] : league) {
    if (row != kTotalRow) rows.push_back(row_of_tally(row, tally, names));
  }
  const auto total = league.find(kTotalRow);
  if (total != league.end()) rows.push_back(row_of_tally(kTotalRow, total->second, Json::object()));
  return rows;
}

Result<PublishedReport> read_report(std::string_view file) {
  if (file.size() > kReportSizeMax) {
    return fail(ErrorCode::kTooLarge, "the file is larger than any table");
  }
  const Json json = json_depth(file) > kReportDepthMax ? Json(Json::value_t::discarded)
                                                       : Json::parse(file, nullptr, false);
  if (!json.is_object() || !json.contains("format") || json["format"] != kReportFormat) {
    return fail(ErrorCode::kMalformed,
                "the file is no table as --format json writes it: only that form can be verified");
  }
  PublishedReport report;
  SIMPUL_TRY(spec, report_spec(json));
  SIMPUL_TRY(basis, report_basis(json));
  report.spec = spec;
  report.basis = std::move(basis);
  report.rows = json.value("rows", Json());
  const bool are_rows = report.rows.is_array() && report.rows.size() <= kReportRowsMax;
  for (const Json& row : are_rows ? report.rows : Json::array()) {
    if (!row.is_object() || row_name(row).empty()) {
      return fail(ErrorCode::kMalformed, "a row of the table has no name");
    }
  }
  if (!are_rows) return fail(ErrorCode::kMalformed, "the table has no rows that can be read");
  return report;
}

Json report_differences(const Json& published, const Json& recomputed) {
  Json differences = Json::array();
  std::map<std::string, std::pair<const Json*, const Json*>> rows;
  for (const Json& row : published) {
    auto& pair = rows[row_name(row)];
    if (pair.first) {
      differences.push_back({{"row", row_name(row)},
                             {"column", "row"},
                             {"published", "twice"},
                             {"recomputed", "once"}});
    }
    pair.first = &row;
  }
  for (const Json& row : recomputed) rows[row_name(row)].second = &row;
  for (const auto& [name, pair] : rows) {
    const Json nothing = Json::object();
    compare_rows(name, pair.first ? *pair.first : nothing, pair.second ? *pair.second : nothing,
                 differences);
  }
  return differences;
}

std::string report_csv(const Json& report) {
  std::vector<std::string> columns{"row", "name"};
  for (const LeagueColumn& column : league_columns()) columns.emplace_back(column.name);
  for (const char* days : kDays) columns.emplace_back(days);
  std::string text = csv_row(columns);
  for (const Json& row : report["rows"]) {
    std::vector<std::string> cells;
    for (const std::string& column : columns) cells.push_back(csv_value(row, column.c_str()));
    text += csv_row(cells);
  }
  text += "\r\n" + csv_row({"by", "from", "to", "federation", "roster version", "roster hash"});
  text += csv_row({csv_value(report, "by"), csv_value(report, "from"), csv_value(report, "to"),
                   csv_value(report, "federation"), csv_value(report["roster"], "version"),
                   csv_value(report["roster"], "hash")});
  text += "\r\n" + csv_row({"journal", "size", "counted", "root"});
  for (const Json& journal : report["journals"]) {
    text += csv_row({csv_value(journal, "journal"), csv_value(journal, "size"),
                     csv_value(journal, "counted"), csv_value(journal, "root")});
  }
  return text;
}

}  // namespace simpul
