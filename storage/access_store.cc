#include "storage/access_store.h"

#include <utility>

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {
namespace {

constexpr std::string_view kChainPrefix = "simpul/access/v1";

ValueWriter fields_of(const AccessRecord& record) {
  ValueWriter value;
  value.instant(record.time).text(record.reader).text(record.by).text(record.case_id.text());
  value.number(record.enclosures.size());
  for (const Digest& digest : record.enclosures) value.digest(digest);
  return value;
}

Digest chain_over(const Digest& before, std::uint64_t number, BytesView fields) {
  ValueWriter link;
  link.text(kChainPrefix).digest(before).number(number).bytes(fields);
  return sha256(link.view());
}

std::optional<AccessRecord> decode(std::uint64_t number, BytesView value) {
  ValueReader in(value);
  AccessRecord record;
  record.number = number;
  record.time = in.instant();
  record.reader = in.text();
  record.by = in.text();
  record.case_id = in.case_id();
  const std::uint64_t count = in.number();
  if (count > in.left() / Digest::kSize) return std::nullopt;
  for (std::uint64_t i = 0; i < count; ++i) record.enclosures.push_back(in.digest());
  record.chain = in.digest();
  if (!in.good()) return std::nullopt;
  return record;
}

}  // namespace

std::uint64_t AccessStore::size() const {
  const auto last = Table(*transaction_, TableId::kAccess).last({});
  return last ? KeyReader(last->first).u64() : 0;
}

AccessRecord AccessStore::append(AccessRecord record) {
  Table table(*transaction_, TableId::kAccess);
  const auto last = table.last({});
  Digest before;
  record.number = 1;
  if (last) {
    const std::uint64_t number = KeyReader(last->first).u64();
    const auto newest = decode(number, last->second);
    if (!newest) transaction_->fail_with(damaged("access record"));
    if (newest) before = newest->chain;
    record.number = number + 1;
  }
  ValueWriter value = fields_of(record);
  record.chain = chain_over(before, record.number, value.view());
  value.digest(record.chain);
  table.put(sequence_key(record.number), value);
  return record;
}

void AccessStore::visit_back(std::uint64_t before,
                             const std::function<bool(const AccessRecord&)>& visit) const {
  const Table table(*transaction_, TableId::kAccess);
  auto entry = before == 0 ? table.last({}) : table.last({}, sequence_key(before - 1));
  while (entry) {
    const std::uint64_t number = KeyReader(entry->first).u64();
    const auto record = decode(number, entry->second);
    if (!record) return transaction_->fail_with(damaged("access record"));
    if (!visit(*record) || number <= 1) return;
    entry = table.last({}, sequence_key(number - 1));
  }
}

std::optional<std::uint64_t> AccessStore::first_broken() const {
  Digest before;
  std::uint64_t due = 1;
  std::optional<std::uint64_t> broken;
  Table(*transaction_, TableId::kAccess).scan({}, [&](BytesView key, BytesView value) {
    const std::uint64_t number = KeyReader(key).u64();
    const auto record = decode(number, value);
    const bool fits = record && number == due &&
                      record->chain == chain_over(before, number, fields_of(*record).view());
    if (!fits) {
      broken = due;
      return false;
    }
    before = record->chain;
    ++due;
    return true;
  });
  return broken;
}

}  // namespace simpul
