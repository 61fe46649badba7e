// simpul-sim: whole federations simulated from a seed. See README.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iterator>

#include "tests/simulation/bugs.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/membership_faults.h"
#include "tests/simulation/run.h"
#include "tests/simulation/trials.h"
#include "tests/support/temp_directory.h"

namespace simpul::sim {
namespace {

using Stopwatch = std::chrono::steady_clock;

double seconds_since(Stopwatch::time_point start) {
  return std::chrono::duration<double>(Stopwatch::now() - start).count();
}

std::string replay_command(const RunOptions& options) {
  char days[32];
  std::snprintf(days, sizeof days, "%g", options.days);
  if (!options.bug.empty()) {
    return "simpul-sim --bug " + options.bug + " --seed " + std::to_string(options.seed);
  }
  std::string command = "simpul-sim --seed " + std::to_string(options.seed) + " --members " +
                        std::to_string(options.members) + " --days " + days;
  for (const std::string& kind : options.without) command += " --without " + kind;
  return command;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

void print(const RunOptions& options, const RunReport& report, double seconds) {
  const auto count = [](std::uint64_t value, const char* what) {
    return ", " + std::to_string(value) + " " + what;
  };
  std::string text = "seed " + std::to_string(options.seed) + ": " +
                     (report.held() ? "held" : "BROKEN: " + report.broken) +
                     count(report.episodes, "episodes") + count(report.events, "events") +
                     count(report.recorded, "commands done") + count(report.refused, "refused") +
                     count(report.frames, "frames") + count(report.steps, "steps") +
                     count(report.folds, "folds compared") + ", digest " + report.digest +
                     "\n  faults:";
  for (const auto& [kind, times] : report.faults) text += " " + kind + " " + std::to_string(times);
  text +=
      "\n  " + number(static_cast<double>(report.virtual_ms) / 3.6e6) + " virtual hours in " +
      number(seconds) + " s, " +
      std::to_string(static_cast<int>(static_cast<double>(report.virtual_ms) / 1000 / seconds)) +
      " times as fast; slowest agreement " +
      number(static_cast<double>(report.slowest_agreement_ms) / 1000) + " s\n";
  std::fputs(text.c_str(), stdout);
  if (report.held()) return;
  std::printf("  replay: %s\n", replay_command(options).c_str());
  for (const std::string& words : report.words) std::printf("    %s\n", words.c_str());
}

bool run_seed(RunOptions options, const std::string& scratch) {
  options.folder = scratch + "/seed-" + std::to_string(options.seed);
  std::filesystem::create_directories(options.folder);
  const auto start = Stopwatch::now();
  const RunReport report = run_once(options);
  print(options, report, seconds_since(start));
  std::fflush(stdout);
  std::filesystem::remove_all(options.folder);
  return report.held();
}

int run_program(int argc, char** argv) {
  CLI::App app{"Simulates a federation of Simpul nodes from a seed."};
  RunOptions options;
  std::uint64_t seeds = 1;
  double hours_real = 0;
  bool all_bugs = false;
  unsigned jobs = 2;
  std::vector<std::string> without;
  app.add_option("--seed", options.seed, "the first seed");
  app.add_option("--seeds", seeds, "how many seeds, one after the other");
  app.add_option("--hours-real", hours_real, "go on with fresh seeds for so long");
  app.add_option("--members", options.members, "nodes, hubs included")->check(CLI::Range(2, 60));
  app.add_option("--days", options.days, "virtual days of faults")->check(CLI::PositiveNumber);
  std::vector<std::string> kinds = Faults::kinds();
  std::ranges::copy(MembershipFaults::kinds(), std::back_inserter(kinds));
  app.add_option("--without", without, "a kind of fault to leave out; may be repeated")
      ->check(CLI::IsMember(kinds));
  app.add_option("--bug", options.bug, "a bug to make, in the run of its trial")
      ->check(CLI::IsMember(bug_names()));
  app.add_flag("--bugs", all_bugs, "try every bug in turn, and say what finds it");
  app.add_option("--jobs", jobs, "trials of bugs at a time")->check(CLI::Range(1, 64));
  app.add_flag("--loud", options.loud, "print the history as it happens");
  CLI11_PARSE(app, argc, argv);
  options.without.insert(without.begin(), without.end());

  const test::TempDirectory scratch;
  if (all_bugs) return try_bugs(scratch.path(), jobs) ? 0 : 1;
  if (!options.bug.empty()) {
    const bool loud = options.loud;
    options = trial_options(options.bug, options.seed);
    options.loud = loud;
  }
  const auto start = Stopwatch::now();
  std::uint64_t run = 0, broken = 0;
  while (run < seeds || seconds_since(start) < hours_real * 3600) {
    broken += run_seed(options, scratch.path()) ? 0 : 1;
    ++options.seed;
    ++run;
  }
  std::printf("%llu seeds run, %llu broken\n", static_cast<unsigned long long>(run),
              static_cast<unsigned long long>(broken));
  return broken == 0 ? 0 : 1;
}

}  // namespace
}  // namespace simpul::sim

int main(int argc, char** argv) {
  return simpul::sim::run_program(argc, argv);
}
