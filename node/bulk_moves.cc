#include "node/bulk_moves.h"

#include <algorithm>
#include <vector>

#include "node/answer_template.h"

namespace simpul {
namespace {

Result<std::vector<Json>> choose(const BulkOptions& options, const BulkCall& call) {
  Json arguments = options.filters;
  if (!arguments.contains("custodian")) {
    SIMPUL_TRY(status, call("status", Json::object()));
    arguments["custodian"] = status["member"];
  }
  const std::int64_t limit = arguments.value("limit", std::int64_t{0});
  if (arguments.contains("limit") && limit < 1) {
    return fail(ErrorCode::kMalformed, "limit is 1 or more");
  }
  std::vector<Json> rows;
  do {
    const std::size_t left = static_cast<std::size_t>(limit) - rows.size();
    arguments["limit"] = limit > 0 ? std::min(left, options.page_size) : options.page_size;
    SIMPUL_TRY(page, call("case.list", arguments));
    for (Json& row : page["cases"]) rows.push_back(std::move(row));
    arguments["from"] = page.value("next", "");
  } while (arguments["from"] != "" &&
           (limit == 0 || rows.size() < static_cast<std::size_t>(limit)));
  return rows;
}

Result<Json> arguments_for(const BulkOptions& options, const Json& row) {
  Json arguments = options.arguments;
  arguments["case"] = row["case"];
  if (options.dry_run) arguments["dry_run"] = true;
  if (!arguments.contains("template")) return arguments;
  SIMPUL_TRY(text, fill_template(arguments["template"].get<std::string>(), row));
  arguments["text"] = text;
  arguments.erase("template");
  return arguments;
}

}  // namespace

Result<Json> bulk_move(const BulkOptions& options, const BulkCall& call) {
  SIMPUL_TRY(rows, choose(options, call));
  Json report{{"move", options.move},
              {"dry_run", options.dry_run},
              {"chosen", rows.size()},
              {"done", Json::array()},
              {"refused", Json::array()}};
  std::size_t tried = 0;
  for (const Json& row : rows) {
    SIMPUL_TRY(arguments, arguments_for(options, row));
    const auto result = call(options.move, arguments);
    if (result) {
      report["done"].push_back(row["case"]);
    } else if (result.error().code == ErrorCode::kUnavailable) {
      report["stopped"] = result.error().message;
      return report;
    } else {
      report["refused"].push_back({{"case", row["case"]}, {"why", result.error().message}});
    }
    if (options.progress) options.progress(++tried, rows.size());
  }
  return report;
}

}  // namespace simpul
