// Keys of the journal tables, shared by the files that read them. Private to storage/*.cc.
#pragma once

#include <cstdint>

#include "protocol/merkle.h"
#include "storage/key.h"

namespace simpul {

// Events, tiles, checkpoints: (journal number, index, tile or size).
inline Key journal_key(std::uint32_t journal, std::uint64_t index) {
  Key key;
  key.u32(journal).u64(index);
  return key;
}

// By the last leaf below it: what a growing tree and the proofs of its newest leaves bring lies
// together, whatever its level. REQUIRES a node of a tree of less than 2^63 leaves.
inline Key node_key(std::uint32_t journal, NodeId id) {
  Key key;
  key.u32(journal).u64(((id.index + 1) << id.level) - 1).u8(id.level);
  return key;
}

// Levels at and above this are stored node by node; those below come from tiles.
inline constexpr std::uint8_t kTileLevels = 8;

}  // namespace simpul
