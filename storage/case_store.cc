#include "storage/case_store.h"

#include <algorithm>

#include "storage/case_index.h"
#include "storage/codec.h"
#include "storage/journal_store.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

Key name_key(const CaseId& id) {
  SIMPUL_CHECK(!id.empty());
  Key key;
  key.text(id.text());
  return key;
}

std::optional<CaseRow> row_at(Transaction& transaction, std::uint64_t number) {
  const auto bytes = Table(transaction, TableId::kCaseRows).get(sequence_key(number));
  if (!bytes) return std::nullopt;
  auto row = decode_case_row(*bytes);
  if (row) return *std::move(row);
  transaction.fail_with(row.error());
  return std::nullopt;
}

// Whether the case is in all of these indexes, which order it by its number.
bool is_in_all(const Table& index, const std::vector<Bytes>& prefixes, BytesView number) {
  return std::ranges::all_of(
      prefixes, [&](const Bytes& prefix) { return index.contains(Key().raw(prefix).raw(number)); });
}

}  // namespace

std::optional<std::uint64_t> CaseStore::number(const CaseId& id) const {
  auto& met = transaction_->case_numbers();
  if (const auto found = met.find(id.text()); found != met.end()) return found->second;
  const auto value = Table(*transaction_, TableId::kCaseNumbers).get(name_key(id));
  if (!value) return std::nullopt;
  return met[id.text()] = KeyReader(*value).u64();
}

std::uint64_t CaseStore::ensure_number(const CaseId& id) {
  if (const auto known = number(id)) return *known;
  Table names(*transaction_, TableId::kCaseNames);
  const auto last = names.last({});
  const std::uint64_t next = last ? KeyReader(last->first).u64() + 1 : 1;
  names.put(sequence_key(next), as_bytes(id.text()));
  Table(*transaction_, TableId::kCaseNumbers).put(name_key(id), sequence_key(next));
  return next;
}

std::optional<CaseRow> CaseStore::get(const CaseId& id) const {
  const auto known = number(id);
  return known ? row_at(*transaction_, *known) : std::nullopt;
}

std::optional<CaseRow> CaseStore::put(const CaseRow& row) {
  const std::uint64_t at = ensure_number(row.id);
  auto before = row_at(*transaction_, at);
  if (before == row) return before;
  Table(*transaction_, TableId::kCaseRows).put(sequence_key(at), encode_case_row(row));
  update_index(*transaction_, at, before ? &*before : nullptr, &row);
  return before;
}

CasePage CaseStore::list(const CaseFilter& filter, std::size_t limit, BytesView from) const {
  CasePage page;
  if (limit == 0) return page;
  const IndexRange range = range_of(filter);
  const bool goes_on = from.size() > range.prefix.size() && from.size() <= kKeySizeMax &&
                       equal(from.first(range.prefix.size()), range.prefix);
  std::size_t examined = 0;
  const Table index(*transaction_, TableId::kCaseIndex);
  index.scan_prefix(
      range.prefix, goes_on ? from : BytesView(range.prefix), [&](BytesView key, BytesView) {
        if (!range.end.empty() && std::lexicographical_compare(range.end.begin(), range.end.end(),
                                                               key.begin(), key.end()))
          return false;
        if (page.rows.size() == limit || examined == kEntriesExaminedMax) {
          page.next = to_bytes(key);
          return false;
        }
        ++examined;
        if (!is_in_all(index, range.also_in, key.last(sizeof(std::uint64_t)))) return true;
        auto row = row_at(*transaction_, case_number_of_index(key));
        if (row && matches(filter, *row)) page.rows.push_back(*std::move(row));
        return !transaction_->failed();
      });
  return page;
}

std::map<CaseStatus, std::uint64_t> CaseStore::counts(const MemberId& custodian) const {
  std::map<CaseStatus, std::uint64_t> counts;
  Key prefix;
  prefix.text(custodian.text());
  Table(*transaction_, TableId::kCaseCounts)
      .scan_prefix(prefix, [&](BytesView key, BytesView value) {
        counts[static_cast<CaseStatus>(key.back())] = KeyReader(value).u64();
        return true;
      });
  return counts;
}

