// What simpul-bench measures, one section each. They print through the report and fail only when
// something does not work, never by the clock.
#pragma once

#include <string>

#include "tests/bench/limits.h"
#include "tests/bench/report.h"

namespace simpul::bench {

struct Run {
  bool quick = false;
  std::string directory;  // exists; sections make folders of their own in it
  std::string program;    // this program, to run parts of it as processes of their own
  Report& report;
  Limits& limits;
};

void measure_limits(Run& run);
void measure_ingest(Run& run);
void measure_latency(Run& run);
void measure_footprint(Run& run);
void measure_startup(Run& run);
void measure_disk(Run& run);
void measure_catch_up(Run& run);

// What the process started for the footprint does: holds the node in `directory`, idle, and prints
// what memory that takes. Its exit status.
int idle_node(const std::string& directory);

}  // namespace simpul::bench
