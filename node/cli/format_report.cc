// League tables and what became of their verification.
#include "node/cli/format.h"
#include "protocol/league.h"

namespace simpul {
namespace {

constexpr const char* kDayColumns[][2] = {{"days_median", "MEDIAN DAYS"},
                                          {"days_p90", "90 % IN DAYS"}};

constexpr std::size_t kCellWidthMax = 60;  // of a file that anybody may have written

// "on_time" -> "ON TIME".
std::string heading_of(const char* column) {
  std::string heading(column);
  for (char& c : heading) {
    if (c == '_') c = ' ';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return heading;
}

std::string heading_line(const Json& result) {
  return "Cases by " + text_at(result, "by") + ", " + text_at(result, "from") + " to " +
         text_at(result, "to") + "\n";
}

std::string names_of(const Json& list) {
  std::string names;
  for (const Json& each : list) {
    if (each.is_string()) names += (names.empty() ? "" : ", ") + printable(each.get<std::string>());
  }
  return names;
}

std::string rows_text(const Json& result, const View& view) {
  std::vector<std::string> headings{heading_of(text_at(result, "by").c_str()), "NAME"};
  for (const LeagueColumn& column : league_columns()) headings.push_back(heading_of(column.name));
  for (const auto& column : kDayColumns) headings.emplace_back(column[1]);
  TextTable table(headings, view);
  for (std::size_t column = 2; column < headings.size(); ++column) table.right(column);
  for (const Json& row : list_at(result, "rows")) {
    std::vector<std::string> cells{text_at(row, "row"), text_at(row, "name")};
    for (const LeagueColumn& column : league_columns()) {
      cells.push_back(text_at(row, column.name));
    }
    for (const auto& column : kDayColumns) cells.push_back(text_at(row, column[0]));
    table.row(std::move(cells));
  }
  return table.empty() ? "No cases in this period.\n" : table.str();
}

std::string basis_text(const Json& result, const View& view) {
  TextTable table({"JOURNAL", "SIZE", "COUNTED", "ROOT"}, view);
  table.right(1).right(2);
  for (const Json& journal : list_at(result, "journals")) {
    table.row({text_at(journal, "journal"), text_at(journal, "size"), text_at(journal, "counted"),
               text_at(journal, "root")});
  }
  const Json& roster = object_at(result, "roster");
  return "\nComputed from these journals under roster " + text_at(roster, "version") + " of " +
         printable(text_at(result, "federation")) + " (" + text_at(roster, "hash").substr(0, 16) +
         "):\n" + table.str();
}

// null is what a side lacks.
std::string cell_text(const Json& difference, const char* name) {
  const std::string text = text_at(difference, name);
  return text.empty() ? "nothing" : text.substr(0, kCellWidthMax);
}

std::string outcome_text(const Json& result) {
  const Json& problems = list_at(result, "problems");
  if (!problems.empty()) {
    return ", because of " + count_of(problems.size(), "difference", "differences") +
           " between what it was computed from and what is here\n";
  }
  const std::string differing = text_at(result, "differing");
  return (flag_at(result, "verified") ? "" : " in " + differing + " of its cells") +
         ": computed again from journals here, " + text_at(result, "journals") +
         " of them, under roster " + text_at(result, "roster") + "\n";
}

}  // namespace

std::string format_report(const Json& result, const View& view) {
  std::string text = heading_line(result) + rows_text(result, view) + basis_text(result, view);
  const std::string left_out = names_of(list_at(result, "left_out"));
  if (!left_out.empty()) {
    text += "Not counted, because held here only in part: " + left_out +
            ". Offers answered there look unanswered.\n";
  }
  return text;
}

std::string format_report_verdict(const Json& result, const View& view) {
  const bool agrees = flag_at(result, "verified");
  const std::string verdict =
      paint(text_at(result, "verdict"), agrees ? Colour::kGreen : Colour::kRed, view);
  std::string text = heading_line(result) + verdict + outcome_text(result);
  for (const Json& problem : list_at(result, "problems")) {
    const std::string journal = text_at(problem, "journal");
    text += (journal.empty() ? "roster " + text_at(problem, "roster") : "journal " + journal) +
            ": " + text_at(problem, "why") + "\n";
  }
  TextTable table({"ROW", "COLUMN", "PUBLISHED", "RECOMPUTED"}, view);
  for (const Json& difference : list_at(result, "differences")) {
    table.row({text_at(difference, "row"), text_at(difference, "column"),
               cell_text(difference, "published"), cell_text(difference, "recomputed")});
  }
  if (!table.empty()) text += table.str();
  const std::string uncovered = names_of(list_at(result, "uncovered"));
  if (!uncovered.empty()) text += "Held here besides, but not counted in it: " + uncovered + "\n";
  return text;
}

}  // namespace simpul
