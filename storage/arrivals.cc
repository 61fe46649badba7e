#include "storage/arrivals.h"

#include "storage/codec.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

// In the table of small values, among the store's own (FORMAT.md).
Key cursor_key() {
  Key key;
  key.u8(0).text("indexed_through");
  return key;
}

std::optional<Arrival> arrival_from(BytesView value) {
  ValueReader reader(value);
  Arrival arrival;
  arrival.journal = reader.number32();
  arrival.first = reader.number();
  arrival.count = reader.number();
  arrival.received = reader.instant();
  return reader.good() ? std::optional(arrival) : std::nullopt;
}

}  // namespace

std::uint64_t ArrivalStore::append(const Arrival& arrival) {
  const std::uint64_t sequence = end();
  ValueWriter value;
  value.number(arrival.journal).number(arrival.first).number(arrival.count);
  value.instant(arrival.received);
  Table(*transaction_, TableId::kArrivals).append(sequence_key(sequence), value);
  return sequence;
}

std::uint64_t ArrivalStore::end() const {
  const auto last = Table(*transaction_, TableId::kArrivals).last({});
  return last ? KeyReader(last->first).u64() + 1 : 0;
}

void ArrivalStore::scan(
    std::uint64_t from,
    const std::function<bool(std::uint64_t sequence, const Arrival&)>& visit) const {
  Table(*transaction_, TableId::kArrivals)
      .scan(sequence_key(from), [&](BytesView key, BytesView value) {
        const auto arrival = arrival_from(value);
        if (arrival) return visit(KeyReader(key).u64(), *arrival);
        transaction_->fail_with(damaged("log of arrivals"));
        return false;
      });
}

std::uint64_t ArrivalStore::first_since(Instant time) const {
  const Table table(*transaction_, TableId::kArrivals);
  std::uint64_t before = 0, after = end();
  while (before < after) {
    const std::uint64_t middle = before + (after - before) / 2;
    const auto value = table.get(sequence_key(middle));
    const auto arrival = value ? arrival_from(*value) : std::nullopt;
    if (!arrival) {
      transaction_->fail_with(damaged("log of arrivals"));
      return 0;
    }
    if (arrival->received < time) {
      before = middle + 1;
    } else {
      after = middle;
    }
  }
  return before;
}

std::uint64_t ArrivalStore::indexed_through() const {
  const auto value = Table(*transaction_, TableId::kMeta).get(cursor_key());
  return value ? KeyReader(*value).u64() : 0;
}

void ArrivalStore::set_indexed_through(std::uint64_t sequence) {
  if (indexed_through() == sequence) return;  // a transaction that wrote nothing syncs nothing
  Table(*transaction_, TableId::kMeta).put(cursor_key(), sequence_key(sequence));
}

}  // namespace simpul
