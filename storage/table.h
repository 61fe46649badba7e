// One ordered map from bytes to bytes inside a transaction: what every typed store is made of.
// Used on the transaction's thread; the transaction outlives it. Views handed to visitors are
// good until the visitor returns; visitors never write. Failures are the transaction's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "crypto/bytes.h"
#include "storage/environment.h"

namespace simpul {

inline constexpr std::size_t kKeySizeMax = 511;  // bytes; LMDB's own limit

// All tables there are; FORMAT.md says what is in each. The order is that of the names in
// table.cc and is not on disk.
enum class TableId : std::uint8_t {
  kMeta,
  kJournalNumbers,
  kJournals,
  kEvents,
  kTiles,
  kNodes,
  kCheckpoints,
  kArrivals,
  kCaseNumbers,
  kCaseNames,
  kCaseEvents,
  kCaseRows,
  kCaseIndex,
  kCaseCounts,
  kCaseAudience,
  kMailboxItems,
  kMailboxes,
  kInbound,
  kPackets,
  kPacketHashes,
  kPacketsByEnclosure,
  kEnclosureKeys,
  kEnclosures,
  kChunks,
  kWanted,
  kRelays,
  kQuotas,
  kReceiptsReceived,
  kRosters,
  kAdmissions,
  kRetiredKeys,
  kNotes,
  kAlerts,
  kImports,
  kForkProofs,
};
inline constexpr std::size_t kTableCount = 35;
const char* name_of(TableId table);

class Table {
 public:
  // Returns false to end the scan.
  using Visitor = std::function<bool(BytesView key, BytesView value)>;
  using Entry = std::pair<Bytes, Bytes>;

  Table(Transaction& transaction, TableId table) : transaction_(&transaction), table_(table) {}

  std::optional<Bytes> get(BytesView key) const;
  bool contains(BytesView key) const;
  void put(BytesView key, BytesView value);
  // The same as put, faster and denser where `key` follows every key in the table.
  void append(BytesView key, BytesView value);
  // Whether there was such a key.
  bool erase(BytesView key);
  void clear();

  // In key order from the first key >= `from` (empty: the first).
  void scan(BytesView from, const Visitor& visit) const;
  // Only keys that begin with `prefix`, from the first >= `from` (which begins with `prefix`).
  void scan_prefix(BytesView prefix, const Visitor& visit) const;
  void scan_prefix(BytesView prefix, BytesView from, const Visitor& visit) const;
  // The greatest key that begins with `prefix` (empty: of all), or the greatest such <= `at_most`.
  std::optional<Entry> last(BytesView prefix) const;
  std::optional<Entry> last(BytesView prefix, BytesView at_most) const;
  // Erases all keys that begin with `prefix`; how many.
  std::uint64_t erase_prefix(BytesView prefix);
  std::uint64_t count() const;

  Transaction& transaction() const { return *transaction_; }

 private:
  bool usable() const;
  Transaction* transaction_;
  TableId table_;
};

}  // namespace simpul
