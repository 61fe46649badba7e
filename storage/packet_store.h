// Key packets, and enclosure keys wrapped by the vault key. Erasing is for good: the bytes are
// gone, and a packet once erased is not stored again if it comes back. (Free pages may still hold
// old bytes until overwritten: that is why keys rest wrapped and the vault key rotates.) A view on
// a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "protocol/frame.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

struct NumberedPacket {
  std::uint64_t number = 0;
  KeyPacket packet;
};

struct WrappedKey {
  std::uint32_t vault_version = 0;  // the vault key it is wrapped under
  Bytes wrapped;
  bool operator==(const WrappedKey&) const = default;
};

class PacketStore {
 public:
  explicit PacketStore(Transaction& transaction) : transaction_(&transaction) {}

  struct Put {
    std::uint64_t number = 0;
    bool is_new = false;  // false: held already, or erased before
  };
  // The same packet keeps its number.
  Put put(const KeyPacket& packet);
  std::optional<KeyPacket> get(std::uint64_t number) const;
  // The packet of the greatest number for an enclosure and a member.
  std::optional<NumberedPacket> newest(const Digest& enclosure, const MemberId& to) const;
  std::vector<NumberedPacket> of(const Digest& enclosure) const;
  bool erase(std::uint64_t number);
  // All packets of an enclosure; how many.
  std::size_t erase_of(const Digest& enclosure);

  std::optional<WrappedKey> key(const Digest& enclosure) const;
  void put_key(const Digest& enclosure, const WrappedKey& key);
  bool erase_key(const Digest& enclosure);
  // From the first enclosure > `after` on, until the visitor returns false. To rewrap all, collect
  // a page, put it back, and go on after its last digest.
  void visit_keys(const std::optional<Digest>& after,
                  const std::function<bool(const Digest&, const WrappedKey&)>& visit) const;

 private:
  Transaction* transaction_;
};

}  // namespace simpul
