// The federation's policy as a file: limits of clocks and days off, for an administrator to keep.
// Pure; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "protocol/roster.h"

namespace simpul {

// TOML: `max_declines`, a table `clocks` with verify, follow_up, information, complaint, oversight
// and reply in working days, and `days_off`, a list of dates, which replaces the one before. What
// the file leaves out stays as in `current`. Error::kMalformed names the line or the key.
Result<Policy> read_policy_file(std::string_view text, const Policy& current);

// {max_declines, clocks: {...}, days_off: ["2026-01-01", ...]}
nlohmann::json policy_json(const Policy& policy);

std::string date_text(LocalDay day);  // "2026-01-01"

}  // namespace simpul
