// `region list` and `region show`: what the program knows of regions. They need no node.
#pragma once

#include "node/cli/command_line.h"

namespace simpul {

// Of `today`, in `arguments` {province, name, at, all}:
//   -> {"regions": [{"code", "name", "province", "since", "until", "successors": [code...]}...]}
// "since" and "until" where they are known; successors where there are some.
// Errors: a province that is none, a day that is none.
Result<Json> regions_json(const Json& arguments, const std::string& today);
// One of those, and beside it "province_name" and "predecessors": [code...].
// Error::kNotFound names what may be meant.
Result<Json> region_json(const std::string& code);

// Print them, as all commands do; the exit code.
Result<int> list_regions(const Invocation& invocation);
Result<int> show_region(const Invocation& invocation);

}  // namespace simpul
