// Whether this node may do things by its clock alone. A start finds the clock at any time, a
// battery that died sets it years off, and what is done by the clock cannot be taken back. So after
// a start, and after a leap, it counts once somebody at the other end of a link shows a time that
// it is not far ahead of. One that is behind does no harm: things are done late. In memory only.
// Not thread-safe; owned by the engine.
#pragma once

#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

class ClockCheck {
 public:
  // By how much two clocks may differ, and one may leap between two looks.
  static constexpr Duration kTolerance = std::chrono::hours{1};

  // Asks the peers while nothing is known. At most once a second, the sessions see to that.
  void look(const Step& step, Peers& peers);
  bool holds() const { return holds_; }

 private:
  static constexpr Duration kLately = std::chrono::minutes{2};

  std::optional<bool> somebody_agrees(Instant now, const Peers& peers) const;

  bool holds_ = false;
  Instant last_{};   // when looked at last
  Instant since_{};  // what was said before does not count
};

}  // namespace simpul
