#include "storage/case_index.h"

#include <algorithm>
#include <iterator>

#include "storage/table.h"

namespace simpul {

namespace {

// First byte of an index entry: which index.
enum class Tag : std::uint8_t {
  kAll = 1,
  kStatus = 2,
  kCustodian = 3,
  kCustodianStatus = 4,
  kOfferee = 5,
  kRegion = 6,
  kCategory = 7,
  kAudience = 8,
  kDue = 9,
  kTimer = 10,
  kCustodianDue = 11,
  kOfferDue = 12,
};

Key tagged(Tag tag) {
  Key key;
  key.u8(static_cast<std::uint8_t>(tag));
  return key;
}

Key status_prefix(CaseStatus status) {
  return tagged(Tag::kStatus).u8(static_cast<std::uint8_t>(status));
}

Key custodian_status_prefix(const MemberId& custodian, CaseStatus status) {
  return tagged(Tag::kCustodianStatus).text(custodian.text()).u8(static_cast<std::uint8_t>(status));
}

// Signed milliseconds in unsigned order.
std::uint64_t in_order(Instant instant) {
  return static_cast<std::uint64_t>(instant.time_since_epoch().count()) ^ 1ull << 63;
}

Key due_prefix(Instant due) {
  return tagged(Tag::kDue).u64(in_order(due));
}

Key custodian_due_prefix(const MemberId& custodian, Instant due) {
  return tagged(Tag::kCustodianDue).text(custodian.text()).u64(in_order(due));
}

Key timer_prefix(Instant timer) {
  return tagged(Tag::kTimer).u64(in_order(timer));
}

Bytes bytes_of(const Key& key) {
  return to_bytes(key.view());
}

// Every entry ends in the case number, complemented so that the newest come first.
Bytes entry(Key prefix, std::uint64_t number) {
  return bytes_of(prefix.u64(~number));
}

void add_to_count(Transaction& transaction, const CaseRow& row, int change) {
  Key key;
  key.text(row.custodian.text()).u8(static_cast<std::uint8_t>(row.status));
  Table table(transaction, TableId::kCaseCounts);
  const auto value = table.get(key);
  const std::uint64_t count = value ? KeyReader(*value).u64() : 0;
  const std::uint64_t next = count + static_cast<std::uint64_t>(std::int64_t{change});
  if (next == 0) {
    table.erase(key);
    return;
  }
  Key total;
  total.u64(next);
  table.put(key, total);
}

// Whether both have the same entries. Most changes of a case touch none that lists go by.
bool indexed_alike(const CaseRow& before, const CaseRow& after) {
  return before.status == after.status && before.custodian == after.custodian &&
         before.offer == after.offer && before.region == after.region &&
         before.category == after.category && before.audience == after.audience &&
         before.due() == after.due() && before.timer == after.timer;
}

// Those of the filter's conditions that an index by number answers, the rarest first.
std::vector<Bytes> prefixes_of(const CaseFilter& filter) {
  std::vector<Bytes> prefixes;
  const auto add = [&](Key prefix) { prefixes.push_back(bytes_of(prefix)); };
  if (!filter.offeree.empty()) add(tagged(Tag::kOfferee).text(filter.offeree.text()));
  if (!filter.region.empty()) add(tagged(Tag::kRegion).text(filter.region));
  if (!filter.custodian.empty() && filter.status) {
    add(custodian_status_prefix(filter.custodian, *filter.status));
  } else if (!filter.custodian.empty()) {
    add(tagged(Tag::kCustodian).text(filter.custodian.text()));
  }
  if (!filter.audience.empty()) add(tagged(Tag::kAudience).text(filter.audience.text()));
  if (!filter.category.empty()) add(tagged(Tag::kCategory).text(filter.category));
  if (filter.status && filter.custodian.empty()) add(status_prefix(*filter.status));
  return prefixes;
}

// The index that gives the order of the answer.
IndexRange leading_range(const CaseFilter& filter) {
  if (filter.timer_before)
    return {bytes_of(tagged(Tag::kTimer)), bytes_of(timer_prefix(*filter.timer_before)), {}};
  if (filter.due_before && !filter.custodian.empty())
    return {bytes_of(tagged(Tag::kCustodianDue).text(filter.custodian.text())),
            bytes_of(custodian_due_prefix(filter.custodian, *filter.due_before)),
            {}};
  if (filter.due_before)
    return {bytes_of(tagged(Tag::kDue)), bytes_of(due_prefix(*filter.due_before)), {}};
  const std::vector<Bytes> prefixes = prefixes_of(filter);
  return {prefixes.empty() ? bytes_of(tagged(Tag::kAll)) : prefixes.front(), {}, {}};
}

bool counted_alike(const CaseRow* before, const CaseRow* after) {
  return before != nullptr && after != nullptr && before->status == after->status &&
         before->custodian == after->custodian;
}

}  // namespace

std::vector<Bytes> index_keys(const CaseRow& row, std::uint64_t number) {
  std::vector<Bytes> keys;
  keys.push_back(entry(tagged(Tag::kAll), number));
  keys.push_back(entry(status_prefix(row.status), number));
  keys.push_back(entry(tagged(Tag::kCustodian).text(row.custodian.text()), number));
  keys.push_back(entry(custodian_status_prefix(row.custodian, row.status), number));
  if (row.offer) {
    const std::string& to = row.offer->to.text();
    keys.push_back(entry(tagged(Tag::kOfferee).text(to), number));
    if (row.status == CaseStatus::kForwarded)
      keys.push_back(entry(tagged(Tag::kOfferDue).text(to).u64(in_order(row.offer->due)), number));
  }
  keys.push_back(entry(tagged(Tag::kRegion).text(row.region), number));
  keys.push_back(entry(tagged(Tag::kCategory).text(row.category), number));
  for (const MemberId& member : row.audience)
    keys.push_back(entry(tagged(Tag::kAudience).text(member.text()), number));
  if (const auto due = row.due()) {
    keys.push_back(entry(due_prefix(*due), number));
    keys.push_back(entry(custodian_due_prefix(row.custodian, *due), number));
  }
  if (row.timer) keys.push_back(entry(timer_prefix(*row.timer), number));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

IndexRange range_of(const CaseFilter& filter) {
  IndexRange range = leading_range(filter);
  for (Bytes& prefix : prefixes_of(filter))
    if (prefix != range.prefix) range.also_in.push_back(std::move(prefix));
  return range;
}

std::uint64_t case_number_of_index(BytesView key) {
  return ~KeyReader(key.last(sizeof(std::uint64_t))).u64();
}

Bytes offers_prefix() {
  return bytes_of(tagged(Tag::kOfferDue));
}

OfferEntry offer_of_index(BytesView key) {
  KeyReader reader(key);
  reader.u8();
  const std::string_view to = reader.text();
  return {to, Instant{Duration{static_cast<std::int64_t>(reader.u64() ^ 1ull << 63)}}};
}

bool matches(const CaseFilter& filter, const CaseRow& row) {
  if (filter.status && row.status != *filter.status) return false;
  if (!filter.custodian.empty() && row.custodian != filter.custodian) return false;
  if (!filter.offeree.empty() && (!row.offer || row.offer->to != filter.offeree)) return false;
  if (!filter.region.empty() && row.region != filter.region) return false;
  if (!filter.category.empty() && row.category != filter.category) return false;
  const auto& audience = row.audience;
  if (!filter.audience.empty() &&
      std::find(audience.begin(), audience.end(), filter.audience) == audience.end())
    return false;
  if (filter.timer_before && (!row.timer || *row.timer >= *filter.timer_before)) return false;
  const auto due = row.due();
  return !filter.due_before || (due && *due < *filter.due_before);
}

void update_index(Transaction& transaction, std::uint64_t number, const CaseRow* before,
                  const CaseRow* after) {
  if (before && after && indexed_alike(*before, *after)) return;
  const std::vector<Bytes> old_keys = before ? index_keys(*before, number) : std::vector<Bytes>();
  const std::vector<Bytes> new_keys = after ? index_keys(*after, number) : std::vector<Bytes>();
  std::vector<Bytes> gone, come;
  std::set_difference(old_keys.begin(), old_keys.end(), new_keys.begin(), new_keys.end(),
                      std::back_inserter(gone));
  std::set_difference(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end(),
                      std::back_inserter(come));
  Table table(transaction, TableId::kCaseIndex);
  for (const Bytes& key : gone) table.erase(key);
  for (const Bytes& key : come) table.put(key, {});
  if (counted_alike(before, after)) return;
  if (before) add_to_count(transaction, *before, -1);
  if (after) add_to_count(transaction, *after, 1);
}

}  // namespace simpul
