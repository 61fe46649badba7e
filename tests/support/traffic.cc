#include "tests/support/traffic.h"

#include <array>
#include <optional>

#include "node/engine/arguments.h"

namespace simpul {
namespace {

constexpr std::int64_t kFirstTimeMs = 1'767'225'600'000;  // 2026-01-01
constexpr std::int64_t kTimesApartMs = 10'000'000;        // of runs with different seeds
constexpr milliseconds kPause{5};
constexpr std::size_t kRecentCases = 30;  // worked on at a time, so that they travel far

struct Move {
  const char* name;
  unsigned weight;
};
// Most are refused, as the case stands; the rest moves it.
constexpr auto kMoves = std::to_array<Move>({{"case.open", 3},
                                             {"case.verify", 2},
                                             {"case.progress", 2},
                                             {"case.note", 2},
                                             {"case.answer", 2},
                                             {"case.close", 1},
                                             {"case.forward", 6},
                                             {"case.accept", 12},
                                             {"case.decline", 2},
                                             {"case.recall", 1},
                                             {"case.reply", 1}});

const char* draw_move(std::mt19937_64& random) {
  unsigned total = 0;
  for (const Move& move : kMoves) total += move.weight;
  auto left = static_cast<unsigned>(random() % total);
  for (const Move& move : kMoves) {
    if (left < move.weight) return move.name;
    left -= move.weight;
  }
  return kMoves.front().name;
}

}  // namespace

Traffic::Traffic(FederationFixture& federation, std::vector<std::string> members,
                 std::uint64_t seed)
    : federation_(federation),
      members_(std::move(members)),
      next_time_ms_(kFirstTimeMs + static_cast<std::int64_t>(seed % 1000) * kTimesApartMs) {
  for (const std::string& member : members_) {
    threads_.emplace_back([this, member, seed = ++seed] { work(member, seed); });
  }
}

Traffic::~Traffic() {
  finish();
}

void Traffic::finish() {
  finishing_ = true;
  threads_.clear();
}

std::size_t Traffic::count() const {
  const std::lock_guard lock(mutex_);
  return recorded_.size();
}

std::vector<Traffic::Recorded> Traffic::recorded() const {
  const std::lock_guard lock(mutex_);
  return recorded_;
}

std::vector<std::string> Traffic::given() const {
  const std::lock_guard lock(mutex_);
  return given_;
}

void Traffic::work(const std::string& member, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  while (!finishing_) {
    give(member, draw(member, random));
    std::this_thread::sleep_for(kPause);
  }
}

Traffic::Command Traffic::draw(const std::string& member, std::mt19937_64& random) {
  Command command{draw_move(random), Json::object()};
  const std::string about = some_case(random);
  if (about.empty()) command.name = "case.open";
  command.arguments["happened"] = next_time();
  command.arguments["key"] = command.arguments["happened"];
  command.arguments["text"] = "Lampu jalan padam, " + std::to_string(random());
  if (command.name == "case.open") {
    command.arguments["category"] = "infrastructure.lights";
    return command;
  }
  command.arguments["case"] = about;
  if (command.name == "case.forward") {
    const std::string& to = members_[random() % members_.size()];
    command.arguments["to"] = to == member ? members_.front() : to;
  }
  return command;
}

std::string Traffic::some_case(std::mt19937_64& random) const {
  const std::lock_guard lock(mutex_);
  if (cases_.empty()) return "";
  const std::size_t recent = std::min(cases_.size(), kRecentCases);
  return cases_[cases_.size() - 1 - random() % recent];
}

std::string Traffic::next_time() {
  const std::lock_guard lock(mutex_);
  given_.push_back(to_text(Instant(milliseconds(next_time_ms_++))));
  return given_.back();
}

void Traffic::give(const std::string& member, const Command& command) {
  for (;;) {
    const auto answer = federation_.try_call(member, command.name, command.arguments);
    const auto why = answer ? std::nullopt : std::optional(answer.error().code);
    if (why == ErrorCode::kUnavailable || why == ErrorCode::kNotYet) {
      std::this_thread::sleep_for(kPause);
      continue;
    }
    if (!answer) return;  // refused: nothing happened
    const std::lock_guard lock(mutex_);
    const std::string about = (*answer)["case"];
    recorded_.push_back({member, command.name, about, command.arguments["happened"],
                         answer->value("event", std::string())});
    if (command.name == "case.open") cases_.push_back(about);
    return;
  }
}

}  // namespace simpul
