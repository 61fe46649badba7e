// Commands that take cases over from other systems and hand them on: `import` and `case export`.
// Each shows on a terminal how far it is, prints what it has to say and returns the exit code.
#pragma once

#include "node/cli/command_line.h"

namespace simpul {

// 1 when steps are left, so that a script runs it again.
Result<int> import_open311(const Invocation& invocation);
// 1 when a row was wrong or refused, or the node stopped meanwhile.
Result<int> import_csv(const Invocation& invocation);
Result<int> export_table(const Invocation& invocation);

}  // namespace simpul
