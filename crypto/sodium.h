// How this layer reaches libsodium: only through here, so that the library is initialised
// before its first use. Private to crypto/*.cc.
#pragma once

#include <sodium.h>

#include "crypto/result.h"

namespace simpul {

// Initialises libsodium once for the process, whichever thread comes first.
inline void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  SIMPUL_CHECK(ready);
}

}  // namespace simpul
