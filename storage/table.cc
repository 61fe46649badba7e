#include "storage/table.h"

#include <algorithm>

#include "storage/lmdb_state.h"

namespace simpul {

namespace {

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

// A key as it lies in its tree: with the tag. One that ends before the tag is the beginning of keys
// of several tables.
class StoredKey {
 public:
  StoredKey(const TablePlace& place, BytesView key) {
    if (place.tag == 0 || key.size() < place.at) {
      add(key);
    } else {
      add(key.first(place.at));
      add({&place.tag, 1});
      add(key.subspan(place.at));
    }
  }
  BytesView view() const { return {bytes_.data(), size_}; }
  operator BytesView() const { return view(); }

 private:
  void add(BytesView part) {
    SIMPUL_CHECK(part.size() <= bytes_.size() - size_);
    std::copy(part.begin(), part.end(), bytes_.begin() + size_);
    size_ += part.size();
  }
  std::array<std::uint8_t, kKeySizeMax + 1> bytes_;
  std::size_t size_ = 0;
};

// The table's own part of a stored key, for as long as this lives.
class BareKey {
 public:
  BareKey(const TablePlace& place, BytesView stored) : view_(stored) {
    if (place.tag == 0) return;
    std::copy(stored.begin(), stored.begin() + place.at, bytes_.begin());
    std::copy(stored.begin() + place.at + 1, stored.end(), bytes_.begin() + place.at);
    view_ = BytesView(bytes_).first(stored.size() - 1);
  }
  BareKey(const BareKey&) = delete;
  BareKey& operator=(const BareKey&) = delete;
  BytesView view() const { return view_; }

