// The fuzz targets: each takes one input and checks more than that nothing crashes; what must hold
// is said at the top of its source. A broken claim ends the process. Targets keep no state that an
// input could change for the next one. tests/fuzz/README.md says how to run and add one.
#pragma once

#include <span>
#include <string_view>

#include "crypto/bytes.h"

namespace simpul::fuzz {

struct Target {
  std::string_view name;  // also of its corpus, corpus/NAME/
  void (*run)(BytesView input);
};

std::span<const Target> targets();
const Target* find_target(std::string_view name);

void fuzz_event(BytesView input);
void fuzz_frame(BytesView input);

}  // namespace simpul::fuzz
