// A member's side of a link, spoken by hand: greets, waits to be subscribed and sends a journal
// that was made beforehand, within the credit it is given. Bytes in, bytes out.
#pragma once

#include <deque>
#include <vector>

#include "protocol/link_session.h"
#include "tests/bench/workload.h"
#include "tests/bench/world.h"

namespace simpul::bench {

class Feeder {
 public:
  Feeder(const World& world, const std::string& member, const std::string& hub, Instant now);

  // To be sent before anything else.
  std::vector<Bytes> greet(Instant now);
  // One frame of the hub's; what it makes possible to send is returned.
  std::vector<Bytes> receive(BytesView frame, Instant now);
  // More to send, as soon as credit allows.
  std::vector<Bytes> offer(std::vector<JournalRecords> records, Instant now);

  bool subscribed() const { return subscribed_; }
  std::uint64_t acknowledged() const { return acknowledged_; }  // events of the journal
  std::uint64_t subscribed_from() const { return subscribed_from_; }
  const LinkCounters& counters() const { return session_.counters(); }

 private:
  std::vector<Bytes> drain(Instant now);

  const World& world_;
  MemberId member_;
  JournalId journal_;
  SeededRandom random_;
  LinkSession session_;
  std::deque<JournalRecords> waiting_;
  bool subscribed_ = false;
  std::uint64_t subscribed_from_ = 0;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace simpul::bench
