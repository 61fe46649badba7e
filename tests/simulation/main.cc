// simpul-sim: whole federations simulated from a seed. See README.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>

#include "tests/simulation/bugs.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/liars.h"
#include "tests/simulation/membership_faults.h"
#include "tests/simulation/minimise.h"
#include "tests/simulation/report_text.h"
#include "tests/simulation/trials.h"
#include "tests/support/temp_directory.h"

namespace simpul::sim {
namespace {

// What to do, as the command line has it.
struct Orders {
  RunOptions run;
  std::uint64_t seeds = 1;
  std::optional<std::uint64_t> members_max;  // by seed, between run.members and this
  double hours = 0;                          // real
  unsigned jobs = 2;
  bool all_bugs = false, minimise = false;
  unsigned runs_max = 200;
};

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

void minimise_and_print(const std::string& scratch, const SeedRun& broken, unsigned runs_max) {
  print("minimising seed " + std::to_string(broken.options.seed) + "\n");
  print("the smallest found: " + report_text(minimise(scratch, broken, runs_max)));
}

int run_orders(const Orders& orders) {
  const test::TempDirectory scratch;
  if (orders.all_bugs) return try_bugs(scratch.path(), orders.jobs) ? 0 : 1;
  using Stopwatch = std::chrono::steady_clock;
  const auto end = Stopwatch::now() + std::chrono::duration<double>(orders.hours * 3600);
  std::uint64_t begun = 0;
  Totals totals;
  std::optional<SeedRun> first_broken;
  run_seeds(
      scratch.path(), orders.jobs,
      [&]() -> std::optional<RunOptions> {
        if (begun >= orders.seeds && Stopwatch::now() >= end) return std::nullopt;
        RunOptions options = orders.run;
        options.seed += begun++;
        if (orders.members_max) {
          options.members += options.seed % (*orders.members_max - options.members + 1);
        }
        return options;
      },
      [&](const SeedRun& run) {
        totals.add(run);
        print(report_text(run));
        if (!run.report.held() && !first_broken) first_broken = run;
      });
  if (orders.minimise && first_broken) {
    minimise_and_print(scratch.path(), *first_broken, orders.runs_max);
  }
  print(totals.text());
  return totals.broken() == 0 ? 0 : 1;
}

int run_program(int argc, char** argv) {
  CLI::App app{"Simulates a federation of Simpul nodes from a seed."};
  Orders orders;
  RunOptions& run = orders.run;
  std::vector<std::string> without, only, kinds = Faults::kinds();
  std::ranges::copy(MembershipFaults::kinds(), std::back_inserter(kinds));
  std::ranges::copy(Liars::kinds(), std::back_inserter(kinds));
  app.add_option("--seed", run.seed, "the first seed");
  app.add_option("--seeds", orders.seeds, "how many seeds");
  app.add_option("--hours", orders.hours, "go on with fresh seeds for so long, in real time");
  const auto* members =
      app.add_option("--members", run.members, "nodes, hubs included")->check(CLI::Range(2, 60));
  const auto* days =
      app.add_option("--days", run.days, "virtual days of faults")->check(CLI::PositiveNumber);
  app.add_option("--without", without, "a kind of fault to leave out; may be repeated")
      ->check(CLI::IsMember(kinds));
  app.add_option("--only-faults", only, "these faults alone, such as power-cut:3; or none")
      ->delimiter(',');
  app.add_option("--members-max", orders.members_max,
                 "each seed has between --members and so many, one after another")
      ->check(CLI::Range(2, 60));
  app.add_flag("--honest", run.honest, "no member or hub lies");
  app.add_flag("--minimise", orders.minimise,
               "find the fewest faults with which the first broken seed breaks");
  app.add_option("--minimise-runs", orders.runs_max, "in so many runs at most");
  const auto* bug = app.add_option("--bug", run.bug, "a bug to make, in the run of its trial")
                        ->check(CLI::IsMember(bug_names()));
  app.add_flag("--bugs", orders.all_bugs, "try every bug in turn, and say what finds it");
  app.add_option("--jobs", orders.jobs, "seeds, or trials of bugs, at a time")
      ->check(CLI::Range(1, 64));
  app.add_flag("--progress", run.progress, "say every six virtual hours how far a run is");
  app.add_flag("--loud", run.loud, "print the history as it happens");
  CLI11_PARSE(app, argc, argv);
  if (orders.members_max && *orders.members_max < run.members) {
    std::fprintf(stderr, "--members-max is below --members\n");
    return 2;
  }
  if (*bug) {
    RunOptions trial = trial_options(run.bug, run.seed);
    if (*members) trial.members = run.members;
    if (*days) trial.days = run.days;
    trial.loud = run.loud;
    run = trial;
  }
  run.faults.without.insert(without.begin(), without.end());
  if (!only.empty()) {
    run.faults.only.emplace(only.begin(), only.end());
    run.faults.only->erase("none");
  }
  return run_orders(orders);
}

}  // namespace
}  // namespace simpul::sim

int main(int argc, char** argv) {
  return simpul::sim::run_program(argc, argv);
}
