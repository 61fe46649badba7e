#include "storage/table.h"

#include <algorithm>

#include "storage/lmdb_state.h"

namespace simpul {

namespace {

constexpr std::array<const char*, kTableCount> kNames = {
    "meta",
    "journal_numbers",
    "journals",
    "events",
    "tiles",
    "nodes",
    "checkpoints",
    "arrivals",
    "case_numbers",
    "case_names",
    "case_events",
    "case_rows",
    "case_index",
    "case_counts",
    "case_audience",
    "mailbox_items",
    "mailboxes",
    "inbound",
    "packets",
    "packet_hashes",
    "packets_by_enclosure",
    "enclosure_keys",
    "enclosures",
    "chunks",
    "wanted",
    "relays",
    "quotas",
    "receipts_received",
    "rosters",
    "admissions",
    "retired_keys",
    "notes",
    "alerts",
    "imports",
    "fork_proofs",
};

bool begins_with(BytesView bytes, BytesView prefix) {
  return bytes.size() >= prefix.size() && equal(bytes.first(prefix.size()), prefix);
}

bool greater(BytesView left, BytesView right) {
  return std::lexicographical_compare(right.begin(), right.end(), left.begin(), left.end());
}

// The least key greater than all that begin with `prefix`; empty when there is none.
Bytes successor(BytesView prefix) {
  Bytes next = to_bytes(prefix);
  while (!next.empty() && next.back() == 0xFF) next.pop_back();
  if (!next.empty()) ++next.back();
  return next;
}

class Cursor {
 public:
  Cursor(Transaction& transaction, MDB_dbi table) : transaction_(transaction) {
    const int code = mdb_cursor_open(transaction.handle(), table, &cursor_);
    if (code != 0) transaction.fail_with_code(code, "opening a cursor");
  }
  ~Cursor() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // False at the end, and on a failure, which the transaction remembers.
  bool move(MDB_cursor_op operation) {
    if (transaction_.failed()) return false;
    const int code = mdb_cursor_get(cursor_, &key_, &value_, operation);
    if (code != 0 && code != MDB_NOTFOUND) transaction_.fail_with_code(code, "reading");
    return code == 0;
  }
  bool seek(BytesView key) {
    if (key.empty()) return move(MDB_FIRST);
    key_ = as_val(key);
    return move(MDB_SET_RANGE);
  }
  void erase() {
    const int code = mdb_cursor_del(cursor_, 0);
    if (code != 0) transaction_.fail_with_code(code, "erasing");
  }
  BytesView key() const { return as_view(key_); }
  BytesView value() const { return as_view(value_); }

