// Read before everything else under clang: Cap'n Proto 0.9.2 compares StringPtr with
// C strings in a way that C++20's rewritten operators made ambiguous.
#pragma once

#include <kj/string.h>

namespace kj {
inline bool operator==(const char* left, const StringPtr& right) {
  return right == StringPtr(left);
}
inline bool operator!=(const char* left, const StringPtr& right) {
  return !(right == StringPtr(left));
}
}  // namespace kj
