#include "node/engine/clock_check.h"

#include <algorithm>
#include <utility>

namespace simpul {

void ClockCheck::look(const Step& step, Peers& peers) {
  const Instant before = std::exchange(last_, step.now);
  if (step.now > before + kTolerance) {
    since_ = step.now;
    holds_ = false;
  }
  if (const auto agrees = somebody_agrees(step.now, peers)) holds_ = *agrees;
  if (holds_) return;
  for (auto& [link, peer] : peers.all()) {
    if (peer->open()) peer->session.ask_time(step.now);
  }
}

// nullopt: nobody has said a time lately.
std::optional<bool> ClockCheck::somebody_agrees(Instant now, const Peers& peers) const {
  std::optional<bool> agrees;
  for (const auto& [link, peer] : peers.all()) {
    const auto& clock = peer->session.peer_clock();
    if (!peer->open() || !clock || clock->ours < std::max(since_, now - kLately)) continue;
    agrees = agrees.value_or(false) || clock->ours - clock->theirs <= kTolerance;
  }
  return agrees;
}

}  // namespace simpul
