// Reads the tree nodes of one journal for proofs. Remembers the tiles it has opened, so build
// one per batch of proofs and let it go with its transaction. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "protocol/merkle.h"
#include "storage/journal_store.h"

namespace simpul {

class JournalNodes final : public NodeReader {
 public:
  // A journal not seen has no nodes.
  JournalNodes(Transaction& transaction, const JournalId& journal);

  // Every perfect node over events held in order; of others those stored or computable from
  // stored ones.
  std::optional<Digest> node(NodeId id) const override;

 private:
  struct Tile {
    std::vector<std::vector<Digest>> levels;  // [level][index within the tile]
  };
  const Tile& tile(std::uint64_t n) const;
  std::optional<Digest> sparse_node(NodeId id) const;

  Transaction* transaction_;
  std::optional<std::uint32_t> number_;
  std::uint64_t held_ = 0;
  mutable std::map<std::uint64_t, Tile> tiles_;
};

}  // namespace simpul
