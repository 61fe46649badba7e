#include "storage/journal_nodes.h"

#include "storage/codec.h"
#include "storage/journal_keys.h"
#include "storage/table.h"

namespace simpul {

namespace {

constexpr std::uint8_t kLevelMax = 63;

std::optional<Digest> stored_node(Transaction& transaction, std::uint32_t journal, NodeId id) {
  const auto value = Table(transaction, TableId::kNodes).get(node_key(journal, id));
  if (!value) return std::nullopt;
  return KeyReader(*value).digest();
}

}  // namespace

JournalNodes::JournalNodes(Transaction& transaction, const JournalId& journal)
    : transaction_(&transaction) {
  const JournalStore store(transaction);
  const auto head = store.head(journal);
  if (!head) return;
  number_ = head->number;
  held_ = head->held;
}

std::optional<Digest> JournalNodes::node(NodeId id) const {
  if (!number_ || id.level > kLevelMax || id.index >= UINT64_MAX >> id.level) return std::nullopt;
  if ((id.index + 1) << id.level > held_) return sparse_node(id);
  if (id.level >= kTileLevels) return stored_node(*transaction_, *number_, id);
  const unsigned above = kTileLevels - id.level;
  const auto& levels = tile(id.index >> above).levels;
  const std::uint64_t place = id.index & ((1u << above) - 1);
  if (id.level >= levels.size() || place >= levels[id.level].size()) return std::nullopt;
  return levels[id.level][place];
}

const JournalNodes::Tile& JournalNodes::tile(std::uint64_t n) const {
  const auto [entry, is_new] = tiles_.try_emplace(n);
  Tile& tile = entry->second;
  if (!is_new) return tile;
  const std::uint64_t first = n * kTileWidth;
  std::vector<Digest> hashes;
  if (const auto value = Table(*transaction_, TableId::kTiles).get(journal_key(*number_, n))) {
    KeyReader reader(*value);
    for (std::uint64_t i = 0; i < kTileWidth; ++i) hashes.push_back(reader.digest());
  } else {
    const JournalStore store(*transaction_);
    for (std::uint64_t i = first; i < held_ && i < first + kTileWidth; ++i) {
      const auto event = store.event(*number_, i);
      if (!event) {
        transaction_->fail_with(damaged("run of events of a journal"));
        break;
      }
      hashes.push_back(leaf_hash(*event));
    }
  }
  while (!hashes.empty()) {
    std::vector<Digest> parents(hashes.size() / 2);
    for (std::size_t i = 0; i < parents.size(); ++i)
      parents[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
    tile.levels.push_back(std::move(hashes));
    hashes = std::move(parents);
  }
  return tile;
}

std::optional<Digest> JournalNodes::sparse_node(NodeId id) const {
  if (const auto stored = stored_node(*transaction_, *number_, id)) return stored;
  if (id.level == 0) {
    const auto event = JournalStore(*transaction_).event(*number_, id.index);
    if (!event) return std::nullopt;
    return leaf_hash(*event);
  }
  const NodeId left{static_cast<std::uint8_t>(id.level - 1), id.index * 2};
  const auto left_hash = node(left);
  if (!left_hash) return std::nullopt;
  const auto right_hash = node({left.level, left.index + 1});
  if (!right_hash) return std::nullopt;
  return node_hash(*left_hash, *right_hash);
}

}  // namespace simpul
