#include "tests/simulation/agreement.h"

#include <algorithm>

#include "tests/simulation/agreement_bound.h"

namespace simpul::sim {
namespace {

constexpr Millis kTryEvery = kMinute;  // people, what could not be done
constexpr Millis kLookEvery = 5'000;
// One way over a line that is whole, the frames that make a step with it, and the same back.
constexpr Millis kRoundTrip = 2 * (8 + 4);

}  // namespace

Agreement::Agreement(World& world, Parts parts) : world_(world), parts_(std::move(parts)) {}

Millis Agreement::allowed(std::uint64_t events) const {
  const EngineOptions options = world_.engine_options();
  return agreement_bound({.silence = options.link_dead_after,
                          .late = Duration(std::max<Millis>(world_.options().tick, 1'000)),
                          .lines = Duration(Network::kRetransmitMax),
                          .round_trip = Duration(kRoundTrip),
                          .backlog_bytes = events * kEventSizeMax})
      .count();
}

// The last that a person did or a node started.
Millis Agreement::began() const {
  return std::max(since_, world_.last_start());
}

// Whoever agrees for a moment and then does not has not agreed.
void Agreement::look_for(Millis time) {
  const Millis end = world_.now() + time;
  while (world_.now() < end && !world_.halted()) {
    world_.run_until(std::min(end, world_.now() + kLookEvery));
    if (!agreed_ && parts_.questions().empty()) agreed_ = world_.now();
  }
}

std::vector<Disagreement> Agreement::reach(std::uint64_t events) {
  const Millis mended = since_ = world_.now(), bound = allowed(events);
  std::vector<Disagreement> open;
  agreed_.reset();
  do {
    if (world_.now() > mended) parts_.insist();
    look_for(kTryEvery);
    parts_.rule();
    open = parts_.questions();
    if (!open.empty()) agreed_.reset();
  } while (!open.empty() && world_.now() < began() + bound && !world_.halted());
  const Millis at = agreed_.value_or(world_.now()), took = std::max<Millis>(0, at - began());
  if (bound_ == 0 || took * bound_ > slowest_ * bound) {
    slowest_ = took;
    bound_ = bound;
  }
  slowest_in_all_ = std::max(slowest_in_all_, at - mended);
  return open;
}

}  // namespace simpul::sim
