// Which events a case has: the part of CaseStore that reads journals.
#include "storage/case_store.h"
#include "storage/codec.h"
#include "storage/journal_store.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

struct Entry {
  std::uint32_t journal = 0;
  std::uint64_t index = 0;
};

Key entry_key(std::uint64_t number, std::uint32_t journal, std::uint64_t index) {
  Key key;
  key.u64(number).u32(journal).u64(index);
  return key;
}

std::vector<Entry> entries_of(Transaction& transaction, std::uint64_t number) {
  std::vector<Entry> entries;
  Key prefix;
  prefix.u64(number);
  Table(transaction, TableId::kCaseEvents).scan_prefix(prefix, [&](BytesView key, BytesView) {
    KeyReader reader(key);
    reader.u64();
    Entry entry;
    entry.journal = reader.u32();
    entry.index = reader.u64();
    entries.push_back(entry);
    return true;
  });
  return entries;
}

}  // namespace

void CaseStore::add(const CaseId& id, const EventPosition& position) {
  const auto journal = JournalStore(*transaction_).number(position.journal);
  SIMPUL_CHECK(journal || transaction_->failed());
  Table(*transaction_, TableId::kCaseEvents)
      .put(entry_key(ensure_number(id), journal.value_or(0), position.index), {});
}

std::vector<CaseEvent> CaseStore::events_of(const CaseId& id) const {
  std::vector<CaseEvent> events;
  const auto known = number(id);
  if (!known) return events;
  const JournalStore journals(*transaction_);
  std::optional<JournalHead> head;
  const std::vector<Entry> entries = entries_of(*transaction_, *known);
  events.reserve(entries.size() + 1);
  for (const Entry& entry : entries) {
    if (!head || head->number != entry.journal) head = journals.bare_head(entry.journal);
    const auto bytes = journals.event(entry.journal, entry.index);
    auto event = bytes ? decode_event(*bytes) : fail(ErrorCode::kNotFound, "missing");
    if (!head || !event) {
      transaction_->fail_with(damaged("event of " + id.text()));
      return {};
    }
    events.push_back({leaf_hash(*bytes), *std::move(event), head->disputed(entry.index)});
  }
  return events;
}

std::vector<EventPosition> CaseStore::positions_of(const CaseId& id) const {
  std::vector<EventPosition> positions;
  const auto known = number(id);
  if (!known) return positions;
  const JournalStore journals(*transaction_);
  for (const Entry& entry : entries_of(*transaction_, *known))
    if (const auto journal = journals.journal(entry.journal))
      positions.push_back({*journal, entry.index});
  return positions;
}

bool CaseStore::has_event(const CaseId& id, const EventPosition& position) const {
  const auto known = number(id);
  const auto journal = JournalStore(*transaction_).number(position.journal);
  return known && journal &&
         Table(*transaction_, TableId::kCaseEvents)
             .contains(entry_key(*known, *journal, position.index));
}

}  // namespace simpul
