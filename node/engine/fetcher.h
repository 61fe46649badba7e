// The fetching of wanted ciphertext from whoever is linked and may have it, and the serving of
// it to others. What was asked lives in memory only: after a restart it is asked again. Not
// thread-safe; owned by the engine.
//
// A link delivers in order, so what was asked of it stands in a queue that a slow line empties
// slowly. Hence only so much is asked of a link at a time, and nothing is asked again while
// chunks, of whatever enclosure, go on coming from it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "node/engine/chunk_paths.h"
#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

class Fetcher {
 public:
  // Asks for missing chunks, and again, perhaps of another, when none came for a growing time.
  void pump(Step& step, Peers& peers);
  // Whoever it leads to may have what others were asked for in vain.
  void link_opened(Instant now);
  // Checks and stores a chunk that came. Error::kBadSignature if it is not of its enclosure.
  Result<void> receive(Step& step, Peers& peers, Peer& sender, const EnclosureChunk& chunk);
  // Answers a request for chunks; a hub that has not got them yet remembers the asker.
  void serve(Step& step, Peer& asker, const EnclosureRequest& request);

 private:
  // All that may have it are asked in turn; when none had it, in turn again after a growing time.
  struct Asked {
    Instant again{};              // not looked at before
    Duration delay{};             // between the last two rounds
    std::vector<LinkId> in_vain;  // asked in this round
    std::optional<Instant> next_round;
    LinkId link = 0;          // of whom a run is awaited; 0: of nobody
    Instant since{};          // when it was asked for
    std::uint64_t end = 0;    // the run's
    std::uint64_t bytes = 0;  // of the run, as counted in its link's flow
    LinkId full = 0;          // asked enough for now: not before less than `limit` is awaited of it
    std::uint64_t limit = 0;  // bytes
  };
  struct Waiting {
    LinkId link = 0;  // over another nobody asked
    EnclosureRequest request;
  };
  std::vector<Digest> next_wanted(Step& step);
  bool may_ask(Asked& asked, Peers& peers, Instant now);
  Peer* whom_to_ask(Step& step, Peers& peers, const EnclosureRecord& record, Asked& asked);
  bool ask(Step& step, Peers& peers, const Digest& digest, Asked& asked);
  void give_up(Asked& asked, Peers& peers);
  void sweep(Step& step, Peers& peers);
  void note_absent(Step& step, Peers& peers, const Peer& sender, const Digest& digest);
  void note_arrival(Step& step, Peers& peers, const Peer& sender, const EnclosureChunk& chunk);
  void complete(Step& step, Peers& peers, const EnclosureRecord& record);
  void wait_for(Step& step, const Peer& asker, const EnclosureRequest& request,
                const EnclosureRecord& record);

  std::map<Digest, Asked> asked_;
  std::optional<Digest> next_after_;  // whose turn it is: the next in order
  Instant sweep_at_{};
  std::map<Digest, std::vector<Waiting>> waiting_;
  ChunkPaths paths_;
};

}  // namespace simpul
