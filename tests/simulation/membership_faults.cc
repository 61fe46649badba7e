#include "tests/simulation/membership_faults.h"

#include <algorithm>

#include "tests/simulation/newcomers.h"
#include "tests/simulation/newer_program.h"

namespace simpul::sim {
namespace {

constexpr Millis kAttendance = 15 * kMinute;  // of the administrator, on average
constexpr std::size_t kSplitsMax = 4;

}  // namespace

const std::vector<MembershipFaults::Kind>& MembershipFaults::table() {
  static const std::vector<Kind> kinds{
      {"admission", 12 * kHour, &MembershipFaults::admission},
      {"key-rotation", 6 * kHour, &MembershipFaults::key_rotation},
      {"roster-expiry", 24 * kHour, &MembershipFaults::roster_expiry},
      {"member-split", 30 * kHour, &MembershipFaults::member_split},
      {"newer-kind", 4 * kHour, &MembershipFaults::newer_kind},
  };
  return kinds;
}

std::vector<std::string> MembershipFaults::kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : table()) names.emplace_back(kind.name);
  return names;
}

MembershipFaults::MembershipFaults(World& world, std::uint64_t seed, FaultChoice choice)
    : world_(world),
      seed_(seed),
      attendance_(seed, "attendance"),
      random_(seed, "membership"),
      choice_(std::move(choice)),
      registrar_(world, seed) {
  for (const Kind& kind : table()) {
    counts_[kind.name] = 0;
    schedules_.push_back({.random = Prng(seed, std::string("when ") + kind.name)});
  }
  resume();
}

void MembershipFaults::resume() {
  registrar_.begin_episode();
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    schedules_[i].due = world_.now() + schedules_[i].random.about(table()[i].every);
  }
  attends_ = world_.now() + attendance_.about(kAttendance);
  for (Split& split : splits_) {
    if (split.suspended) registrar_.suspend(split.old, true);
  }
}

Millis MembershipFaults::next() const {
  Millis next = std::min(attends_, std::ranges::min_element(schedules_, {}, &Schedule::due)->due);
  if (!later_.empty()) next = std::min(next, later_.begin()->first);
  return next;
}

void MembershipFaults::act() {
  while (!later_.empty() && later_.begin()->first <= world_.now()) {
    later_.extract(later_.begin()).mapped()();
  }
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    Schedule& schedule = schedules_[i];
    if (schedule.due > world_.now()) continue;
    const Kind& kind = table()[i];
    schedule.due = world_.now() + schedule.random.about(kind.every);
    name_ = occurrence_name(kind.name, schedule.next++);
    if (!choice_.allows(kind.name, name_)) continue;
    random_ = Prng(seed_, "fault " + name_);
    (this->*kind.begin)();
  }
  if (attends_ > world_.now()) return;
  attends_ = world_.now() + attendance_.about(kAttendance);
  attend();
}

void MembershipFaults::heal() {
  later_.clear();
  insist();
}

void MembershipFaults::insist() {
  if (registrar_.runs_out()) registrar_.renew(std::nullopt);
  // What a dissolved member wrote last is fetched; then it goes again.
  for (const Split& split : splits_) {
    const auto old = registrar_.listed(split.old);
    if (old && old->suspended) registrar_.suspend(split.old, false);
  }
}

void MembershipFaults::later(Millis delay, std::function<void()> action) {
  later_.emplace(world_.now() + delay, std::move(action));
}

void MembershipFaults::count(const MemberNode& node, const std::string& words) {
  ++counts_[words.substr(0, words.find(' '))];
  happened_.push_back(name_);
  world_.say(node, "fault", words);
}

void MembershipFaults::attend() {
  registrar_.attend();
  for (MemberNode* node : newcomers_) {
    const bool waits = registrar_.may_issue() && !registrar_.listed(node->identity.member);
    if (!waits || !node->running()) continue;
    Json request{{"name", "Newcomer " + node->name()}, {"kind", "regency"}};
    if (!node->endpoint.empty()) request["endpoint"] = node->endpoint;
    world_.command(*node, "enrol", std::move(request));
  }
  for (Split& split : splits_) go_on_with(split);
}

MemberNode* MembershipFaults::join() {
  if (newcomers_.size() >= kNewcomersMax) return nullptr;
  MemberNode& node = world_.add(newcomer(world_, newcomers_.size(), random_));
  newcomers_.push_back(&node);
  world_.start(node);
  return &node;
}

void MembershipFaults::admission() {
  if (MemberNode* node = join()) count(*node, "admission");
}

void MembershipFaults::key_rotation() {
  MemberNode& node = *random_.pick(world_.nodes());
  if (!node.running()) return;
  count(node, "key-rotation");
  world_.command(node, "keys.rotate", Json::object());
}

// The roster is issued for a short time, and renewed in its grace or after.
void MembershipFaults::roster_expiry() {
  if (!registrar_.may_issue()) return;
  const Millis validity = random_.between(10 * kMinute, kHour);
  count(*world_.nodes().front(), "roster-expiry in " + std::to_string(validity / kMinute) + " min");
  registrar_.renew(world_.now() + validity);
  const Millis renewed = validity + random_.between(10 * kMinute, 4 * kHour);
  later(renewed, [this] {
    if (registrar_.may_issue()) registrar_.renew(std::nullopt);
  });
}

void MembershipFaults::member_split() {
  const MemberNode& old = *random_.pick(world_.nodes());
  const bool splits = std::ranges::any_of(
      splits_, [&](const Split& split) { return split.old == old.identity.member; });
  if (old.kind == MemberKind::kHub || splits || splits_.size() >= kSplitsMax) return;
  if (newcomers_.size() + 2 > kNewcomersMax || !registrar_.listed(old.identity.member)) return;
  count(old, "member-split");
  splits_.push_back(
      {.old = old.identity.member, .heirs = {join()->identity.member, join()->identity.member}});
}

void MembershipFaults::go_on_with(Split& split) {
  if (!registrar_.may_issue()) return;
  if (!split.suspended) {
    for (const MemberId& heir : split.heirs) {
      if (!registrar_.listed(heir)) return;
    }
    split.suspended = true;
    return registrar_.suspend(split.old, true);
  }
  const auto old = registrar_.listed(split.old);
  if (old && old->suspended) registrar_.rule_away(split.old, split.heirs);
}

void MembershipFaults::newer_kind() {
  MemberNode& node = *random_.pick(world_.nodes());
  if (!node.running()) return;
  world_.stop(node, false);
  const auto written = write_newer_kind(world_, node, random_.percent(40), random_);
  if (written) count(node, "newer-kind " + *written);
  world_.start(node);
  if (world_.on_step) world_.on_step(node);  // what the other program committed
}

}  // namespace simpul::sim
