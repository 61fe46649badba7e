// Faults of single machines and their surroundings: disks that fill, fail or rot, clocks that leap
// by years, memory that runs out, an island without a line for days.
#include <filesystem>

#include "tests/simulation/faults.h"
#include "tests/simulation/rot.h"

namespace simpul::sim {
namespace {

constexpr Millis kYear = 365 * kDay;
constexpr Millis kIslandCut = 3 * kDay;
constexpr std::uint64_t kPage = 4096;

}  // namespace

// The file system has no room for a while: what is there can still be written over.
void Faults::disk_full() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "disk-full");
  node->disk = {.kind = DiskFault::Kind::kFull};
  later(random_.about(40 * kMinute), [node] { node->disk = {}; });
}

// The database has used the room that it was given; its operator gives it more later.
void Faults::map_full() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "map-full");
  const std::uint64_t used = node->store->environment().stats().used_bytes;
  world_.stop(*node, false);
  node->map_bytes = used + kPage * random_.under(32);
  node->start_at = world_.now() + kSecond;
  later(random_.about(40 * kMinute), [this, node] { give_room(*node); });
}

void Faults::give_room(MemberNode& node) {
  if (node.map_bytes == kMapBytes) return;
  node.map_bytes = kMapBytes;
  if (!node.running()) return;
  world_.stop(node, false);
  world_.start(node);
}

void Faults::failed_sync() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "sync-failed");
  node->disk = {.kind = DiskFault::Kind::kSyncsFail, .steps = 1 + random_.under(4)};
}

void Faults::crash_within_commit() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "crash-within-commit");
  node->disk = {.kind = DiskFault::Kind::kBreaksOff, .writes = random_.under(5)};
  later(random_.about(10 * kMinute), [node] { node->disk = {}; });
}

void Faults::rot() {
  MemberNode& node = any();
  if (disk_touched_ || node.issues_rosters) return;
  if (!std::filesystem::exists(node.data + "/data.mdb")) return;
  const bool quietly = random_.percent(50);
  world_.stop(node, quietly);
  const std::string what = let_rot(node, random_);
  if (!what.empty()) {
    disk_touched_ = true;
    say(node, "bit-rot in " + what);
  }
  later(random_.about(2 * kMinute), [this, &node] {
    if (!node.running()) world_.start(node);
  });
}

void Faults::clock_years() {
  MemberNode& node = any();
  const Millis leap = random_.between(kYear, 12 * kYear) * (random_.percent(50) ? 1 : -1);
  say(node, "clock-years by " + std::to_string(leap / kDay) + " days");
  node.clock_offset = leap;
  later(random_.about(kHour), [&node] { node.clock_offset = 0; });
}

void Faults::no_credit() {
  MemberNode* node = any_running();
  if (!node) return;
  say(*node, "no-credit");
  node->stingy = true;
  later(random_.about(3 * kHour), [this, node] { world_.end_stinginess(*node); });
}

// One or two members, as Papua, without any line for three days.
void Faults::island() {
  if (world_.now() < island_until_) return;
  const MemberNode& one = any();
  const MemberNode& other = any();
  say(one, "island-cut with " + other.name());
  island_until_ = world_.now() + kIslandCut;
  cut_off({one.index, other.index}, kIslandCut);
}

}  // namespace simpul::sim
