// Ctrl-C (and SIGTERM, SIGHUP) as something to ask about, so that the demo can end its nodes
// first. A second signal ends the process at once; its nodes notice and end too.
#pragma once

#include <chrono>

#include "crypto/result.h"

namespace simpul {

void catch_interrupts();
bool interrupted();

// Sleeps, in short pieces. Error::kUnavailable as soon as a signal came.
Result<void> rest(std::chrono::milliseconds time);

}  // namespace simpul
