// Commands that do the same to many cases, and what is filled in from a template.
#pragma once

#include "node/cli/command_line.h"

namespace simpul {

// `bulk forward`, `bulk assign`, ...: 1 when a case was refused, or the node stopped meanwhile.
Result<int> bulk_command(const Invocation& invocation);
// `case answer` with a template: the case's own words are filled in first.
Result<int> answer_command(const Invocation& invocation);

}  // namespace simpul
