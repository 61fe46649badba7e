#include "tests/simulation/faults.h"
#include "tests/simulation/product_view.h"

#include <algorithm>
#include <filesystem>

namespace simpul::sim {
namespace {

constexpr std::size_t kBackupsPerNode = 3;

}  // namespace

const std::vector<Faults::Kind>& Faults::table() {
  static const std::vector<Kind> kinds{
      {"line-slow", 2 * kHour, &Faults::slow_lines},
      {"connection-reset", kHour, &Faults::resets},
      {"line-flaky", 6 * kHour, &Faults::flaky_line},
      {"cut-one-way", 4 * kHour, &Faults::cut_one_way},
      {"partition", 12 * kHour, &Faults::partition},
      {"hub-down", 18 * kHour, &Faults::hub_down},
      {"reconnect-storm", 12 * kHour, &Faults::storm},
      {"process-crash", 3 * kHour, &Faults::crash},
      {"power-cut", 6 * kHour, &Faults::power_cut},
      {"crash-within-step", 3 * kHour, &Faults::crash_within_step},
      {"commit-failed", 3 * kHour, &Faults::failed_commit},
      {"disk-restored", 10 * kHour, &Faults::disk_restored},
      {"disk-lost", 30 * kHour, &Faults::disk_lost},
      {"clock-forward", 12 * kHour, &Faults::clock_forward},
      {"clock-back", 12 * kHour, &Faults::clock_back},
      {"clock-skew", 6 * kHour, &Faults::clock_skew},
      {"node-slow", 6 * kHour, &Faults::slow_node},
      {"suspension", 6 * kHour, &Faults::suspension},
      {"backup-taken", 4 * kHour, &Faults::backup},
      {"disk-full", 6 * kHour, &Faults::disk_full},
      {"map-full", 8 * kHour, &Faults::map_full},
      {"sync-failed", 4 * kHour, &Faults::failed_sync},
      {"crash-within-commit", 3 * kHour, &Faults::crash_within_commit},
      {"bit-rot", 15 * kHour, &Faults::rot},
      {"clock-years", 15 * kHour, &Faults::clock_years},
      {"no-credit", 8 * kHour, &Faults::no_credit},
      {"island-cut", 3 * kDay, &Faults::island},
  };
  return kinds;
}

std::vector<std::string> Faults::kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : table()) names.emplace_back(kind.name);
  return names;
}

Faults::Faults(World& world, std::uint64_t seed, FaultChoice choice)
    : world_(world), seed_(seed), random_(seed, "faults"), choice_(std::move(choice)) {
  for (const Kind& kind : table()) {
    counts_[kind.name] = 0;
    schedules_.push_back({.random = Prng(seed, std::string("when ") + kind.name)});
  }
  resume();
}

void Faults::resume() {
  disk_touched_ = false;
  suspended_.clear();
  island_until_ = 0;
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    schedules_[i].due = world_.now() + schedules_[i].random.about(table()[i].every);
  }
}

Millis Faults::next() const {
  Millis next = std::ranges::min_element(schedules_, {}, &Schedule::due)->due;
  if (!later_.empty()) next = std::min(next, later_.begin()->first);
  return next;
}

void Faults::act() {
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
}

void Faults::heal() {
  // What was to end later ends now; what that leaves behind is mended below.
  for (auto& [time, action] : std::exchange(later_, {})) action();
  later_.clear();
  world_.network().heal();
  for (auto& node : world_.nodes()) {
    node->clock_offset = 0;
    node->slow_by = 0;
    node->disk = {};
    node->crash_within_step = false;
    if (node->stingy) world_.end_stinginess(*node);
    give_room(*node);
    if (!node->running()) world_.start(*node);
  }
  insist();
}

void Faults::insist() {
  MemberNode& hub = *world_.nodes().front();
  if (!hub.running()) return;
  ReadTransaction transaction = hub.store->read();
  Tables tables(transaction);
  const auto roster = held_roster(tables, hub.identity.root);
  if (!roster) return;
  for (const MemberId& id : suspended_) {
    const Member* member = roster->find(id);
    if (member == nullptr || !member->suspended) continue;
    world_.command(hub, "hub.reinstate", {{"member", id.text()}});
  }
}

MemberNode& Faults::any() {
  return *random_.pick(world_.nodes());
}

MemberNode* Faults::any_running() {
  MemberNode& node = any();
  return node.running() ? &node : nullptr;
}

void Faults::later(Millis delay, std::function<void()> action) {
  later_.emplace(world_.now() + delay, std::move(action));
}

void Faults::say(const MemberNode& node, const std::string& words) {
  ++counts_[words.substr(0, words.find(' '))];
  happened_.push_back(name_);
  world_.say(node, "fault", words);
}

void Faults::down_for(MemberNode& node, Millis duration, bool quietly) {
  world_.stop(node, quietly);
  later(duration, [this, &node] {
    if (!node.running()) world_.start(node);
  });
}

void Faults::slow_lines() {
  MemberNode& node = any();
  const Millis extra = random_.about(400);
  say(node, "line-slow by " + std::to_string(extra) + " ms");
  const auto set = [this, &node](Millis delay) {
    for (std::size_t other = 0; other < world_.nodes().size(); ++other) {
      world_.network().delay(node.index, other, delay);
      world_.network().delay(other, node.index, delay);
    }
  };
  set(extra);
  later(random_.about(kHour), [set] { set(0); });
}

void Faults::resets() {
  if (MemberNode* node = any_running()) {
    if (world_.network().reset_links(node->index) > 0) say(*node, "connection-reset");
  }
}

