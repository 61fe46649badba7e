// What arrived when, by this node's clock: one entry per run of events stored, written in their
// own transaction. Indexing and folding follow this log at their own pace; `indexed_through` says
// how far they are. A view on a transaction.
#pragma once

#include <cstdint>
#include <functional>

#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct Arrival {
  std::uint32_t journal = 0;  // JournalHead::number
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  Instant received{};
  bool operator==(const Arrival&) const = default;
};

class ArrivalStore {
 public:
  explicit ArrivalStore(Transaction& transaction) : transaction_(&transaction) {}

  // The sequence number given: 0, 1, 2, ...
  std::uint64_t append(const Arrival& arrival);
  // One past the last sequence.
  std::uint64_t end() const;
  // From `from` on, until the visitor returns false.
  void scan(std::uint64_t from,
            const std::function<bool(std::uint64_t sequence, const Arrival&)>& visit) const;

  // The first that was received at `time` or later; end() if there is none. Where the clock went
  // back meanwhile, some arrival near there.
  std::uint64_t first_since(Instant time) const;

  // Arrivals [0, indexed_through) are in the case index.
  std::uint64_t indexed_through() const;
  // Said again: nothing is written.
  void set_indexed_through(std::uint64_t sequence);

 private:
  Transaction* transaction_;
};

}  // namespace simpul
