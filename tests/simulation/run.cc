#include "tests/simulation/run.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <set>

#include "tests/simulation/agreement.h"
#include "tests/simulation/bugs.h"
#include "tests/simulation/convergence.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/liars.h"
#include "tests/simulation/membership_faults.h"
#include "tests/simulation/observer.h"
#include "tests/simulation/officers.h"
#include "tests/simulation/races.h"
#include "tests/simulation/races_seen.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kLinesShown = 40;
constexpr std::int64_t kPlayEvery = 6;  // commands
constexpr Millis kProgressEvery = 6 * kHour;

class Run {
 public:
  explicit Run(const RunOptions& options)
      : options_(options),
        random_(options.seed, "run"),
        world_(world_options(), history_),
        officers_(world_, options.seed, options.pace_ms),
        races_(world_, options.seed, kPlayEvery * options.pace_ms),
        observer_(world_, options.seed),
        witness_(world_, observer_),
        liars_(world_, witness_, observer_, liar_options()),
        faults_(world_, options.seed, options.faults),
        membership_(world_, options.seed, options.faults),
        agreement_(world_, {.insist = [this] { insist(); },
                            .rule = [this] { liars_.rule(); },
                            .questions = [this] { return open_questions(); }}),
        stage_(world_, observer_, options.seed) {
    history_.set_loud(options.loud);
    observer_.distrust(liars_.members());
    if (const Bug* bug = find_bug(options.bug)) bug->plant(stage_);
    world_.on_reply = [this](MemberNode& node, const CommandInput& command,
                             const Result<Json>& result) {
      officers_.replied(node, command, result);
      if (!result) return;
      observer_.replied(node, *result);
      agreement_.acted();
    };
    world_.on_step = [this](MemberNode& node) {
      observer_.look(node);
      witness_.stepped(node);
    };
    world_.on_sent = [this](MemberNode& node, LinkId link, BytesView frame) {
      observer_.sent(node, link, frame);
    };
    world_.on_received = [this](MemberNode& node, LinkId link, BytesView frame) {
      observer_.received(node, link, frame);
      witness_.arrived(node, link, frame);
    };
    world_.on_log = [this](MemberNode& node, const LogOut& log) { observer_.logged(node, log); };
    world_.on_data_checked = [this](MemberNode& node, const Result<void>& sound) {
      observer_.data_checked(node, sound);
    };
    world_.on_data_replaced = [this](MemberNode& node) {
      observer_.data_replaced(node);
      witness_.forget(node);
    };
  }

  RunReport run() {
    const Millis end = days_end();
    for (auto& node : world_.nodes()) world_.start(*node);
    while (world_.now() < end && report_.held()) {
      ++report_.episodes;
      episode(std::min(end, world_.now() + draw_length()));
      if (report_.held()) agree();
      if (report_.held()) observer_.check_all();
      if (report_.held()) heed_observer();
      faults_.resume();
      membership_.resume();
      liars_.resume();
    }
    return finish();
  }

