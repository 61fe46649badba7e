// Writes the tree over a journal's events as it grows: full tiles of leaf hashes, and every
// perfect node of level 8 and above. Private to storage/*.cc.
#pragma once

#include <cstdint>
#include <span>

#include "crypto/hash.h"
#include "storage/environment.h"

namespace simpul {

// After events [held, held + leaves.size()) of these leaf hashes were stored behind those before.
void store_tiles(Transaction& transaction, std::uint32_t journal, std::uint64_t held,
                 std::span<const Digest> leaves);

}  // namespace simpul
