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

inline constexpr std::size_t kKeySizeMax = 510;  // bytes; LMDB's own limit, less a tag

// All tables there are; FORMAT.md says what is in each. The order is that of table.cc and is not
// on disk.
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
  kUntold,
  kReceiptsReceived,
  kRosters,
  kAdmissions,
  kRetiredKeys,
  kNotes,
  kAlerts,
  kImports,
  kForkProofs,
  kAccess,
};
inline constexpr std::size_t kTableCount = 37;

// Where a table's entries lie. Each tree that a commit touches costs it scattered pages, so tables
// that are written together share one: there a tag that tells them apart stands in each key, after
// as many bytes as it takes to keep together what belongs together.
struct TablePlace {
  std::uint8_t tree = 0;
  std::uint8_t tag = 0;  // 0: the tree is this table's own
  std::uint8_t at = 0;   // bytes of each key before the tag; no key of the table is shorter
};
TablePlace place_of(TableId table);

inline constexpr std::size_t kTreeCount = 21;
const char* name_of_tree(std::size_t tree);

class Table {
 public:
  // Returns false to end the scan.
  using Visitor = std::function<bool(BytesView key, BytesView value)>;
  using Entry = std::pair<Bytes, Bytes>;

  Table(Transaction& transaction, TableId table);
  // A tree as it lies in the file, all its tables and their tags: to look through, never to write.
  static Table whole_tree(Transaction& transaction, std::size_t tree);

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
  // Of a tree: as it claims. Of a table in a shared one: as counted.
  std::uint64_t count() const;

  Transaction& transaction() const { return *transaction_; }

 private:
  Table(Transaction& transaction, const TablePlace& place);
  bool usable() const;
  int try_put(BytesView key, BytesView value, unsigned flags);
  Transaction* transaction_;
  TablePlace place_;
};

}  // namespace simpul
