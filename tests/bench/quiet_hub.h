// A hub fed in one thread without a network or syncing: fills a store with what a hub would hold,
// fast, and counts what passes between the two ends.
#pragma once

#include <memory>

#include "node/engine.h"
#include "tests/bench/feeder.h"

namespace simpul::bench {

class QuietHub {
 public:
  QuietHub(const World& world, const std::string& directory);

  // `member` connects, brings what its journal has beyond what the hub holds, and goes. Returns
  // frames and bytes, both ways.
  struct Traffic {
    std::uint64_t frames = 0, bytes = 0;
  };
  Traffic feed(const std::string& member, std::vector<JournalRecords> records);

  Store& store() { return store_; }
  Engine& engine() { return *engine_; }
  Instant now() const { return now_; }
  void pass_time(Duration duration) { now_ += duration; }

 private:
  const World& world_;
  Store store_;
  SeededRandom random_;
  Instant now_ = kWorldStart + std::chrono::hours{24 * 30};
  std::unique_ptr<Engine> engine_;
  LinkId next_link_ = 1;
};

}  // namespace simpul::bench
