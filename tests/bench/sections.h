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
  Report& report;
  Limits& limits;
};

void measure_limits(Run& run);
void measure_ingest(Run& run);
void measure_growth(Run& run);
void measure_latency(Run& run);
void measure_footprint(Run& run);
void measure_startup(Run& run);
void measure_disk(Run& run);
void measure_catch_up(Run& run);
void measure_listings(Run& run);
void measure_reports(Run& run);

}  // namespace simpul::bench
