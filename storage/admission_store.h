// Enrolment requests at a hub and what became of them, and keys that may never enrol again. A
// view on a transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/keys.h"
#include "protocol/frame.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct Admission {
  TransportKey key;  // who asked; one request a key
  Bytes request;     // signed, as it came
  EnrolState state = EnrolState::kPending;
  std::string reason;  // of the decision
  Instant received{};
  std::optional<Instant> decided;
  bool operator==(const Admission&) const = default;
};

class AdmissionStore {
 public:
  explicit AdmissionStore(Transaction& transaction) : transaction_(&transaction) {}

  void put(const Admission& admission);
  std::optional<Admission> get(const TransportKey& key) const;
  std::vector<Admission> all() const;
  std::vector<Admission> all(EnrolState state) const;
  bool erase(const TransportKey& key);

  // SHA-256 of a key, as in Roster::retired_keys.
  void retire(const Digest& key_hash);
  bool is_retired(const Digest& key_hash) const;
  std::vector<Digest> retired() const;

 private:
  Transaction* transaction_;
};

}  // namespace simpul
