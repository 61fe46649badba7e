// Texts that say the same of many cases, with placeholders for what differs. Pure.
#pragma once

#include <string>
#include <string_view>

#include "node/engine.h"

namespace simpul {

// `text` with each {name} replaced by what `row`, a row of case.list or case.show, says: {case},
// {category}, {region}, {custodian}, {origin}, {unit}, {opened}, {status}. "{{" stands for "{".
// Error::kMalformed for another name, or a brace that nothing closes.
Result<std::string> fill_template(std::string_view text, const Json& row);

}  // namespace simpul
