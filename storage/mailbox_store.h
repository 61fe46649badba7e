// Mailboxes: what this node has for each other member, in order, and how far it has read the
// mailboxes that others hold for it. Items are numbered 0, 1, 2, ... per member; a cursor is the
// count of items before it, so item n is delivered when the cursor is n + 1. A view on a
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct PacketNumber {
  std::uint64_t value = 0;
  auto operator<=>(const PacketNumber&) const = default;
};
using MailboxItem = std::variant<EventPosition, PacketNumber>;

// How far the mailbox that `holder` keeps for us was read, durably here.
struct InboundCursor {
  std::uint64_t generation = 0;  // of the holder's mailboxes; 0: none known
  std::uint64_t sequence = 0;
  bool operator==(const InboundCursor&) const = default;
};

class MailboxStore {
 public:
  explicit MailboxStore(Transaction& transaction) : transaction_(&transaction) {}

  // Names this node's mailboxes for as long as its database lives; 0 until set, set once.
  std::uint64_t generation() const;
  void set_generation(std::uint64_t random);
  // After the data was restored: cursors given out before no longer mean these sequences, so
  // everyone starts again from 0. What they have already changes nothing there.
  void renew_generation(std::uint64_t random);

  // The sequence given. REQUIRES an event's journal to be known.
  std::uint64_t append(const MemberId& member, const MailboxItem& item);
  // Items [from, from + limit), as far as there are any.
  std::vector<MailboxItem> read(const MemberId& member, std::uint64_t from,
                                std::size_t limit) const;
  std::uint64_t size(const MemberId& member) const;

  // What the member says it has durably; never moves back.
  std::uint64_t acked(const MemberId& member) const;
  void set_acked(const MemberId& member, std::uint64_t cursor);
  // Members with a mailbox here.
  std::vector<MemberId> members() const;

  InboundCursor inbound(const MemberId& holder) const;
  void set_inbound(const MemberId& holder, const InboundCursor& cursor);

 private:
  Transaction* transaction_;
};

}  // namespace simpul
