// Credit on every link, counted by who watches the line: nobody sends records that the other has
// not granted room for, and nobody grants more than its window. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "node/transport.h"
#include "protocol/frame.h"

namespace simpul::sim {

class Flow {
 public:
  // A frame leaves the node on its link, or reaches it. What is wrong with it, if anything.
  std::optional<std::string> sent(std::size_t node, LinkId link, BytesView frame);
  std::optional<std::string> received(std::size_t node, LinkId link, BytesView frame);

  // The most credit that was ever unspent on one stream, and the most frames of records seen.
  std::uint64_t most_unspent() const { return most_unspent_; }

 private:
  using Stream = std::pair<bool, JournalId>;  // the one mailbox, or a journal
  struct Account {
    std::uint64_t granted = 0, spent = 0;
  };
  static Stream stream_of(const StreamId& id) {
    return {id.is_mailbox, id.is_mailbox ? JournalId{} : id.journal};
  }
  std::optional<std::string> grant(std::size_t node, LinkId link, const StreamId& id,
                                   std::uint64_t bytes);
  std::optional<std::string> spend(std::size_t node, LinkId link, const Stream& stream,
                                   std::uint64_t bytes);

  std::map<std::pair<std::size_t, LinkId>, std::map<Stream, Account>> accounts_;  // of senders
  std::uint64_t most_unspent_ = 0;
};

}  // namespace simpul::sim
