#include "node/cli/transfer_commands.h"

#include <algorithm>
#include <cstdio>

#include "node/cli/local_commands.h"
#include "node/cli/reach.h"
#include "node/clock.h"
#include "node/export_cases.h"
#include "node/import_csv.h"
#include "node/import_open311.h"

namespace simpul {
namespace {

void show_progress(const ImportRun::Counts& counts) {
  std::fprintf(stderr, "\r%zu of %zu steps done, %zu to go ", counts.done + counts.already,
               counts.own, counts.waiting);
}

void show_exported(std::size_t cases) {
  std::fprintf(stderr, "\r%zu cases ", cases);
}

// Once a hundredth of the file: a terminal is slow.
auto csv_progress() {
  return [shown = -1](std::size_t rows, int percent) mutable {
    if (percent == shown) return;
    shown = percent;
    std::fprintf(stderr, "\r%d %%, %zu rows ", percent, rows);
  };
}

}  // namespace

Result<int> import_open311(const Invocation& invocation) {
  const GlobalOptions& globals = invocation.globals;
  ImportOptions options;
  options.dry_run = flag_at(invocation.arguments, "dry_run");
  const std::int64_t patience_s = invocation.arguments.value("patience", std::int64_t{30});
  options.patience = std::chrono::seconds(std::clamp<std::int64_t>(patience_s, 0, 86'400));
  const bool has_progress = shows_progress(globals);
  if (has_progress) options.progress = show_progress;
  const auto reach = [&](const std::string& name, const Json& arguments) {
    return reach_node(globals, name, arguments);
  };
  SIMPUL_TRY(report, run_import(invocation.arguments.value("file", ""),
                                invocation.arguments.value("mapping", ""), reach, options));
  if (has_progress) std::fputs("\n", stderr);
  show(invocation, report);
  const bool is_done = report.value("waiting", 0) == 0 && report.value("failed", 0) == 0;
  return is_done ? 0 : 1;
}

Result<int> import_csv(const Invocation& invocation) {
  const GlobalOptions& globals = invocation.globals;
  CsvImportOptions options{.dry_run = flag_at(invocation.arguments, "dry_run"),
                           .now = SystemClock().now()};
  const bool has_progress = shows_progress(globals);
  if (has_progress) options.progress = csv_progress();
  const auto reach = [&](const std::string& name, const Json& arguments) {
    return reach_node(globals, name, arguments);
  };
  const auto report = run_csv_import(invocation.arguments.value("file", ""),
                                     invocation.arguments.value("mapping", ""), reach, options);
  if (has_progress) std::fputs("\n", stderr);
  if (!report) return std::unexpected(report.error());
  show(invocation, *report);
  const bool is_whole = (*report)["problems"].empty() && !report->contains("stopped");
  return is_whole ? 0 : 1;
}

Result<int> export_table(const Invocation& invocation) {
  const GlobalOptions& globals = invocation.globals;
  const std::string path = invocation.arguments.value("out", "-");
  const std::string format = invocation.arguments.value("format", globals.json ? "json" : "csv");
  ExportOptions options;
  options.format = format == "json" ? ExportFormat::kJson : ExportFormat::kCsv;
  const bool has_progress = path != "-" && shows_progress(globals);
  if (has_progress) options.progress = show_exported;
  Json filters = invocation.arguments;
  filters.erase("out");
  filters.erase("format");
  const auto query = [&](const std::string& name, const Json& arguments) {
    return reach_node(globals, name, arguments);
  };
  SIMPUL_TRY(file, ExportFile::open(path));
  const auto sink = [&](std::string_view piece) { return file.write(piece); };
  SIMPUL_TRY(count, export_cases(filters, query, sink, options));
  SIMPUL_TRY_VOID(file.finish());
  if (has_progress) std::fputs("\r", stderr);
  if (path != "-" && !globals.quiet) {
    std::printf("%s in %s\n", count_of(count, "case", "cases").c_str(), path.c_str());
  }
  return 0;
}

}  // namespace simpul
