// The books of a transport: which links are open, what each carried, how much each has
// queued. Thread-safe; counters are atomic and read without stopping the transport.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "node/transport.h"

namespace simpul {

struct LinkAccount {
  LinkAccount(LinkId id, const TransportKey& key, bool dialled_here)
      : link(id), peer(key), dialled(dialled_here) {}

  const LinkId link;
  const TransportKey peer;
  const bool dialled;
  std::atomic<std::uint64_t> frames_in = 0, frames_out = 0;
  std::atomic<std::uint64_t> bytes_in = 0, bytes_out = 0;
  std::atomic<std::uint64_t> bytes_queued = 0;
  std::atomic<bool> stalled = false;  // passed the limit once; nothing more is taken
};

class LinkLedger {
 public:
  enum class Booking { kTaken, kUnknownLink, kOverLimit, kAlreadyStalled };

  std::shared_ptr<LinkAccount> open(LinkId link, const TransportKey& peer, bool dialled);
  std::shared_ptr<LinkAccount> find(LinkId link) const;  // null if closed
  void close(LinkId link);

  // Books a frame of `size` bytes as queued, unless that passes `limit`.
  Booking book(LinkId link, std::size_t size, std::size_t limit);

  void count_in(LinkAccount& account, std::size_t size);
  void count_out(LinkAccount& account, std::size_t size);  // given to the network
  static void unbook(LinkAccount& account, std::size_t size) { account.bytes_queued -= size; }

  TransportStats stats() const;
  std::vector<LinkTraffic> traffic() const;

  std::atomic<std::uint64_t> frames_dropped = 0;
  std::atomic<std::uint64_t> messages_refused = 0;
  std::atomic<std::uint64_t> handshakes_refused = 0;
  std::atomic<std::uint64_t> handshakes_failed = 0;
  std::atomic<std::uint64_t> connections = 0;

 private:
  std::atomic<std::uint64_t> frames_in_ = 0, frames_out_ = 0, bytes_in_ = 0, bytes_out_ = 0;
  mutable std::mutex mutex_;
  std::map<LinkId, std::shared_ptr<LinkAccount>> accounts_;  // guarded by mutex_
};

}  // namespace simpul
