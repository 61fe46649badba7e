// Writes rows of CSV (RFC 4180: commas, CRLF, quotes where they are needed) that a spreadsheet may
// open without harm: a cell that it would take for a formula, one that begins with = + - @ or a
// tab or line break, gets an apostrophe before it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace simpul {

// With its line end.
std::string csv_row(const std::vector<std::string>& cells);

}  // namespace simpul
