#include "tests/simulation/trials.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/simulation/bugs.h"
#include "tests/simulation/run.h"

namespace simpul::sim {
namespace {

constexpr std::uint64_t kControlSeeds = 3;

struct Trial {
  std::string name, invariant, what;
  std::uint64_t seeds_max = 1;
  bool is_control() const { return invariant.empty(); }
};

struct Verdict {
  std::string found;  // the invariant that broke; empty: none
  std::uint64_t seeds = 0;
};

// In the child: the invariant that is to break, if it is among those that broke first, written to
// a file.
void hold(const Trial& trial, const std::string& folder) {
  Verdict verdict;
  while (verdict.found.empty() && verdict.seeds < trial.seeds_max) {
    RunOptions options = trial_options(trial.is_control() ? "" : trial.name, ++verdict.seeds);
    options.folder = folder + "/seed-" + std::to_string(verdict.seeds);
    std::filesystem::create_directories(options.folder);
    const RunReport report = run_once(options);
    const bool as_it_should = report.broken_too.contains(trial.invariant);
    verdict.found = as_it_should ? trial.invariant : report.broken;
    std::filesystem::remove_all(options.folder);
  }
  std::ofstream(folder + "/verdict") << verdict.seeds << ' ' << verdict.found << '\n';
}

Verdict read_verdict(const std::string& folder) {
  Verdict verdict{.found = "the process died"};
  std::ifstream file(folder + "/verdict");
  if (file >> verdict.seeds) {
    verdict.found.clear();
    file >> verdict.found;
  }
  return verdict;
}

bool tell(const Trial& trial, const Verdict& verdict) {
  const bool right = verdict.found == trial.invariant;
  std::printf("%-22s %-22s %2llu of %2llu  %s%s\n", trial.name.c_str(),
              trial.is_control() ? "-" : trial.invariant.c_str(),
              static_cast<unsigned long long>(verdict.seeds),
              static_cast<unsigned long long>(trial.seeds_max),
              right ? "" : ("NOT AS IT SHOULD: '" + verdict.found + "': ").c_str(),
              trial.what.c_str());
  return right;
}

std::vector<Trial> trials() {
  std::vector<Trial> all{{"(none)", "", "the same runs without a bug hold", kControlSeeds}};
  for (const Bug& bug : bugs()) all.push_back({bug.name, bug.invariant, bug.what, bug.seeds_max});
  return all;
}

}  // namespace

bool try_bugs(const std::string& scratch, unsigned jobs) {
  const std::vector<Trial> all = trials();
  std::map<pid_t, std::size_t> running;
  std::fflush(nullptr);
  for (std::size_t next = 0; next < all.size() || !running.empty();) {
    if (next < all.size() && running.size() < jobs) {
      const std::string folder = scratch + "/" + all[next].name;
      std::filesystem::create_directories(folder);
      const pid_t child = fork();
      SIMPUL_CHECK(child >= 0);
      if (child == 0) {
        hold(all[next], folder);
        _exit(0);
      }
      running[child] = next++;
    } else {
      running.erase(wait(nullptr));
    }
  }
  bool all_found = true;
  for (const Trial& trial : all) {
    all_found &= tell(trial, read_verdict(scratch + "/" + trial.name));
  }
  return all_found;
}

}  // namespace simpul::sim
