// What never leaves this node: internal notes, alerts, where imported cases came from; and fork
// proofs, which do. A view on a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct LocalNote {
  std::uint64_t number = 0;  // given by the store
  Instant time{};
  std::string author;  // the officer's account
  Bytes body;          // encrypted or not is the caller's affair
  bool operator==(const LocalNote&) const = default;
};

struct Alert {
  std::uint64_t number = 0;  // given by the store
  Instant time{};
  std::string code;
  std::string text;
  bool dismissed = false;
  bool operator==(const Alert&) const = default;
};

class LocalStore {
 public:
  explicit LocalStore(Transaction& transaction) : transaction_(&transaction) {}

  std::uint64_t add_note(const CaseId& id, const LocalNote& note);
  std::vector<LocalNote> notes(const CaseId& id) const;
  bool erase_note(const CaseId& id, std::uint64_t number);
  std::size_t erase_notes(const CaseId& id);

  std::uint64_t add_alert(const Alert& alert);
  // Newest first.
  std::vector<Alert> alerts(std::size_t limit, bool with_dismissed = false) const;
  bool dismiss_alert(std::uint64_t number);

  // Source record -> case id or a marker of the importer's.
  std::optional<std::string> imported(std::string_view source_key) const;
  void set_imported(std::string_view source_key, std::string_view marker);

  // By the SHA-256 of the proof. False if it was held.
  bool add_fork_proof(BytesView proof);
  void drop_fork_proof(const Digest& hash);
  std::optional<Bytes> fork_proof(const Digest& hash) const;
  std::vector<Bytes> fork_proofs() const;

 private:
  Transaction* transaction_;
};

}  // namespace simpul
