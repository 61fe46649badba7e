// Who takes part in a simulated country, and the roster they start with. Pure.
#pragma once

#include <string>
#include <vector>

#include "node/identity.h"
#include "protocol/roster.h"
#include "tests/simulation/prng.h"

namespace simpul::sim {

struct Seat {
  Identity identity;
  MemberKind kind;
  std::string endpoint;  // empty: dials only
};

struct RollCall {
  std::vector<Seat> seats;  // hubs first
  SignedRoster roster;
};

// `members` in all, of which `hubs` are hubs; then ministries, provinces and regencies, some of
// which listen.
RollCall call_roll(std::size_t members, std::size_t hubs, Instant now, Prng& random);

}  // namespace simpul::sim
