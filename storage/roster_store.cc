#include "storage/roster_store.h"

#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

void RosterStore::put(std::uint64_t version, BytesView signed_roster) {
  Table(*transaction_, TableId::kRosters).put(sequence_key(version), signed_roster);
}

std::optional<Bytes> RosterStore::get(std::uint64_t version) const {
  return Table(*transaction_, TableId::kRosters).get(sequence_key(version));
}

std::optional<Bytes> RosterStore::newest() const {
  auto entry = Table(*transaction_, TableId::kRosters).last({});
  if (!entry) return std::nullopt;
  return std::move(entry->second);
}

std::uint64_t RosterStore::newest_version() const {
  const auto entry = Table(*transaction_, TableId::kRosters).last({});
  return entry ? KeyReader(entry->first).u64() : 0;
}

}  // namespace simpul
