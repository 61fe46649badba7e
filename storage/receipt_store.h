// Receipts: cosignature lines that this node gave on others' checkpoints and got on its own. A
// line once given for (journal, size) is the one given for ever. A view on a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct Receipt {
  MemberId by;
  std::uint64_t size = 0;
  std::string line;
  bool operator==(const Receipt&) const = default;
};

class ReceiptStore {
 public:
  explicit ReceiptStore(Transaction& transaction) : transaction_(&transaction) {}

  std::optional<std::string> given(const JournalId& journal, std::uint64_t size) const;
  // Records the line, or returns the one recorded before.
  std::string give(const JournalId& journal, std::uint64_t size, std::string_view line);

  // Keeps the largest size of each member; a smaller one changes nothing.
  void receive(const JournalId& journal, const Receipt& receipt);
  std::optional<Receipt> received(const JournalId& journal, const MemberId& by) const;
  std::vector<Receipt> received(const JournalId& journal) const;
  // The largest size that a member other than the journal's own has durably.
  std::uint64_t acknowledged_size(const JournalId& journal) const;

 private:
  Transaction* transaction_;
};

}  // namespace simpul
