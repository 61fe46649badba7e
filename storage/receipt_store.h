// Receipts: cosignature lines that this node got on its own checkpoints. Those that it gave are on
// the checkpoints that it keeps of others. A view on a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
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
