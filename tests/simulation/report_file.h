// A run's report on its way from the process that ran it.
#pragma once

#include <optional>
#include <string>

#include "tests/simulation/run.h"

namespace simpul::sim {

void write_report(const std::string& path, const RunReport& report);
// nullopt: it was not written whole.
std::optional<RunReport> read_report(const std::string& path);

}  // namespace simpul::sim
