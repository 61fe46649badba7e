#include "tests/simulation/report_text.h"

#include <algorithm>
#include <cstdio>

namespace simpul::sim {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string count(std::uint64_t value, const char* what) {
  return ", " + std::to_string(value) + " " + what;
}

std::string listed(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, times] : counts) text += " " + name + " " + std::to_string(times);
  return text;
}

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::string seconds(std::int64_t milliseconds) {
  return number(static_cast<double>(milliseconds) / 1000) + " s";
}

// The one that came nearest to its bound, and the longest with what people took.
std::string slowest(std::int64_t agreement, std::int64_t bound, std::int64_t mending) {
  return seconds(agreement) + " of " + seconds(bound) + " allowed, " + seconds(mending) +
         " with people's time";
}

}  // namespace

std::string replay_command(const RunOptions& options) {
  char days[32];
  std::snprintf(days, sizeof days, "%g", options.days);
  std::string command = "simpul-sim";
  if (!options.bug.empty()) command += " --bug " + options.bug;
  command += " --seed " + std::to_string(options.seed) + " --members " +
             std::to_string(options.members) + " --days " + days;
  if (options.honest && options.bug.empty()) command += " --honest";
  if (options.faults.only) {
    const std::string names = joined(*options.faults.only);
    command += " --only-faults " + (names.empty() ? "none" : names);
  }
  // Lies are no single faults that could be asked for alone.
  if (options.bug.empty() && (!options.faults.only || !options.honest)) {
    for (const std::string& kind : options.faults.without) command += " --without " + kind;
  }
  return command;
}

std::string report_text(const SeedRun& run) {
  const RunReport& report = run.report;
  std::string text =
      "seed " + std::to_string(run.options.seed) + ": " +
      (report.held() ? "held" : "BROKEN: " + report.broken) + count(report.episodes, "episodes") +
      count(report.events, "events") + count(report.recorded, "commands done") +
      count(report.refused, "refused") + count(report.frames, "frames") +
      count(report.steps, "steps") + count(report.folds, "folds compared") + ", digest " +
      report.digest + "\n  faults:" + listed(report.faults) + "\n  races:" + listed(report.races) +
      "\n  at most:" + listed(report.most) + "\n  " +
      number(static_cast<double>(report.virtual_ms) / 3.6e6) + " virtual hours in " +
      number(run.seconds) + " s, " +
      number(static_cast<double>(report.virtual_ms) / 1000 / run.seconds) +
      " times as fast; slowest agreement " +
      slowest(report.slowest_agreement_ms, report.agreement_bound_ms, report.slowest_mending_ms) +
      "\n";
  if (report.held()) return text;
  text += "  replay: " + replay_command(run.options) + "\n";
  for (const std::string& words : report.words) text += "    " + words + "\n";
  return text;
}

void Totals::add(const SeedRun& run) {
  const RunReport& report = run.report;
  for (const auto& [kind, times] : report.faults) faults_[kind] += times;
  for (const auto& [race, times] : report.races) races_[race] += times;
  for (const auto& [what, value] : report.most) most_[what] = std::max(most_[what], value);
  events_.push_back(report.events);
  if (!report.held()) broken_.push_back(run.options.seed);
  virtual_seconds_ += static_cast<double>(report.virtual_ms) / 1000;
  seconds_ += run.seconds;
  slowest_mending_ms_ = std::max(slowest_mending_ms_, report.slowest_mending_ms);
  const bool is_nearer = report.slowest_agreement_ms * agreement_bound_ms_ >=
                         slowest_agreement_ms_ * report.agreement_bound_ms;
  if (!is_nearer) return;
  slowest_agreement_ms_ = report.slowest_agreement_ms;
  agreement_bound_ms_ = report.agreement_bound_ms;
}

std::string Totals::text() const {
  std::vector<std::uint64_t> events = events_;
  std::ranges::sort(events);
  std::string text = std::to_string(runs()) + " seeds run, " + std::to_string(broken()) + " broken";
  for (const std::uint64_t seed : broken_) text += " " + std::to_string(seed);
  if (events.empty()) return text + "\n";
  return text + "; events per seed " + std::to_string(events.front()) + " to " +
         std::to_string(events.back()) + ", median " + std::to_string(events[events.size() / 2]) +
         "; " + number(virtual_seconds_ / 86'400) + " virtual days, " +
         number(virtual_seconds_ / std::max(seconds_, 0.001)) +
         " times as fast as real; slowest agreement " +
         slowest(slowest_agreement_ms_, agreement_bound_ms_, slowest_mending_ms_) +
         "; faults:" + listed(faults_) + "; races:" + listed(races_) +
         "; at most:" + listed(most_) + "\n";
}

}  // namespace simpul::sim
