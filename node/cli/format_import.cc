#include "node/cli/format.h"

namespace simpul {
namespace {

std::string step_line(const Json& step, const View& view) {
  const std::string to = text_at(step, "to");
  return "    " + time_at(step, "happened", view) + "  " + text_at(step, "member") + " " +
         text_at(step, "step") + (to.empty() ? "" : " to " + to) + "\n";
}

// "line 12, column 4 (Klasifikasi), LPR-7: ..."
std::string row_problem(const Json& problem) {
  const std::string column = text_at(problem, "column"), heading = text_at(problem, "heading");
  const std::string id = text_at(problem, "id");
  return "line " + text_at(problem, "line") + (column.empty() ? "" : ", column " + column) +
         (heading.empty() ? "" : " (" + heading + ")") + (id.empty() ? "" : ", " + id) + ": " +
         text_at(problem, "why") + "\n";
}

}  // namespace

std::string format_csv_import(const Json& result, const View&) {
  std::string text;
  for (const Json& problem : list_at(result, "problems")) text += row_problem(problem);
  const std::string stopped = text_at(result, "stopped");
  if (!stopped.empty()) text += "Stopped at " + stopped + "\n";
  text += text_at(result, "rows") + " rows: ";
  if (flag_at(result, "dry_run")) {
    return text + text_at(result, "good") + " good, " + text_at(result, "bad") + " wrong\n";
  }
  return text + text_at(result, "opened") + " opened, " + text_at(result, "already") +
         " here before, " + text_at(result, "bad") + " wrong, " + text_at(result, "refused") +
         " refused\n";
}

std::string format_import(const Json& result, const View& view) {
  std::string text;
  for (const Json& planned : list_at(result, "planned")) {
    if (!planned.contains("steps")) break;
    text += text_at(planned, "record") + "  " + text_at(planned, "case") + "  ends with " +
            text_at(planned, "custodian") + (flag_at(planned, "closed") ? ", closed\n" : "\n");
    for (const Json& step : list_at(planned, "steps")) text += step_line(step, view);
  }
  for (const Json& problem : list_at(result, "problems")) {
    text += text_at(problem, "record") + "  " + text_at(problem, "what") +
            (flag_at(problem, "skipped") ? " (skipped)" : "") + ": " + text_at(problem, "why") +
            "\n";
  }
  text += text_at(result, "records") + " records, " + text_at(result, "cases") + " cases, " +
          text_at(result, "skipped") + " skipped\n";
  if (!result.contains("member")) return text;
  return text + text_at(result, "member") + ": " + text_at(result, "own_steps") + " own steps, " +
         text_at(result, "done") + " done now, " + text_at(result, "already") + " before, " +
         text_at(result, "waiting") + " waiting for others, " + text_at(result, "failed") +
         " refused\n";
}

}  // namespace simpul
