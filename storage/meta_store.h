// Who this node is, and small values by name. A view on a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

class MetaStore {
 public:
  explicit MetaStore(Transaction& transaction) : transaction_(&transaction) {}

  // Identity; empty, or nullopt, until set.
  MemberId own_member() const;
  void set_own_member(const MemberId& member);
  std::string federation() const;
  void set_federation(std::string_view federation);
  std::optional<VerifyKey> root_key() const;
  void set_root_key(const VerifyKey& key);
  // Random bytes that tell this database from a copy of it.
  Bytes instance_nonce() const;
  void set_instance_nonce(BytesView nonce);

  // Free names for the layers above; a name is 1 to 200 bytes without a zero.
  std::optional<Bytes> get(std::string_view name) const;
  void put(std::string_view name, BytesView value);
  bool erase(std::string_view name);
  // Names that begin with `prefix`, in their order, until the visitor returns false.
  void visit(std::string_view prefix,
             const std::function<bool(std::string_view name, BytesView value)>& visit) const;
  bool flag(std::string_view name) const;
  void set_flag(std::string_view name, bool on);
  std::uint64_t counter(std::string_view name) const;  // 0 if never set
  void set_counter(std::string_view name, std::uint64_t value);
  std::uint64_t increase(std::string_view name, std::uint64_t by = 1);  // the new value

 private:
  Transaction* transaction_;
};

}  // namespace simpul
