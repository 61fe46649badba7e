#include "node/engine/chunk_paths.h"

#include <algorithm>

#include "protocol/merkle.h"

namespace simpul {
namespace {

constexpr std::size_t kKeptMax = 8;  // enclosures; 200 KiB each at the most

std::vector<std::vector<Digest>> levels_above(std::vector<Digest> leaves) {
  std::vector<std::vector<Digest>> levels;
  levels.push_back(std::move(leaves));
  while (levels.back().size() > 1) {
    const auto& below = levels.back();
    std::vector<Digest> next;
    for (std::size_t i = 0; i + 1 < below.size(); i += 2) {
      next.push_back(node_hash(below[i], below[i + 1]));
    }
    levels.push_back(std::move(next));
  }
  return levels;
}

std::vector<Digest> leaves_of(Tables& tables, const EnclosureRecord& record) {
  std::vector<Digest> leaves;
  const auto count = record.ref.commitment.chunk_count();
  for (std::uint64_t index = 0; index < count; ++index) {
    const auto chunk = tables.enclosures.chunk(record.ref.commitment.digest, index);
    if (!chunk) return {};
    leaves.push_back(leaf_hash(*chunk));
  }
  return leaves;
}

class LevelReader final : public NodeReader {
 public:
  explicit LevelReader(const std::vector<std::vector<Digest>>& levels) : levels_(levels) {}
  std::optional<Digest> node(NodeId id) const override {
    if (id.level >= levels_.size()) return std::nullopt;
    const auto& level = levels_[id.level];
    return id.index < level.size() ? std::optional(level[id.index]) : std::nullopt;
  }

 private:
  const std::vector<std::vector<Digest>>& levels_;
};

}  // namespace

std::optional<std::vector<Digest>> ChunkPaths::path(Tables& tables, const EnclosureRecord& record,
                                                    std::uint64_t index) {
  const auto count = record.ref.commitment.chunk_count();
  if (count == 1) return std::vector<Digest>{};
  const Levels& levels = levels_of(tables, record);
  if (levels.front().size() != count) return std::nullopt;
  auto proof = inclusion_proof(LevelReader(levels), index, count);
  if (!proof) return std::nullopt;
  return std::move(*proof);
}

const ChunkPaths::Levels& ChunkPaths::levels_of(Tables& tables, const EnclosureRecord& record) {
  const Digest& digest = record.ref.commitment.digest;
  const auto kept = std::ranges::find(lately_, digest, &std::pair<Digest, Levels>::first);
  if (kept != lately_.end() && kept->second.front().size() == record.ref.commitment.chunk_count()) {
    return kept->second;
  }
  if (kept != lately_.end()) lately_.erase(kept);
  if (lately_.size() == kKeptMax) lately_.pop_front();
  lately_.emplace_back(digest, levels_above(leaves_of(tables, record)));
  return lately_.back().second;
}

}  // namespace simpul
