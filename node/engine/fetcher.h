// The fetching of wanted ciphertext from whoever is linked and may have it, and the serving of
// it to others. What was asked lives in memory only: after a restart it is asked again. Not
// thread-safe; owned by the engine.
#pragma once

#include <map>
#include <vector>

#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

class Fetcher {
 public:
  // Asks for missing chunks, and again after a growing delay.
  void pump(Step& step, Peers& peers);
  // A link came up: everything may be asked again at once.
  void nudge();
  // Checks and stores a chunk that came. Error::kBadSignature if it is not of its enclosure.
  Result<void> receive(Step& step, Peers& peers, const EnclosureChunk& chunk);
  // Answers a request for chunks; a hub that has not got them yet remembers the asker.
  void serve(Step& step, Peer& asker, const EnclosureRequest& request);

 private:
  struct Asked {
    Instant again{};
    Duration delay{};
    std::size_t turn = 0;  // whom to ask next
  };
  struct Waiting {
    MemberId asker;
    EnclosureRequest request;
  };
  void complete(Step& step, Peers& peers, const EnclosureRecord& record);
  void wait_for(Step& step, const Peer& asker, const EnclosureRequest& request,
                const EnclosureRecord& record);
  std::map<Digest, Asked> asked_;
  std::map<Digest, std::vector<Waiting>> waiting_;
};

}  // namespace simpul
