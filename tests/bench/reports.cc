// League tables of a year of a country's cases: made, published and verified at a hub. All of it is
// folded again each time, in parts, so what has to be short is a part, not the whole.
#include <filesystem>

#include "node/report/run.h"
#include "tests/bench/country.h"
#include "tests/bench/sections.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr double kPartAimMs = 50;  // at p99

// Asks the country and keeps how long each part took.
struct Clerk {
  Country& country;
  std::vector<double> part_ms = {};

  ReportOptions options() {
    ReportOptions options;
    options.ask = [this](const std::string& name, const Json& arguments) -> Result<Json> {
      const Stopwatch watch;
      Json answer = country.ask(name, arguments);
      const std::string text = answer.dump();
      if (name == "report.part") part_ms.push_back(watch.seconds() * 1000);
      return answer;
    };
    return options;
  }
};

void measure_table(Run& run, Country& country, const char* by) {
  Clerk clerk{country};
  const Json asked{{"by", by}, {"from", "2026-07-01"}, {"to", "2026-09-30"}};
  const Stopwatch making;
  const Json table = must(make_report(must(report_spec(asked)), clerk.options()));
  const double made_in = making.seconds();
  const std::string name = std::string("by ") + by;
  run.report.add(name + ", rows", static_cast<double>(table["rows"].size()), "");
  run.report.add(name + ", one part, p50", percentile(clerk.part_ms, 0.5), "ms");
  run.report.add(name + ", one part, p99", percentile(clerk.part_ms, 0.99), "ms", "aim",
                 kPartAimMs);
  run.report.add(name + ", the whole table", made_in, "s");
  const Stopwatch verifying;
  const Json verdict = must(verify_report(table.dump(), clerk.options()));
  run.report.add(name + ", verified", verifying.seconds(), "s", "made in", made_in);
  if (verdict["verdict"] == "agrees") return;
  std::fprintf(stderr, "a table does not agree with itself: %s\n", verdict.dump(1).c_str());
  std::exit(1);
}

}  // namespace

void measure_reports(Run& run) {
  const std::size_t cases = run.quick ? 20'000 : 200'000;
  run.report.begin("reports", "league tables of a quarter, of " + std::to_string(cases / 1000) +
                                  " k cases folded again");
  const std::string directory = run.directory + "/reports";
  {
    Country country(directory, cases);
    for (const char* by : {"custodian", "region", "category"}) measure_table(run, country, by);
  }
  std::filesystem::remove_all(directory);
}

}  // namespace simpul::bench
