#include "node/cli/report_commands.h"

#include <cstdio>

#include "node/cli/local_commands.h"
#include "node/cli/reach.h"
#include "node/files.h"
#include "node/report/run.h"

namespace simpul {
namespace {

// Of a stopped node: each part opens its data anew, and nobody waits for a short transaction.
constexpr std::size_t kCasesStopped = 100'000;

void show_counted(std::uint64_t done, std::uint64_t all) {
  std::fprintf(stderr, "\r%llu of %llu cases ", static_cast<unsigned long long>(done),
               static_cast<unsigned long long>(all));
  if (done >= all) std::fputs("\r\033[K", stderr);
}

ReportOptions options_for(const GlobalOptions& globals) {
  ReportOptions options;
  options.ask = [globals](const std::string& name, const Json& arguments) {
    return reach_node(globals, name, arguments);
  };
  if (!node_runs(globals.home)) options.cases_per_part = kCasesStopped;
  if (shows_progress(globals)) options.progress = show_counted;
  return options;
}

std::string text_of(const Invocation& invocation, const Json& table) {
  const std::string format =
      invocation.globals.json ? "json" : invocation.arguments.value("format", "text");
  if (format == "json") return table.dump(1) + "\n";
  if (format == "csv") return report_csv(table);
  return format_report(table, view_for(invocation.globals));
}

}  // namespace

Result<int> report_table(const Invocation& invocation) {
  SIMPUL_TRY(spec, report_spec(invocation.arguments));
  SIMPUL_TRY(table, make_report(spec, options_for(invocation.globals)));
  const std::string text = text_of(invocation, table);
  const std::string path = invocation.arguments.value("out", "-");
  if (path == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  SIMPUL_TRY_VOID(replace_file(path, as_bytes(text)));
  if (!invocation.globals.quiet) std::printf("%s\n", path.c_str());
  return 0;
}

Result<int> report_verify(const Invocation& invocation) {
  SIMPUL_TRY(file, read_source(invocation.arguments.value("file", "")));
  SIMPUL_TRY(verdict, verify_report(as_text(file), options_for(invocation.globals)));
  show(invocation, verdict);
  return verdict.value("verified", false) ? 0 : 1;
}

}  // namespace simpul
