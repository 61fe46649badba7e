// UTF-8 as RFC 3629 has it. Pure and thread-safe.
#pragma once

#include <string_view>

namespace simpul {

// False for overlong forms, surrogates, values past U+10FFFF and cut sequences.
bool is_utf8(std::string_view text);

// UTF-8 fit for a line on a screen: no control characters (C0, DEL, C1, line and paragraph
// separators) and none that reorder what is around them (bidirectional controls).
bool is_plain_utf8(std::string_view text);

}  // namespace simpul
