#include "storage/journal_tiles.h"

#include "protocol/merkle.h"
#include "storage/codec.h"
#include "storage/journal_keys.h"
#include "storage/journal_store.h"
#include "storage/table.h"

namespace simpul {

namespace {

// The root over a full tile; uses up `hashes`.
Digest tile_root(std::vector<Digest> hashes) {
  for (std::size_t width = hashes.size(); width > 1; width /= 2)
    for (std::size_t i = 0; i < width / 2; ++i)
      hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
  return hashes.front();
}

Bytes encode_tile(const std::vector<Digest>& hashes) {
  Bytes out;
  out.reserve(hashes.size() * Digest::kSize);
  for (const Digest& hash : hashes) append(out, hash.view());
  return out;
}

// Stores a node and all the parents that it completes.
void store_upwards(Transaction& transaction, std::uint32_t journal, TreeNode node) {
  Table table(transaction, TableId::kNodes);
  table.put(node_key(journal, node.id), node.hash.view());
  while (node.id.index & 1) {
    const auto left = table.get(node_key(journal, {node.id.level, node.id.index - 1}));
    if (!left) return transaction.fail_with(damaged("tree of a journal"));
    node = {{static_cast<std::uint8_t>(node.id.level + 1), node.id.index / 2},
            node_hash(KeyReader(*left).digest(), node.hash)};
    table.put(node_key(journal, node.id), node.hash.view());
  }
}

// Hashes of [first, end) that were stored before this run.
bool hash_stored(Transaction& transaction, std::uint32_t journal, std::uint64_t first,
                 std::uint64_t end, std::vector<Digest>& hashes) {
  std::uint64_t next = first;
  Key prefix;
  prefix.u32(journal);
  Table(transaction, TableId::kEvents)
      .scan_prefix(prefix, journal_key(journal, first), [&](BytesView, BytesView event) {
        if (next == end) return false;
        hashes.push_back(leaf_hash(event));
        ++next;
        return true;
      });
  return next == end;
}

}  // namespace

void store_tiles(Transaction& transaction, std::uint32_t journal, std::uint64_t held,
                 std::span<const Digest> leaves) {
  const std::uint64_t size = held + leaves.size();
  for (std::uint64_t n = held / kTileWidth; (n + 1) * kTileWidth <= size; ++n) {
    if (transaction.failed()) return;
    const std::uint64_t first = n * kTileWidth, end = first + kTileWidth;
    std::vector<Digest> hashes;
    hashes.reserve(kTileWidth);
    if (first < held && !hash_stored(transaction, journal, first, held, hashes))
      return transaction.fail_with(damaged("run of events of a journal"));
    for (std::uint64_t i = first + hashes.size(); i < end; ++i) hashes.push_back(leaves[i - held]);
    Table(transaction, TableId::kTiles).append(journal_key(journal, n), encode_tile(hashes));
    store_upwards(transaction, journal, {{kTileLevels, n}, tile_root(std::move(hashes))});
  }
}

}  // namespace simpul
