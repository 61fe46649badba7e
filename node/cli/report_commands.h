// The commands about league tables, which ask the node part by part.
#pragma once

#include "node/cli/command_line.h"

namespace simpul {

// Prints the table or writes it to --out.
Result<int> report_table(const Invocation& invocation);
// 0 if the table agrees, 1 if it differs or cannot be judged.
Result<int> report_verify(const Invocation& invocation);

}  // namespace simpul
