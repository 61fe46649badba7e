// Paths from chunks to the root of their enclosure, for the chunks that are served. Hashing a large
// enclosure whole for every few chunks of it would cost more than sending them, so the hashes of
// those served lately are kept. Not thread-safe; owned by the fetcher.
#pragma once

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "node/engine/step.h"

namespace simpul {

class ChunkPaths {
 public:
  // The path of one chunk; nullopt unless the enclosure is held whole.
  std::optional<std::vector<Digest>> path(Tables& tables, const EnclosureRecord& record,
                                          std::uint64_t index);

 private:
  using Levels = std::vector<std::vector<Digest>>;  // of the tree, leaves first
  const Levels& levels_of(Tables& tables, const EnclosureRecord& record);

  std::deque<std::pair<Digest, Levels>> lately_;  // newest last
};

}  // namespace simpul
