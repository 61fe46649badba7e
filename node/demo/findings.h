// What the demo shows in the end, all of it read back from the nodes: the national table, every
// journal verified, and whether all agree about every case.
#pragma once

#include "node/demo/demo_federation.h"

namespace simpul {

// `opened`: cases that the demo opened, all of which the hub must have. An error when the nodes
// do not come to agree, or a journal does not verify.
Result<void> show_findings(DemoFederation& federation, Voice& voice, std::size_t opened);

// "events 812 · cases 61 · ..." in one line, as of now.
Result<std::string> state_line(DemoFederation& federation, const Voice& voice);

}  // namespace simpul
