// What waits in a node without an end: inputs that its lines take in while it is slow, and events
// that came and are not folded.
#include "protocol/frame.h"
#include "tests/simulation/bugs.h"

namespace simpul::sim {
namespace {

constexpr int kTooMany = 30'000;  // of either

// A line takes in for its node whatever is sent, and the node gets round to little of it.
void take_in_without_end(Stage& stage) {
  auto flooded = std::make_shared<bool>(false);
  stage.world.twins.send = [&stage, flooded](MemberNode& from, MemberNode& to, LinkId link,
                                             Bytes&) {
    if (stage.world.now() < kBugBegins || *flooded || !to.running()) return true;
    *flooded = true;
    to.slow_by = 5'000;
    const Bytes ping = *encode_frame(Ping{.nonce = 1});
    for (int i = 0; i < kTooMany; ++i) stage.world.network().send(from.index, link, ping);
    return true;
  };
}

// What is held already is noted as come again, and its folding never catches up.
void never_fold(Stage& stage) {
  stage.world.twins.committed = [&stage](MemberNode& node) {
    if (stage.world.now() < kBugBegins || node.kind != MemberKind::kHub) return;
    tamper(node, [&](Tables& tables) {
      std::optional<Arrival> last;
      tables.arrivals.scan(0, [&](std::uint64_t, const Arrival& arrival) {
        last = arrival;
        return false;
      });
      for (int i = 0; last && i < kTooMany; ++i) tables.arrivals.append(*last);
    });
  };
}

}  // namespace

std::vector<Bug> bound_bugs() {
  return {
      {"inputs-pile-up", kBounded, 3, "a line takes in more than its node ever gets round to",
       take_in_without_end},
      {"folding-stands-still", kBounded, 3, "a hub's events come and are not folded", never_fold},
  };
}

}  // namespace simpul::sim
