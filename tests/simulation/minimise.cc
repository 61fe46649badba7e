#include "tests/simulation/minimise.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "tests/simulation/report_text.h"

namespace simpul::sim {
namespace {

using Names = std::vector<std::string>;

class Minimiser {
 public:
  Minimiser(const std::string& scratch, const SeedRun& broken, unsigned runs_max)
      : scratch_(scratch), best_(broken), left_(runs_max) {}

  SeedRun run() {
    kinds();
    occurrences();
    days();
    members();
    return best_;
  }

 private:
  // Whether it breaks the same way; then it is the best so far.
  bool breaks(const RunOptions& options, const std::string& what) {
    if (left_ == 0) return false;
    --left_;
    SeedRun run = run_seed(scratch_, options);
    const bool same = run.report.broken == best_.report.broken;
    std::printf("  %s: %s\n", what.c_str(), same ? "still broken" : "holds");
    std::fflush(stdout);
    if (same) best_ = std::move(run);
    return same;
  }

  // Takes away from what `names` finds in the best run, in halves, quarters and so on down to one,
  // while it stays broken. `without` makes the options for a run with part of them gone.
  template <class Find, class Without>
  void take_away(const char* what, const Find& find, const Without& without) {
    Names all = find();
    for (std::size_t size = (all.size() + 1) / 2; size > 0 && left_ > 0;) {
      for (std::size_t first = 0; first < all.size() && left_ > 0;) {
        const std::size_t last = std::min(first + size, all.size());
        const Names gone(all.begin() + static_cast<std::ptrdiff_t>(first),
                         all.begin() + static_cast<std::ptrdiff_t>(last));
        Names rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
        rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(last), all.end());
        const std::string words =
            "without " + std::to_string(gone.size()) + " of " + std::to_string(all.size()) + what;
        if (breaks(without(gone, rest), words)) {
          all = std::move(rest);
        } else {
          first = last;
        }
      }
      size = size == 1 ? 0 : std::min((size + 1) / 2, std::max<std::size_t>(1, all.size()));
    }
  }

  void kinds() {
    take_away(
        " kinds",
        [&] {
          Names names;
          for (const auto& [kind, times] : best_.report.faults) {
            if (times > 0) names.push_back(kind);
          }
          return names;
        },
        [&](const Names& gone, const Names&) {
          RunOptions options = best_.options;
          options.faults.without.insert(gone.begin(), gone.end());
          return options;
        });
  }

  void occurrences() {
    take_away(
        " faults", [&] { return best_.report.happened; },
        [&](const Names&, const Names& rest) {
          RunOptions options = best_.options;
          options.faults.only = std::set<std::string>(rest.begin(), rest.end());
          return options;
        });
  }

  void days() {
    for (double days = best_.options.days / 2; days > 0.01; days /= 2) {
      RunOptions options = best_.options;
      options.days = days;
      if (!breaks(options, "for half the time")) return;
    }
  }

  void members() {
    for (const std::uint64_t members : {3u, 4u, 6u, 9u, 12u}) {
      if (members >= best_.options.members) return;
      RunOptions options = best_.options;
      options.members = members;
      if (breaks(options, "with " + std::to_string(members) + " members")) return;
    }
  }

  const std::string& scratch_;
  SeedRun best_;
  unsigned left_;
};

}  // namespace

SeedRun minimise(const std::string& scratch, const SeedRun& broken, unsigned runs_max) {
  return Minimiser(scratch, broken, runs_max).run();
}

}  // namespace simpul::sim
