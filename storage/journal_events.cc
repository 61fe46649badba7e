// Reading what journals hold: events and checkpoints.
#include "storage/journal_keys.h"
#include "storage/journal_store.h"
#include "storage/table.h"

namespace simpul {

namespace {

Key prefix_of(std::uint32_t number) {
  Key key;
  key.u32(number);
  return key;
}

std::uint64_t index_of(BytesView key) {
  KeyReader reader(key);
  reader.u32();
  return reader.u64();
}

std::string text_of(BytesView value) {
  return std::string(as_text(value));
}

}  // namespace

bool JournalStore::has(const JournalId& journal, std::uint64_t index) const {
  const auto known = number(journal);
  return known && Table(*transaction_, TableId::kEvents).contains(journal_key(*known, index));
}

std::optional<Bytes> JournalStore::event(const JournalId& journal, std::uint64_t index) const {
  const auto known = number(journal);
  return known ? event(*known, index) : std::nullopt;
}

std::optional<Bytes> JournalStore::event(std::uint32_t number, std::uint64_t index) const {
  return Table(*transaction_, TableId::kEvents).get(journal_key(number, index));
}

std::vector<Bytes> JournalStore::scan(const JournalId& journal, std::uint64_t first,
                                      std::size_t count_max, std::size_t bytes_max) const {
  std::vector<Bytes> events;
  std::size_t bytes = 0;
  visit(journal, first, [&](std::uint64_t index, BytesView event) {
    const bool fits = events.empty() || bytes + event.size() <= bytes_max;
    if (events.size() == count_max || index != first + events.size() || !fits) return false;
    bytes += event.size();
    events.push_back(to_bytes(event));
    return true;
  });
  return events;
}

void JournalStore::visit(
    const JournalId& journal, std::uint64_t first,
    const std::function<bool(std::uint64_t index, BytesView event)>& visit) const {
  const auto known = number(journal);
  if (!known) return;
  Table(*transaction_, TableId::kEvents)
      .scan_prefix(prefix_of(*known), journal_key(*known, first),
                   [&](BytesView key, BytesView event) { return visit(index_of(key), event); });
}

std::optional<std::string> JournalStore::checkpoint_at(const JournalId& journal,
                                                       std::uint64_t size) const {
  const auto known = number(journal);
  if (!known) return std::nullopt;
  const auto note = Table(*transaction_, TableId::kCheckpoints).get(journal_key(*known, size));
  if (!note) return std::nullopt;
  return text_of(*note);
}

std::optional<std::string> JournalStore::newest_checkpoint(const JournalId& journal) const {
  return last_checkpoint_at_or_before(journal, UINT64_MAX);
}

std::optional<std::string> JournalStore::first_checkpoint_at_or_after(const JournalId& journal,
                                                                      std::uint64_t size) const {
  std::optional<std::string> found;
  visit_checkpoints(journal, size, [&](std::uint64_t, std::string_view note) {
    found = std::string(note);
    return false;
  });
  return found;
}

std::optional<std::string> JournalStore::last_checkpoint_at_or_before(const JournalId& journal,
                                                                      std::uint64_t size) const {
  const auto known = number(journal);
  if (!known) return std::nullopt;
  const auto entry = Table(*transaction_, TableId::kCheckpoints)
                         .last(prefix_of(*known), journal_key(*known, size));
  if (!entry) return std::nullopt;
  return text_of(entry->second);
}

void JournalStore::store_checkpoint(const JournalId& journal, std::uint64_t size,
                                    std::string_view note) {
  SIMPUL_CHECK(!note.empty());
  Table(*transaction_, TableId::kCheckpoints)
      .append(journal_key(ensure(journal), size), as_bytes(note));
}

void JournalStore::visit_checkpoints(
    const JournalId& journal, std::uint64_t first_size,
    const std::function<bool(std::uint64_t size, std::string_view note)>& visit) const {
  const auto known = number(journal);
  if (!known) return;
  Table(*transaction_, TableId::kCheckpoints)
      .scan_prefix(
          prefix_of(*known), journal_key(*known, first_size),
          [&](BytesView key, BytesView note) { return visit(index_of(key), as_text(note)); });
}

std::optional<std::vector<Digest>> JournalStore::tile(const JournalId& journal,
                                                      std::uint64_t n) const {
  const auto known = number(journal);
  if (!known) return std::nullopt;
  const auto value = Table(*transaction_, TableId::kTiles).get(journal_key(*known, n));
  if (!value) return std::nullopt;
  std::vector<Digest> hashes;
  hashes.reserve(kTileWidth);
  KeyReader reader(*value);
  for (std::uint64_t i = 0; i < kTileWidth; ++i) hashes.push_back(reader.digest());
  return hashes;
}

}  // namespace simpul
