// Tells hubs what they need not hold for this node any more: the enclosures that it holds whole. A
// hub that never hears of one holds its ciphertext for good, and counts it against its author. So
// what is to be told is in the database (EnclosureStore::tell), and stays there until the hub has
// answered a ping that was sent after it: then it is durable at the hub. Hubs take what they heard
// before, or do not hold, as nothing. Not thread-safe; owned by the engine.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

// An enclosure is whole here: every hub of the roster is to hear of it, also one that is suspended,
// or does not know of it yet.
void note_done(Step& step, const Digest& digest);

// `hub` brought an event that was here before. It may not have held it when it was told of the
// enclosures, or have lost it since, so it hears again of those that are whole here.
void note_done_again(Step& step, const MemberId& hub, BytesView event);

class DoneNotices {
 public:
  // Once a second: a batch for each hub that is linked.
  void pump(Step& step, Peers& peers);

 private:
  // What a hub is being told. It is noted at one look and sent at the next, so that a hub that
  // brought an event a moment ago has folded it before it hears of it. What has to be told anew
  // meanwhile stays to be told.
  struct Batch {
    LinkId link = 0;
    std::vector<Untold> untold;
    std::size_t sent = 0;                        // of them
    std::optional<std::uint64_t> frames_before;  // on the link, once all were sent
    // Below what a session lets through, so that no notice is lost.
    TokenBucket pace{{.burst = 48, .per_second = 48}};
  };
  void go_on(Step& step, Peer& peer, Batch& batch);
  void forget_former_hubs(Step& step);

  Instant next_{};
  std::map<MemberId, Batch> batches_;
};

}  // namespace simpul
