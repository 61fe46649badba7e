#include "node/cli/bulk_commands.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "node/answer_template.h"
#include "node/bulk_moves.h"
#include "node/cli/local_commands.h"
#include "node/cli/reach.h"

namespace simpul {
namespace {

// What narrows the choice; all else is the move's own.
constexpr auto kFilters = std::to_array<std::string_view>(
    {"status", "custodian", "offeree", "audience", "region", "category", "due_before", "limit"});

void show_moved(std::size_t done, std::size_t of) {
  std::fprintf(stderr, "\r%zu of %zu cases ", done, of);
}

}  // namespace

Result<int> bulk_command(const Invocation& invocation) {
  const GlobalOptions& globals = invocation.globals;
  BulkOptions options{.move = std::string(invocation.command->call),
                      .filters = Json::object(),
                      .arguments = Json::object(),
                      .dry_run = flag_at(invocation.arguments, "dry_run"),
                      .progress = {}};
  for (const auto& [name, value] : invocation.arguments.items()) {
    if (name == "dry_run") continue;
    const bool narrows = std::ranges::find(kFilters, name) != kFilters.end();
    (narrows ? options.filters : options.arguments)[name] = value;
  }
  const bool has_progress = shows_progress(globals);
  if (has_progress) options.progress = show_moved;
  const auto report = bulk_move(options, [&](const std::string& name, const Json& arguments) {
    return reach_node(globals, name, arguments);
  });
  if (has_progress) std::fputs("\n", stderr);
  if (!report) return std::unexpected(report.error());
  show(invocation, *report);
  return (*report)["refused"].empty() && !report->contains("stopped") ? 0 : 1;
}

Result<int> answer_command(const Invocation& invocation) {
  Json arguments = invocation.arguments;
  if (arguments.contains("template")) {
    if (arguments.contains("text")) {
      return fail(ErrorCode::kMalformed, "either --text or --template, not both");
    }
    SIMPUL_TRY(row, reach_node(invocation.globals, "case.show", {{"case", arguments["case"]}}));
    SIMPUL_TRY(text, fill_template(arguments["template"].get<std::string>(), row));
    arguments["text"] = text;
    arguments.erase("template");
  }
  SIMPUL_TRY(result, reach_node(invocation.globals, "case.answer", arguments));
  show(invocation, result);
  return 0;
}

}  // namespace simpul
