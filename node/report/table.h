// A published league table: the file, its comparison with what is computed here, and its form for
// spreadsheets.
//
//   {"format": "simpul-report/1", "made_by": member, "by", "from", "to", the basis (basis.h),
//    "left_out": [journals held only in part where it was made, so not counted],
//    "rows": [{"row", "name": of a member, the columns (protocol/league.h),
//              "days_median": days or null, "days_p90": likewise}]}
//
// Rows in bytewise order, the total last. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/report/basis.h"

namespace simpul {

inline constexpr std::string_view kReportFormat = "simpul-report/1";
inline constexpr std::size_t kReportSizeMax = 32u << 20;
inline constexpr std::size_t kReportDepthMax = 8;  // of nesting; the format needs 3
inline constexpr std::size_t kReportRowsMax = 100'000;

// Tallies on their way from the node that holds the cases: {row: {column: n, ...,
// "answer_days": [[days, cases], ...]}}.
Json league_json(const League& league);
// Adds them to `league`. Error::kMalformed, and kTooLarge past kReportRowsMax rows.
Result<void> add_league_json(League& league, const Json& json);

// The rows of the file. `names`: {member: name}.
Json report_rows(const League& league, const Json& names);

struct PublishedReport {
  ReportSpec spec;
  ReportBasis basis;
  Json rows;
};
// Error::kMalformed, kTooLarge: what is wrong with the file, as a sentence.
Result<PublishedReport> read_report(std::string_view file);

// [{"row", "column", "published", "recomputed"}]: where the rows differ, in their order. What one
// side lacks is null.
Json report_differences(const Json& published, const Json& recomputed);

// The table as comma-separated values, then, after an empty line, the journals it was computed
// from. No cell begins with what a spreadsheet would take for a formula.
std::string report_csv(const Json& report);

}  // namespace simpul