 private:
  Transaction& transaction_;
  MDB_cursor* cursor_ = nullptr;
  MDB_val key_{}, value_{};
};

MDB_dbi dbi_of(const Transaction& transaction, TableId table) {
  return transaction.environment().state().tables[static_cast<std::size_t>(table)];
}

}  // namespace

const char* name_of(TableId table) {
  return kNames[static_cast<std::size_t>(table)];
}

bool Table::usable() const {
  return !transaction_->failed();
}

std::optional<Bytes> Table::get(BytesView key) const {
  if (!usable()) return std::nullopt;
  MDB_val wanted = as_val(key), value{};
  const int code = mdb_get(transaction_->handle(), dbi_of(*transaction_, table_), &wanted, &value);
  if (code == 0) return to_bytes(as_view(value));
  if (code != MDB_NOTFOUND) transaction_->fail_with_code(code, "reading");
  return std::nullopt;
}

bool Table::contains(BytesView key) const {
  if (!usable()) return false;
  MDB_val wanted = as_val(key), value{};
  const int code = mdb_get(transaction_->handle(), dbi_of(*transaction_, table_), &wanted, &value);
  if (code != 0 && code != MDB_NOTFOUND) transaction_->fail_with_code(code, "reading");
  return code == 0;
}

void Table::put(BytesView key, BytesView value) {
  SIMPUL_CHECK(transaction_->writable() && !key.empty() && key.size() <= kKeySizeMax);
  if (!usable()) return;
  MDB_val at = as_val(key), what = as_val(value);
  const int code = mdb_put(transaction_->handle(), dbi_of(*transaction_, table_), &at, &what, 0);
  if (code != 0) transaction_->fail_with_code(code, "writing");
}

void Table::append(BytesView key, BytesView value) {
  SIMPUL_CHECK(transaction_->writable() && !key.empty() && key.size() <= kKeySizeMax);
  if (!usable()) return;
  MDB_val at = as_val(key), what = as_val(value);
  const int code =
      mdb_put(transaction_->handle(), dbi_of(*transaction_, table_), &at, &what, MDB_APPEND);
  if (code == MDB_KEYEXIST) {
    put(key, value);  // not past the end after all
  } else if (code != 0) {
    transaction_->fail_with_code(code, "writing");
  }
}

bool Table::erase(BytesView key) {
  SIMPUL_CHECK(transaction_->writable());
  if (!usable()) return false;
  MDB_val at = as_val(key);
  const int code = mdb_del(transaction_->handle(), dbi_of(*transaction_, table_), &at, nullptr);
  if (code != 0 && code != MDB_NOTFOUND) transaction_->fail_with_code(code, "erasing");
  return code == 0;
}

void Table::clear() {
  SIMPUL_CHECK(transaction_->writable());
  if (!usable()) return;
  const int code = mdb_drop(transaction_->handle(), dbi_of(*transaction_, table_), 0);
  if (code != 0) transaction_->fail_with_code(code, "emptying a table");
}

void Table::scan(BytesView from, const Visitor& visit) const {
  if (!usable()) return;
  Cursor cursor(*transaction_, dbi_of(*transaction_, table_));
  for (bool more = cursor.seek(from); more; more = cursor.move(MDB_NEXT))
    if (!visit(cursor.key(), cursor.value())) return;
}

void Table::scan_prefix(BytesView prefix, const Visitor& visit) const {
  scan_prefix(prefix, prefix, visit);
}

void Table::scan_prefix(BytesView prefix, BytesView from, const Visitor& visit) const {
  SIMPUL_CHECK(begins_with(from, prefix));
  scan(from, [&](BytesView key, BytesView value) {
    return begins_with(key, prefix) && visit(key, value);
  });
}

std::optional<Table::Entry> Table::last(BytesView prefix) const {
  if (!usable()) return std::nullopt;
  Cursor cursor(*transaction_, dbi_of(*transaction_, table_));
  const Bytes next = successor(prefix);
  const bool found =
      !next.empty() && cursor.seek(next) ? cursor.move(MDB_PREV) : cursor.move(MDB_LAST);
  if (!found || !begins_with(cursor.key(), prefix)) return std::nullopt;
  return Entry(to_bytes(cursor.key()), to_bytes(cursor.value()));
}

std::optional<Table::Entry> Table::last(BytesView prefix, BytesView at_most) const {
  if (!usable()) return std::nullopt;
  Cursor cursor(*transaction_, dbi_of(*transaction_, table_));
  bool found = cursor.seek(at_most);
  if (!found) {
    found = cursor.move(MDB_LAST);
  } else if (greater(cursor.key(), at_most)) {
    found = cursor.move(MDB_PREV);
  }
  if (!found || !begins_with(cursor.key(), prefix)) return std::nullopt;
  return Entry(to_bytes(cursor.key()), to_bytes(cursor.value()));
}

std::uint64_t Table::erase_prefix(BytesView prefix) {
  SIMPUL_CHECK(transaction_->writable());
  std::uint64_t erased = 0;
  if (!usable()) return erased;
  Cursor cursor(*transaction_, dbi_of(*transaction_, table_));
  while (cursor.seek(prefix) && begins_with(cursor.key(), prefix)) {
    cursor.erase();
    ++erased;
  }
  return erased;
}

std::uint64_t Table::count() const {
  if (!usable()) return 0;
  MDB_stat stat{};
  const int code = mdb_stat(transaction_->handle(), dbi_of(*transaction_, table_), &stat);
  if (code != 0) transaction_->fail_with_code(code, "counting");
  return stat.ms_entries;
}

}  // namespace simpul