 private:
  std::array<std::uint8_t, kKeySizeMax> bytes_;
  BytesView view_;
};

bool in_table(const TablePlace& place, BytesView stored) {
  return place.tag == 0 || (stored.size() > place.at && stored[place.at] == place.tag);
}

// The table's entry at or before where the cursor stands, if it begins with `begin`.
std::optional<Table::Entry> entry_back_from(Cursor& cursor, bool found, BytesView begin,
                                            const TablePlace& place) {
  while (found && begins_with(cursor.key(), begin) && !in_table(place, cursor.key()))
    found = cursor.move(MDB_PREV);
  if (!found || !begins_with(cursor.key(), begin)) return std::nullopt;
  return Table::Entry(to_bytes(BareKey(place, cursor.key()).view()), to_bytes(cursor.value()));
}

MDB_dbi dbi_of(const Transaction& transaction, std::size_t tree) {
  return transaction.environment().state().trees[tree];
}

}  // namespace

Table::Table(Transaction& transaction, TableId table) : Table(transaction, place_of(table)) {}

Table::Table(Transaction& transaction, const TablePlace& place)
    : transaction_(&transaction), place_(place) {}

Table Table::whole_tree(Transaction& transaction, std::size_t tree) {
  return Table(transaction, TablePlace{static_cast<std::uint8_t>(tree)});
}

bool Table::usable() const {
  return !transaction_->failed();
}

std::optional<Bytes> Table::get(BytesView key) const {
  if (!usable()) return std::nullopt;
  const StoredKey stored(place_, key);
  MDB_val wanted = as_val(stored), value{};
  const int code =
      mdb_get(transaction_->handle(), dbi_of(*transaction_, place_.tree), &wanted, &value);
  if (code == 0) return to_bytes(as_view(value));
  if (code != MDB_NOTFOUND) transaction_->fail_with_code(code, "reading");
  return std::nullopt;
}

bool Table::contains(BytesView key) const {
  if (!usable()) return false;
  const StoredKey stored(place_, key);
  MDB_val wanted = as_val(stored), value{};
  const int code =
      mdb_get(transaction_->handle(), dbi_of(*transaction_, place_.tree), &wanted, &value);
  if (code != 0 && code != MDB_NOTFOUND) transaction_->fail_with_code(code, "reading");
  return code == 0;
}

int Table::try_put(BytesView key, BytesView value, unsigned flags) {
  SIMPUL_CHECK(transaction_->writable() && !key.empty() && key.size() <= kKeySizeMax &&
               key.size() >= place_.at);
  const StoredKey stored(place_, key);
  MDB_val at = as_val(stored), what = as_val(value);
  return mdb_put(transaction_->handle(), dbi_of(*transaction_, place_.tree), &at, &what, flags);
}

void Table::put(BytesView key, BytesView value) {
  if (!usable()) return;
  const int code = try_put(key, value, 0);
  if (code != 0) transaction_->fail_with_code(code, "writing");
}

void Table::append(BytesView key, BytesView value) {
  if (!usable()) return;
  const int code = try_put(key, value, MDB_APPEND);
  if (code == MDB_KEYEXIST) {
    put(key, value);  // not past the end after all
  } else if (code != 0) {
    transaction_->fail_with_code(code, "writing");
  }
}

bool Table::erase(BytesView key) {
  SIMPUL_CHECK(transaction_->writable());
  if (!usable()) return false;
  const StoredKey stored(place_, key);
  MDB_val at = as_val(stored);
  const int code =
      mdb_del(transaction_->handle(), dbi_of(*transaction_, place_.tree), &at, nullptr);
  if (code != 0 && code != MDB_NOTFOUND) transaction_->fail_with_code(code, "erasing");
  return code == 0;
}

void Table::clear() {
  SIMPUL_CHECK(transaction_->writable());
  if (place_.tag != 0) {
    erase_prefix({});
    return;
  }
  if (!usable()) return;
  const int code = mdb_drop(transaction_->handle(), dbi_of(*transaction_, place_.tree), 0);
  if (code != 0) transaction_->fail_with_code(code, "emptying a table");
}

void Table::scan(BytesView from, const Visitor& visit) const {
  scan_prefix({}, from, visit);
}

void Table::scan_prefix(BytesView prefix, const Visitor& visit) const {
  scan_prefix(prefix, prefix, visit);
}

void Table::scan_prefix(BytesView prefix, BytesView from, const Visitor& visit) const {
  SIMPUL_CHECK(begins_with(from, prefix));
  if (!usable()) return;
  Cursor cursor(*transaction_, dbi_of(*transaction_, place_.tree));
  const StoredKey begin(place_, prefix);
  bool more = cursor.seek(StoredKey(place_, from));
  for (; more && begins_with(cursor.key(), begin); more = cursor.move(MDB_NEXT)) {
    if (!in_table(place_, cursor.key())) continue;
    if (!visit(BareKey(place_, cursor.key()).view(), cursor.value())) return;
  }
}

std::optional<Table::Entry> Table::last(BytesView prefix) const {
  if (!usable()) return std::nullopt;
  Cursor cursor(*transaction_, dbi_of(*transaction_, place_.tree));
  const StoredKey begin(place_, prefix);
  const Bytes next = successor(begin);
  const bool found =
      !next.empty() && cursor.seek(next) ? cursor.move(MDB_PREV) : cursor.move(MDB_LAST);
  return entry_back_from(cursor, found, begin, place_);
}

std::optional<Table::Entry> Table::last(BytesView prefix, BytesView at_most) const {
  if (!usable()) return std::nullopt;
  Cursor cursor(*transaction_, dbi_of(*transaction_, place_.tree));
  const StoredKey end(place_, at_most);
  bool found = cursor.seek(end);
  if (!found) {
    found = cursor.move(MDB_LAST);
  } else if (greater(cursor.key(), end)) {
    found = cursor.move(MDB_PREV);
  }
  return entry_back_from(cursor, found, StoredKey(place_, prefix), place_);
}

std::uint64_t Table::erase_prefix(BytesView prefix) {
  SIMPUL_CHECK(transaction_->writable());
  std::uint64_t erased = 0;
  if (!usable()) return erased;
  Cursor cursor(*transaction_, dbi_of(*transaction_, place_.tree));
  const StoredKey begin(place_, prefix);
  bool more = cursor.seek(begin);
  while (more && begins_with(cursor.key(), begin)) {
    if (!in_table(place_, cursor.key())) {
      more = cursor.move(MDB_NEXT);
      continue;
    }
    const Bytes key = to_bytes(cursor.key());
    cursor.erase();
    ++erased;
    more = cursor.seek(key);
  }
  return erased;
}

std::uint64_t Table::count() const {
  if (!usable()) return 0;
  std::uint64_t counted = 0;
  if (place_.tag != 0) {
    scan({}, [&](BytesView, BytesView) {
      ++counted;
      return true;
    });
    return counted;
  }
  MDB_stat stat{};
  const int code = mdb_stat(transaction_->handle(), dbi_of(*transaction_, place_.tree), &stat);
  if (code != 0) transaction_->fail_with_code(code, "counting");
  return stat.ms_entries;
}

}  // namespace simpul
