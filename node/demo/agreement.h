// Whether the hub and the members hold the same of every case. Not thread-safe.
#pragma once

#include "node/demo/demo_federation.h"

namespace simpul {

struct Agreement {
  std::size_t cases = 0;     // that the hub has
  std::size_t compared = 0;  // states of a case at a member, against the hub's
};

// Compares for each case the hub's state with that of every member of its audience, and every
// case of a member with what the hub has. Again and again while what was said last is on its way;
// after a limit an error that names what differs.
Result<Agreement> reach_agreement(DemoFederation& federation);

}  // namespace simpul
