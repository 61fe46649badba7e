// Commands that are more than one call to a node. Each prints what it has to say and returns
// the exit code or an error for the caller to print.
#pragma once

#include "node/cli/command_line.h"

namespace simpul {

// How the result of a command comes before people.
View view_for(const GlobalOptions& globals);
void show(const Invocation& invocation, const Json& result);
// Whether somebody looks on who may be shown how far it is.
bool shows_progress(const GlobalOptions& globals);

// REQUIRES invocation.command->local != LocalCommand::kNone.
Result<int> run_local(const Invocation& invocation);

}  // namespace simpul