void Faults::flaky_line() {
  say(any(), "line-flaky");
  world_.network().reset_one_in(static_cast<std::uint64_t>(random_.between(30, 300)));
  later(random_.about(20 * kMinute), [this] { world_.network().reset_one_in(0); });
}

void Faults::cut_one_way() {
  MemberNode& from = any();
  MemberNode& to =
      random_.percent(70) ? *world_.nodes()[random_.under(world_.options().hubs)] : any();
  if (&from == &to) return;
  const bool outward = random_.percent(50);
  const auto [a, b] = outward ? std::pair(from.index, to.index) : std::pair(to.index, from.index);
  say(from, "cut-one-way " + std::string(outward ? "to " : "from ") + to.name());
  world_.network().cut(a, b, true);
  later(random_.about(30 * kMinute), [this, a = a, b = b] { world_.network().cut(a, b, false); });
}

// An island of some members, for hours or days.
void Faults::partition() {
  std::set<std::size_t> island;
  const std::size_t size = 1 + random_.under(std::max<std::size_t>(1, world_.nodes().size() / 2));
  while (island.size() < size) island.insert(any().index);
  say(*world_.nodes()[*island.begin()], "partition of " + std::to_string(size));
  cut_off(island, random_.about(random_.percent(20) ? kDay : 2 * kHour));
}

void Faults::cut_off(const std::set<std::size_t>& island, Millis duration) {
  const auto set = [this, island](bool cut) {
    for (const std::size_t inside : island) {
      for (std::size_t other = 0; other < world_.nodes().size(); ++other) {
        if (island.contains(other)) continue;
        world_.network().cut(inside, other, cut);
        world_.network().cut(other, inside, cut);
      }
    }
  };
  set(true);
  later(duration, [set] { set(false); });
}

void Faults::hub_down() {
  MemberNode& hub = *world_.nodes()[random_.under(world_.options().hubs)];
  if (!hub.running()) return;
  say(hub, "hub-down");
  down_for(hub, random_.about(random_.percent(20) ? kDay : 3 * kHour), random_.percent(50));
}

void Faults::storm() {
  MemberNode& node = any();
  say(node, "reconnect-storm");
  for (int i = 0; i < 20; ++i) {
    later(i * random_.about(3 * kSecond), [this, &node] {
      world_.network().reset_links(node.index);
      if (node.index < world_.options().hubs) return;
      for (std::size_t hub = 0; hub < world_.options().hubs; ++hub) {
        world_.network().reset_links(hub);
      }
    });
  }
}

void Faults::crash() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "process-crash");
  down_for(*node, random_.about(2 * kMinute), false);
}

void Faults::power_cut() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "power-cut");
  down_for(*node, random_.about(20 * kMinute), true);
}

void Faults::crash_within_step() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "crash-within-step");
  node->crash_within_step = true;
  later(random_.about(2 * kMinute), [this, node] {
    node->crash_within_step = false;
    if (!node->running()) world_.start(*node);
  });
}

void Faults::failed_commit() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "commit-failed");
  node->disk = {.kind = DiskFault::Kind::kWritesFail,
                .steps = 1 + random_.under(4),
                .writes = random_.under(4)};
}

void Faults::backup() {
  MemberNode& node = any();
  if (!std::filesystem::exists(node.data + "/data.mdb")) return;
  say(node, "backup-taken");
  auto& copies = backups_[node.index];
  copies.push_back(world_.copy_data(node));
  if (copies.size() <= kBackupsPerNode) return;
  std::filesystem::remove_all(copies.front());
  copies.erase(copies.begin());
}

void Faults::disk_restored() {
  MemberNode& node = any();
  const auto& copies = backups_[node.index];
  if (disk_touched_ || node.issues_rosters || copies.empty()) return;
  disk_touched_ = true;
  say(node, "disk-restored");
  world_.stop(node, random_.percent(50));
  world_.restore_data(node, random_.pick(copies));
  later(random_.about(10 * kMinute), [this, &node] {
    if (!node.running()) world_.start(node);
  });
}

void Faults::disk_lost() {
  MemberNode& node = any();
  if (disk_touched_ || node.issues_rosters) return;
  disk_touched_ = true;
  say(node, "disk-lost");
  world_.stop(node, random_.percent(50));
  world_.lose_data(node);
  later(random_.about(10 * kMinute), [this, &node] {
    if (!node.running()) world_.start(node);
  });
}

void Faults::clock_forward() {
  MemberNode& node = any();
  say(node, "clock-forward");
  node.clock_offset += random_.about(kHour);
  later(random_.about(2 * kHour), [&node] { node.clock_offset = 0; });
}

void Faults::clock_back() {
  MemberNode& node = any();
  say(node, "clock-back");
  node.clock_offset -= random_.about(kHour);
  later(random_.about(2 * kHour), [&node] { node.clock_offset = 0; });
}

void Faults::clock_skew() {
  MemberNode& node = any();
  say(node, "clock-skew");
  node.clock_offset += random_.between(-90, 90) * kSecond;
}

void Faults::slow_node() {
  MemberNode& node = any();
  say(node, "node-slow");
  node.slow_by = random_.about(2 * kSecond);
  later(random_.about(kHour), [&node] { node.slow_by = 0; });
}

void Faults::suspension() {
  MemberNode& hub = *world_.nodes().front();
  MemberNode& node = any();
  if (!hub.running() || disk_touched_ || node.index < world_.options().hubs) return;
  if (!suspended_.insert(node.identity.member).second) return;
  say(node, "suspension");
  world_.command(hub, "hub.suspend", {{"member", node.name()}});
}

}  // namespace simpul::sim
