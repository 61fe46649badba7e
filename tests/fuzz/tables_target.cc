// Tables against std::map, and the case index against a list that is filtered by hand. All of it in
// one write transaction that is aborted, so the store is the same for every input.
#include <map>
#include <set>

#include "storage/key.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"
#include "tests/support/temp_store.h"

namespace simpul::fuzz {

namespace {

using Model = std::map<Bytes, Bytes>;

const Store& empty_store() {
  static const test::TempStore temp;
  return temp.store;
}

// Short keys of few letters, so that they meet; 0xff for what follows all.
Bytes some_key(Script& script, bool may_be_empty) {
  constexpr std::uint8_t kLetters[] = {0, 1, 'a', 0xff};
  Bytes key(script.below(4) + (may_be_empty ? 0 : 1));
  for (std::uint8_t& each : key) each = kLetters[script.below(4)];
  if (script.below(64) == 63) key.resize(kKeySizeMax, 'a');
  return key;
}

bool begins(const Bytes& key, const Bytes& prefix) {
  return key.size() >= prefix.size() && equal(BytesView(key).first(prefix.size()), prefix);
}

std::vector<Bytes> keys_from(const Model& model, const Bytes& prefix, const Bytes& from,
                             std::size_t count_max) {
  std::vector<Bytes> keys;
  for (auto at = model.lower_bound(from); at != model.end() && keys.size() < count_max; ++at) {
    if (!begins(at->first, prefix)) break;
    keys.push_back(at->first);
  }
  return keys;
}

void check_scan(const Table& table, const Model& model, Script& script) {
  const Bytes prefix = some_key(script, true);
  Bytes from = prefix;
  if (script.flag()) append(from, some_key(script, true));
  if (from.size() > kKeySizeMax) return;
  const std::size_t count_max = 1 + script.below(6);
  std::vector<Bytes> keys;
  table.scan_prefix(prefix, from, [&](BytesView key, BytesView value) {
    keys.push_back(to_bytes(key));
    SIMPUL_CHECK(equal(model.at(keys.back()), value));
    return keys.size() < count_max;
  });
  SIMPUL_CHECK(keys == keys_from(model, prefix, from, count_max));
}

void check_last(const Table& table, const Model& model, Script& script) {
  const Bytes prefix = some_key(script, true);
  std::optional<Bytes> expected;
  for (const auto& [key, value] : model) {
    if (begins(key, prefix)) expected = key;
  }
  const auto last = table.last(prefix);
  SIMPUL_CHECK(last.has_value() == expected.has_value());
  if (last) SIMPUL_CHECK(last->first == *expected && last->second == model.at(*expected));

  Bytes at_most = prefix;
  append(at_most, some_key(script, false));
  if (at_most.size() > kKeySizeMax) return;
  expected.reset();
  for (const auto& [key, value] : model) {
    if (begins(key, prefix) && key <= at_most) expected = key;
  }
  const auto bounded = table.last(prefix, at_most);
  SIMPUL_CHECK(bounded.has_value() == expected.has_value());
  if (bounded) SIMPUL_CHECK(bounded->first == *expected);
}

void check_key(const Table& table, const Model& model, const Bytes& key) {
  const auto found = model.find(key);
  SIMPUL_CHECK(table.contains(key) == (found != model.end()));
  SIMPUL_CHECK(table.get(key) ==
               (found == model.end() ? std::nullopt : std::optional(found->second)));
}

void erase_prefix(Table& table, Model& model, const Bytes& prefix) {
  const auto erased =
      std::erase_if(model, [&](const auto& entry) { return begins(entry.first, prefix); });
  SIMPUL_CHECK(table.erase_prefix(prefix) == erased);
}

void take_table_step(Table& table, Model& model, Script& script) {
  switch (script.below(9)) {
    case 0:
    case 1: {
      const Bytes key = some_key(script, false);
      const Bytes value(script.below(8) == 7 ? 5000 : script.below(40), script.u8());
      table.put(key, value);
      model[key] = value;
      break;
    }
    case 2: {
      const Bytes key = some_key(script, false);
      table.append(key, key);
      model[key] = key;
      break;
    }
    case 3: {
      const Bytes key = some_key(script, false);
      SIMPUL_CHECK(table.erase(key) == (model.erase(key) == 1));
      break;
    }
    case 4:
      erase_prefix(table, model, some_key(script, false));
      break;
    case 5:
      check_scan(table, model, script);
      break;
    case 6:
      check_last(table, model, script);
      break;
    case 7:
      check_key(table, model, some_key(script, false));
      break;
    default:
      if (script.below(16) == 0) table.clear(), model.clear();
      SIMPUL_CHECK(table.count() == model.size());
  }
}

// --- the case index ---

using Rows = std::map<CaseId, CaseRow>;

MemberId some_index_member(Script& script) {
  constexpr const char* kMembers[] = {"", "51", "51.03", "pupr"};
  const char* text = kMembers[script.below(4)];
  return *text == 0 ? MemberId() : member_id(text);
}

std::string some_code(Script& script) {
  constexpr const char* kCodes[] = {"", "a", "a.b", "roads"};
  return kCodes[script.below(4)];
}

CaseRow some_row(Script& script) {
  CaseRow row;
  row.origin = member_id("51.03");
  row.id = CaseId::derive(row.origin, sha256(Bytes{static_cast<std::uint8_t>(script.below(12))}));
  row.status = static_cast<CaseStatus>(script.below(8));
  row.custodian = some_index_member(script);
  row.region = some_code(script);
  row.category = some_code(script);
  if (script.flag()) {
    row.offer = CaseRow::OpenOffer{member_id("pupr"), Instant(Duration(script.below(8)))};
  }
  if (script.flag()) row.deadline = Instant(Duration(script.below(8)));
  if (script.flag()) row.timer = Instant(Duration(script.below(8)));
  for (const char* text : {"51", "pupr"}) {
    if (script.flag()) row.audience.push_back(member_id(text));
  }
  return row;
}

bool fits(const CaseFilter& filter, const CaseRow& row) {
  const auto in_audience = [&] {
    return std::ranges::find(row.audience, filter.audience) != row.audience.end();
  };
  return (!filter.status || row.status == *filter.status) &&
         (filter.custodian.empty() || row.custodian == filter.custodian) &&
         (filter.offeree.empty() || (row.offer && row.offer->to == filter.offeree)) &&
         (filter.audience.empty() || in_audience()) &&
         (filter.region.empty() || row.region == filter.region) &&
         (filter.category.empty() || row.category == filter.category) &&
         (!filter.due_before || (row.due() && *row.due() < *filter.due_before)) &&
         (!filter.timer_before || (row.timer && *row.timer < *filter.timer_before));
}

CaseFilter some_filter(Script& script) {
  CaseFilter filter;
  const std::uint8_t parts = script.u8();
  if (parts & 1) filter.status = static_cast<CaseStatus>(script.below(8));
  if (parts & 2) filter.custodian = some_index_member(script);
  if (parts & 4) filter.offeree = member_id("pupr");
  if (parts & 8) filter.audience = some_index_member(script);
  if (parts & 16) filter.region = some_code(script);
  if (parts & 32) filter.category = some_code(script);
  if (parts & 64) filter.due_before = Instant(Duration(script.below(9)));
  if (parts & 128) filter.timer_before = Instant(Duration(script.below(9)));
  return filter;
}

void check_list(const CaseStore& store, const Rows& rows, Script& script) {
  const CaseFilter filter = some_filter(script);
  const std::size_t limit = 1 + script.below(5);
  Rows listed;
  Bytes from;
  std::optional<Instant> due_before;
  for (std::size_t pages = 0;; ++pages) {
    const CasePage page = store.list(filter, limit, from);
    SIMPUL_CHECK(page.rows.size() <= limit && pages <= rows.size() + 1);
    for (const CaseRow& row : page.rows) {
      SIMPUL_CHECK(listed.emplace(row.id, row).second);
      if (filter.due_before && !filter.timer_before)
        SIMPUL_CHECK(!due_before || *due_before <= *row.due());
      due_before = row.due();
    }
    if (page.next.empty()) break;
    from = page.next;
  }
  Rows expected;
  for (const auto& [id, row] : rows) {
    if (fits(filter, row)) expected.emplace(id, row);
  }
  SIMPUL_CHECK(listed == expected);
}

void check_counts(const CaseStore& store, const Rows& rows) {
  std::map<MemberId, std::map<CaseStatus, std::uint64_t>> counts;
  for (const auto& [id, row] : rows) ++counts[row.custodian][row.status];
  for (const auto& [custodian, by_status] : counts) {
    if (!custodian.empty()) SIMPUL_CHECK(store.counts(custodian) == by_status);
  }
  counts.erase(MemberId());
  SIMPUL_CHECK(store.counts() == counts);
}

void check_overdue(const CaseStore& store, const Rows& rows, Instant now) {
  std::map<MemberId, std::uint64_t> overdue;
  for (const auto& [id, row] : rows) {
    const bool waits = row.status == CaseStatus::kForwarded && row.offer;
    if (waits && row.offer->due < now) ++overdue[row.offer->to];
  }
  SIMPUL_CHECK(store.overdue_offers(now) == overdue);
}

void check_ids(const CaseStore& store, const Rows& rows, std::size_t count) {
  std::set<CaseId> ids;
  std::uint64_t after = 0;
  for (auto page = store.ids_after(after, count); !page.empty();
       page = store.ids_after(after, count)) {
    SIMPUL_CHECK(page.size() <= count);
    for (const auto& [number, id] : page) {
      SIMPUL_CHECK(number > after && ids.insert(id).second);
      after = number;
    }
  }
  SIMPUL_CHECK(ids.size() == rows.size());
  store.visit_ids([&](const CaseId& id) { return ids.erase(id) == 1; });
  SIMPUL_CHECK(ids.empty());
}

}  // namespace

void fuzz_tables(BytesView input) {
  Script script(input);
  WriteTransaction transaction(empty_store().environment());
  Table one(transaction, TableId::kImports), other(transaction, TableId::kNotes);
  Model of_one, of_other;
  while (!script.done()) {
    if (script.flag()) {
      take_table_step(one, of_one, script);
    } else {
      take_table_step(other, of_other, script);
    }
  }
  SIMPUL_CHECK(one.count() == of_one.size() && other.count() == of_other.size());
  SIMPUL_CHECK(transaction.check().has_value());
}

void fuzz_case_table(BytesView input) {
  Script script(input);
  WriteTransaction transaction(empty_store().environment());
  CaseStore store(transaction);
  Rows rows;
  while (!script.done()) {
    switch (script.below(5)) {
      case 0:
      case 1: {
        const CaseRow row = some_row(script);
        store.put(row);
        rows[row.id] = row;
        SIMPUL_CHECK(store.get(row.id) == row);
        break;
      }
      case 2:
        check_counts(store, rows);
        check_overdue(store, rows, Instant(Duration(script.below(9))));
        check_ids(store, rows, 1 + script.below(4));
        break;
      case 3:
        if (script.below(8) == 0) store.rebuild_from_rows();
        break;
      default:
        check_list(store, rows, script);
    }
  }
  check_counts(store, rows);
  SIMPUL_CHECK(transaction.check().has_value());
}

// A stored row that is read is written back to the same bytes' value, and holds no number that no
// name stands for.
void fuzz_case_row(BytesView input) {
  const auto row = decode_case_row(input);
  if (!row) return;
  SIMPUL_CHECK(row->status <= CaseStatus::kClosed && row->privacy <= Privacy::kConfidential);
  SIMPUL_CHECK(row->case_class <= CaseClass::kComplaintOversight);
  SIMPUL_CHECK(row->channel <= Channel::kImport);
  SIMPUL_CHECK(!row->outcome || *row->outcome <= Outcome::kExpired);
  SIMPUL_CHECK(decode_case_row(encode_case_row(*row)).value() == *row);
}

}  // namespace simpul::fuzz
