// Who read what at this node: a chain of records, each with a hash over itself and all before it,
// so that none can be taken out or changed without every later one showing it. Never leaves the
// node. A view on a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

// One person's reading of enclosures of one case, at one time.
struct AccessRecord {
  std::uint64_t number = 0;  // from 1; given by the store
  Instant time{};
  std::string reader;  // account on this machine, like "budi (1000)"
  std::string by;      // the command: "case.show"
  CaseId case_id;
  std::vector<Digest> enclosures;
  Digest chain;  // given by the store
  bool operator==(const AccessRecord&) const = default;
};

class AccessStore {
 public:
  explicit AccessStore(Transaction& transaction) : transaction_(&transaction) {}

  // Number and chain are filled in. Returns the record as it was stored.
  AccessRecord append(AccessRecord record);
  std::uint64_t size() const;
  // From the newest below `before` (0: the newest) back, until the visitor returns false.
  void visit_back(std::uint64_t before,
                  const std::function<bool(const AccessRecord&)>& visit) const;
  // The first record that the chain does not fit, or that is missing; nullopt: it is whole. Reads
  // all of it.
  std::optional<std::uint64_t> first_broken() const;

 private:
  Transaction* transaction_;
};

}  // namespace simpul
