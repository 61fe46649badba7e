// simpul-bench: what a node does beside what this machine can do. README.md says how to read it.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <iterator>

#include "tests/bench/sections.h"
#include "tests/support/temp_directory.h"

using namespace simpul::bench;

namespace {

struct Section {
  const char* name;
  void (*measure)(Run&);
};
constexpr Section kSections[] = {
    {"limits", measure_limits},   {"ingest", measure_ingest},       {"growth", measure_growth},
    {"latency", measure_latency}, {"footprint", measure_footprint}, {"startup", measure_startup},
    {"disk", measure_disk},       {"catch-up", measure_catch_up},   {"listings", measure_listings},
    {"reports", measure_reports},
};

int usage() {
  std::printf(
      "simpul-bench [--quick] [--json] [--only SECTION]\n\n"
      "Measures this build beside this machine's own limits. With --quick some two minutes.\n"
      "Data goes to a folder under $TMPDIR, which must lie on a real disk; it is removed.\n\n"
      "Sections:");
  for (const Section& section : kSections) std::printf(" %s", section.name);
  std::printf("\n");
  return 2;
}

}  // namespace

int main(int count, char** arguments) {
  bool quick = false, as_json = false;
  std::string only;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const bool more = i + 1 < count;
    if (argument == "--quick") {
      quick = true;
    } else if (argument == "--json") {
      as_json = true;
    } else if (argument == "--only" && more) {
      only = arguments[++i];
    } else {
      return usage();
    }
  }
  const simpul::test::TempDirectory directory;
  Report report(as_json);
  Limits limits(directory.path(), quick ? 0.7 : 3);
  Run run{quick, directory.path(), report, limits};
  bool any = false;
  for (const Section& section : kSections) {
    if (!only.empty() && only != section.name) continue;
    any = true;
    section.measure(run);
  }
  report.finish();
  return any ? 0 : usage();
}
