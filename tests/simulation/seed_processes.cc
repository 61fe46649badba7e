#include "tests/simulation/seed_processes.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "crypto/result.h"
#include "tests/simulation/report_file.h"

namespace simpul::sim {
namespace {

constexpr std::uint64_t kAhead = 1024;  // seeds that may be done while an earlier one is not

class Processes {
 public:
  Processes(std::string scratch, const std::function<void(const SeedRun&)>& done)
      : scratch_(std::move(scratch)), done_(done) {}

  std::size_t running() const { return running_.size(); }
  std::uint64_t unreported() const { return begun_ - reported_; }

  void begin(RunOptions options) {
    const std::uint64_t number = begun_++;
    options.folder = scratch_ + "/run-" + std::to_string(number);
    std::filesystem::create_directories(options.folder);
    std::fflush(nullptr);
    const pid_t child = fork();
    SIMPUL_CHECK(child >= 0);
    if (child == 0) {
      write_report(file_of(options), run_once(options));
      std::fflush(nullptr);
      _exit(0);
    }
    running_[child] = {number, {.options = std::move(options), .report = {}}, Clock::now()};
  }

  void wait_for_one() {
    int status = 0;
    const auto found = running_.find(::wait(&status));
    SIMPUL_CHECK(found != running_.end());
    auto [number, run, start] = std::move(found->second);
    running_.erase(found);
    run.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    auto report = read_report(file_of(run.options));
    if (status != 0 || !report) {
      report = RunReport{.broken = kProcessDied, .words = {}};
      report->words.push_back("wait status " + std::to_string(status));
    }
    run.report = *std::move(report);
    std::filesystem::remove_all(run.options.folder);
    std::filesystem::remove(file_of(run.options));
    ended_.emplace(number, std::move(run));
    while (!ended_.empty() && ended_.begin()->first == reported_) {
      done_(ended_.extract(ended_.begin()).mapped());
      ++reported_;
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Running {
    std::uint64_t number = 0;
    SeedRun run;
    Clock::time_point start;
  };
  static std::string file_of(const RunOptions& options) { return options.folder + ".json"; }

  std::string scratch_;
  const std::function<void(const SeedRun&)>& done_;
  std::map<pid_t, Running> running_;
  std::map<std::uint64_t, SeedRun> ended_;
  std::uint64_t begun_ = 0, reported_ = 0;
};

}  // namespace

void run_seeds(const std::string& scratch, unsigned jobs,
               const std::function<std::optional<RunOptions>()>& next,
               const std::function<void(const SeedRun&)>& done) {
  Processes processes(scratch, done);
  for (bool more = true; more || processes.running() > 0;) {
    if (more && processes.running() < jobs && processes.unreported() < kAhead) {
      auto options = next();
      more = options.has_value();
      if (options) processes.begin(*std::move(options));
    } else {
      processes.wait_for_one();
    }
  }
}

SeedRun run_seed(const std::string& scratch, const RunOptions& options) {
  std::optional<RunOptions> left = options;
  SeedRun result;
  run_seeds(
      scratch, 1, [&] { return std::exchange(left, std::nullopt); },
      [&](const SeedRun& run) { result = run; });
  return result;
}

}  // namespace simpul::sim