std::map<MemberId, std::map<CaseStatus, std::uint64_t>> CaseStore::counts() const {
  std::map<MemberId, std::map<CaseStatus, std::uint64_t>> counts;
  Table(*transaction_, TableId::kCaseCounts).scan({}, [&](BytesView key, BytesView value) {
    const auto custodian = MemberId::parse(KeyReader(key).text());
    if (custodian) counts[*custodian][static_cast<CaseStatus>(key.back())] = KeyReader(value).u64();
    return true;
  });
  return counts;
}

std::map<MemberId, std::uint64_t> CaseStore::overdue_offers(Instant now) const {
  std::map<std::string, std::uint64_t, std::less<>> by_name;
  Table(*transaction_, TableId::kCaseIndex)
      .scan_prefix(offers_prefix(), [&](BytesView key, BytesView) {
        const OfferEntry offer = offer_of_index(key);
        if (offer.due >= now) return true;
        const auto counted = by_name.find(offer.to);
        counted == by_name.end() ? by_name.emplace(offer.to, 1).first->second : ++counted->second;
        return true;
      });
  std::map<MemberId, std::uint64_t> overdue;
  for (const auto& [name, count] : by_name)
    if (const auto member = MemberId::parse(name)) overdue[*member] = count;
  return overdue;
}

void CaseStore::visit_ids(const std::function<bool(const CaseId&)>& visit) const {
  Table(*transaction_, TableId::kCaseNames).scan({}, [&](BytesView, BytesView name) {
    const auto id = CaseId::parse(as_text(name));
    if (!id) transaction_->fail_with(damaged("name of a case"));
    return id && visit(*id);
  });
}

std::vector<std::pair<std::uint64_t, CaseId>> CaseStore::ids_after(std::uint64_t after,
                                                                   std::size_t count) const {
  std::vector<std::pair<std::uint64_t, CaseId>> ids;
  Table(*transaction_, TableId::kCaseNames)
      .scan(sequence_key(after + 1), [&](BytesView key, BytesView name) {
        const auto id = CaseId::parse(as_text(name));
        if (!id) transaction_->fail_with(damaged("name of a case"));
        if (!id || ids.size() == count) return false;
        ids.emplace_back(KeyReader(key).u64(), *id);
        return true;
      });
  return ids;
}

std::vector<MemberId> CaseStore::audience(const CaseId& id) const {
  const auto value = Table(*transaction_, TableId::kCaseAudience).get(name_key(id));
  std::vector<MemberId> members;
  if (!value) return members;
  ValueReader in(*value);
  while (in.left() > 0) members.push_back(in.member());
  if (!in.good()) transaction_->fail_with(damaged("audience of " + id.text()));
  return members;
}

void CaseStore::put_audience(const CaseId& id, std::vector<MemberId> members) {
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  if (audience(id) == members) return;
  ValueWriter value;
  for (const MemberId& member : members) value.member(member);
  Table(*transaction_, TableId::kCaseAudience).put(name_key(id), value);
}

void CaseStore::wipe_index() {
  for (const TableId table :
       {TableId::kCaseEvents, TableId::kCaseRows, TableId::kCaseIndex, TableId::kCaseCounts})
    Table(*transaction_, table).clear();
}

void CaseStore::rebuild_from_rows() {
  Table(*transaction_, TableId::kCaseIndex).clear();
  Table(*transaction_, TableId::kCaseCounts).clear();
  std::vector<std::uint64_t> numbers;
  Table(*transaction_, TableId::kCaseRows).scan({}, [&](BytesView key, BytesView) {
    numbers.push_back(KeyReader(key).u64());
    return true;
  });
  for (const std::uint64_t each : numbers)
    if (const auto row = row_at(*transaction_, each))
      update_index(*transaction_, each, nullptr, &*row);
}

}  // namespace simpul