 private:
  WorldOptions world_options() {
    static const std::vector<Millis> kTicks{200, 1'000, 5'000, 15'000, 30'000, 30'000};
    return {.seed = options_.seed,
            .members = options_.members,
            .hubs = options_.members < 4 || random_.percent(25) ? 1u : 2u,
            .folder = options_.folder,
            .tick = options_.days > 2 ? 30'000 : random_.pick(kTicks)};
  }

  // A long run may be the only one. But nodes go on asking for what liars made up: it would be of
  // little else in the end.
  LiarOptions liar_options() const {
    const bool is_long = options_.days > 2;
    return {.seed = options_.seed,
            .off = lies_left_out(),
            .times_as_seldom = is_long ? 4 : 1,
            .shows_all_kinds = is_long};
  }

  std::set<std::string> lies_left_out() const {
    if (!options_.honest) return options_.faults.without;
    const std::vector<std::string> all = Liars::kinds();
    return {all.begin(), all.end()};
  }

  Millis days_end() const {
    return static_cast<Millis>(options_.days * 24 * static_cast<double>(kHour));
  }

  Millis draw_length() {
    const std::uint64_t draw = random_.under(100);
    if (draw < 40) return random_.between(20 * kMinute, 2 * kHour);
    if (draw < 85) return random_.between(2 * kHour, 10 * kHour);
    return random_.between(24 * kHour, 90 * kHour);
  }

  void episode(Millis end) {
    const Millis last = days_end();
    while (world_.now() < end && report_.held() && !world_.halted()) {
      end = std::max(end, std::min(last, faults_.busy_until()));
      world_.run_until(std::min({end, faults_.next(), membership_.next(), liars_.next(),
                                 officers_.next(), races_.next()}));
      officers_.act();
      races_.act();
      faults_.act();
      membership_.act();
      liars_.act();
      witness_.judge();
      observer_.check_some_case(*random_.pick(world_.nodes()));
      observer_.check_bounds();
      heed_observer();
      show_progress();
    }
  }

  void show_progress() {
    if (!options_.progress || world_.now() < shown_at_ + kProgressEvery) return;
    shown_at_ = world_.now();
    std::fprintf(stderr, "%s: episode %zu, %zu events, %zu frames\n", clock_text(shown_at_).c_str(),
                 std::size_t{report_.episodes}, std::size_t{observer_.events()},
                 std::size_t{world_.network().frames()});
  }

  void agree() {
    liars_.repent();
    faults_.heal();
    membership_.heal();
    std::vector<Disagreement> open = agreement_.reach(observer_.events());
    if (open.empty() || world_.halted()) return heed_observer();
    std::vector<std::string> words;
    for (Disagreement& one : open) {
      report_.broken_too.insert(one.invariant);
      words.push_back(std::move(one.words));
    }
    fail(open.front().invariant, std::move(words), "");
  }

  void insist() {
    faults_.insist();
    membership_.insist();
  }

  // Nothing is open once all agree, of what liars did too.
  std::vector<Disagreement> open_questions() {
    const Exceptions exceptions{
        .liars = liars_.members(),
        .is_disputed = [this](const CaseId& id) { return witness_.is_disputed(id); },
        .pending_for_ever = [this](const CaseId& id) { return observer_.pending_for_ever(id); }};
    std::vector<Disagreement> open = witness_.unproved(liars_.members());
    for (Disagreement& one : disagreements(world_, exceptions)) open.push_back(std::move(one));
    return open;
  }

  void heed_observer() {
    if (observer_.broken().empty()) return heed_witness();
    const Observer::Broken first = observer_.broken().front();
    std::vector<std::string> words;
    for (const Observer::Broken& one : observer_.broken()) {
      words.push_back(one.invariant + ": " + one.words);
    }
    fail(first.invariant, std::move(words), first.about);
  }

  void heed_witness() {
    if (witness_.broken().empty()) return;
    const Witness::Broken& first = witness_.broken().front();
    fail(first.invariant, {first.words}, first.about);
  }

  void fail(std::string invariant, std::vector<std::string> words, const std::string& about) {
    report_.broken = std::move(invariant);
    report_.words = std::move(words);
    for (const std::string& line : history_.last(kLinesShown, about)) {
      report_.words.push_back(line);
    }
  }

  RunReport finish() {
    report_.digest = history_.digest();
    report_.entries = history_.size();
    report_.steps = world_.steps();
    report_.frames = world_.network().frames();
    report_.given = officers_.given();
    report_.recorded = officers_.recorded();
    report_.refused = officers_.refused();
    report_.events = observer_.events();
    report_.folds = observer_.folds();
    report_.faults = faults_.counts();
    report_.faults.insert(membership_.counts().begin(), membership_.counts().end());
    report_.faults.insert(liars_.counts().begin(), liars_.counts().end());
    report_.most = observer_.most();
    report_.races = races_seen(observer_.truth());
    report_.happened = faults_.happened();
    std::ranges::copy(membership_.happened(), std::back_inserter(report_.happened));
    report_.virtual_ms = world_.now();
    report_.slowest_agreement_ms = agreement_.slowest();
    report_.agreement_bound_ms = agreement_.bound();
    report_.slowest_mending_ms = agreement_.slowest_in_all();
    return report_;
  }

  const RunOptions& options_;
  Prng random_;
  History history_;
  World world_;
  Officers officers_;
  Races races_;
  Observer observer_;
  Witness witness_;
  Liars liars_;
  Faults faults_;
  MembershipFaults membership_;
  Agreement agreement_;
  Stage stage_;
  RunReport report_;
  Millis shown_at_ = 0;
};

}  // namespace

RunOptions trial_options(const std::string& name, std::uint64_t seed) {
  const Bug* bug = find_bug(name);
  const bool among_liars = bug && bug->among_liars;
  return {.seed = seed,
          .members = 6,
          .days = 0.2,
          .faults = {.without = {"disk-lost", "disk-restored", "hub-down", "partition",
                                 "suspension", "admission", "key-rotation", "roster-expiry",
                                 "member-split", "newer-kind"},
                     .only = {}},
          .folder = {},
          .bug = name,
          .pace_ms = kMinute,
          .honest = !among_liars};
}

RunReport run_once(const RunOptions& options) {
  return Run(options).run();
}

}  // namespace simpul::sim
