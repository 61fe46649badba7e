// The links of a running node in numbers, as its command "node.transport" answers them.
#pragma once

#include "node/engine.h"

namespace simpul {

Json transport_report(const Transport& transport, std::size_t inputs_waiting);

}  // namespace simpul
