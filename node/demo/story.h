// One confidential case, told as it travels from Badung to Bali to a ministry and is answered.
// After each hop every party's node is asked what it can read.
#pragma once

#include "node/demo/demo_federation.h"

namespace simpul {

// An error when a node refuses a step, or when one reads what it must not or cannot read what it
// must. REQUIRES a started federation.
Result<void> tell_story(DemoFederation& federation, Voice& voice);

}  // namespace simpul
