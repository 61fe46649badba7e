// The end of an episode: all is mended, people do what is left for them to do, and then all nodes
// must agree within the bound that SPEC.md states. Time that people take is not the protocol's: it
// counts from the last thing that somebody did, or that a node started. Not thread-safe.
#pragma once

#include <functional>
#include <vector>

#include "tests/simulation/convergence.h"
#include "tests/simulation/world.h"

namespace simpul::sim {

class Agreement {
 public:
  struct Parts {
    std::function<void()> insist;  // what people try again each minute
    std::function<void()> rule;    // what they decide as soon as it is known
    std::function<std::vector<Disagreement>()> questions;  // what is open
  };
  Agreement(World& world, Parts parts);

  // A command was done: people are not through yet.
  void acted() { since_ = world_.now(); }

  // From everything mended until all agree or the bound is past; what is open then. `events` were
  // ever written.
  std::vector<Disagreement> reach(std::uint64_t events);

  // Of the agreement that was slowest by its own bound: how long, and that bound.
  Millis slowest() const { return slowest_; }
  Millis bound() const { return bound_; }
  // The longest from everything mended, with what people took.
  Millis slowest_in_all() const { return slowest_in_all_; }

 private:
  Millis allowed(std::uint64_t events) const;
  void look_for(Millis time);
  Millis began() const;

  World& world_;
  Parts parts_;
  Millis since_ = 0;
  std::optional<Millis> agreed_;  // when nothing was open; nullopt while something is
  Millis slowest_ = 0, bound_ = 0, slowest_in_all_ = 0;
};

}  // namespace simpul::sim
