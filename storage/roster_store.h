// Signed rosters by version, byte for byte. Whoever reads one opens it with the root key. A
// view on a transaction.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/bytes.h"
#include "storage/environment.h"

namespace simpul {

class RosterStore {
 public:
  explicit RosterStore(Transaction& transaction) : transaction_(&transaction) {}

  void put(std::uint64_t version, BytesView signed_roster);
  std::optional<Bytes> get(std::uint64_t version) const;
  std::optional<Bytes> newest() const;
  std::uint64_t newest_version() const;  // 0: none

 private:
  Transaction* transaction_;
};

}  // namespace simpul
