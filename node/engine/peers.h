// The links that are up and who is at the other end, and when to dial whom again. Not
// thread-safe; owned by the engine.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include "node/transport.h"
#include "protocol/backoff.h"
#include "protocol/link_session.h"
#include "protocol/roster.h"
#include "protocol/token_bucket.h"

namespace simpul {

// What was asked of a peer by way of ciphertext and has not come yet.
struct ChunkFlow {
  std::uint64_t bytes_awaited = 0;
  Instant last_chunk{};  // when one came, of whatever enclosure
  // Below what a session lets through, so that no request is lost.
  TokenBucket requests{{.burst = 48, .per_second = 48}};
};

struct Peer {
  LinkId link = 0;
  TransportKey key;
  MemberId member;  // empty: a stranger, who may only enrol
  bool dialled = false;
  LinkSession session;
  // Sizes of journals told in mailbox groups over this link: what the peer can build on.
  std::map<JournalId, std::uint64_t> told;
  // Receipts on own journals for more than is held here yet: judged once it is.
  std::map<JournalId, Ack> early_receipts = {};
  std::uint64_t roster_told = 0;          // the newest version that it said or showed on this link
  std::uint64_t roster_stated = 0;        // in our hello
  std::set<Digest> proofs_untold = {};    // of forks, until the peer takes more of them
  std::vector<Bytes> proofs_parked = {};  // of forks, until its roster is here
  Instant up_since{};
  bool enrolling = false;  // our request went out on this link
  ChunkFlow chunks = {};

  // Whether it judges by a newer roster: what looks wrong by `roster` may be right.
  bool knows_newer_than(const Roster& roster) const { return roster_told > roster.version; }
  bool open() const { return session.state() == LinkState::kOpen; }
};

class Peers {
 public:
  Peer& add(Peer peer);
  void remove(LinkId link);
  Peer* by_link(LinkId link);
  // The link if it is open.
  Peer* open(LinkId link);
  // The open link to a member, if there is one.
  Peer* open_to(const MemberId& member);
  std::map<LinkId, std::unique_ptr<Peer>>& all() { return links_; }
  const std::map<LinkId, std::unique_ptr<Peer>>& all() const { return links_; }

 private:
  std::map<LinkId, std::unique_ptr<Peer>> links_;
};

// When to dial one member. Counts from the last failure.
struct DialState {
  Backoff backoff;
  Instant next{};
  std::optional<LinkId> link;        // dialled and not yet down
  std::string last_reason;           // why the last link ended or did not come up
  std::optional<Instant> last_open;  // when a link to it was last open
};

}  // namespace simpul
