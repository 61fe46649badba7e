#include "storage/journal_store.h"

#include <algorithm>

#include "storage/journal_head.h"
#include "storage/journal_keys.h"
#include "storage/journal_tiles.h"
#include "storage/table.h"

namespace simpul {

namespace {

Key name_key(const JournalId& journal) {
  Key key;
  key.text(journal.member.text()).u32(journal.generation);
  return key;
}

Key number_key(std::uint32_t number) {
  Key key;
  key.u32(number);
  return key;
}

// The key and value of a head without its checkpoint.
std::optional<JournalHead> load(Transaction& transaction, std::uint32_t number) {
  const auto value = Table(transaction, TableId::kJournals).get(number_key(number));
  if (!value) return std::nullopt;
  auto head = decode_head(*value);
  if (!head) {
    transaction.fail_with(head.error());
    return std::nullopt;
  }
  head->number = number;
  return *std::move(head);
}

void save(Transaction& transaction, const JournalHead& head) {
  Table(transaction, TableId::kJournals).put(number_key(head.number), encode_head(head));
}

void put_checkpoint(Transaction& transaction, std::uint32_t number, std::uint64_t size,
                    std::string_view note) {
  if (note.empty()) return;
  Table(transaction, TableId::kCheckpoints).append(journal_key(number, size), as_bytes(note));
}

std::string newest_note(Transaction& transaction, std::uint32_t number) {
  const auto entry = Table(transaction, TableId::kCheckpoints).last(number_key(number));
  return entry ? std::string(as_text(entry->second)) : std::string();
}

void append_events(Transaction& transaction, std::uint32_t number, std::uint64_t first,
                   std::span<const BytesView> events) {
  Table table(transaction, TableId::kEvents);
  for (const BytesView event : events) table.append(journal_key(number, first++), event);
}

// Nodes that need not be stored: events give the leaves, two children their parent.
bool derivable(const NodeId& id, const std::vector<NodeId>& sorted_ids,
               std::span<const SparseEvent> events) {
  if (id.level == 0)
    return std::any_of(events.begin(), events.end(),
                       [&](const SparseEvent& event) { return event.index == id.index; });
  const NodeId left{static_cast<std::uint8_t>(id.level - 1), id.index * 2};
  const NodeId right{left.level, left.index + 1};
  return std::binary_search(sorted_ids.begin(), sorted_ids.end(), left) &&
         std::binary_search(sorted_ids.begin(), sorted_ids.end(), right);
}

void put_nodes(Transaction& transaction, std::uint32_t number, std::span<const TreeNode> nodes,
               std::span<const SparseEvent> events) {
  std::vector<NodeId> ids;
  ids.reserve(nodes.size());
  for (const TreeNode& node : nodes) ids.push_back(node.id);
  std::sort(ids.begin(), ids.end());
  Table table(transaction, TableId::kNodes);
  for (const TreeNode& node : nodes)
    if (!derivable(node.id, ids, events)) table.put(node_key(number, node.id), node.hash.view());
}

}  // namespace

std::optional<std::uint32_t> JournalStore::number(const JournalId& journal) const {
  auto& met = transaction_->journal_numbers();
  if (const auto found = met.find(journal); found != met.end()) return found->second;
  const auto value = Table(*transaction_, TableId::kJournalNumbers).get(name_key(journal));
  if (!value) return std::nullopt;
  return met[journal] = KeyReader(*value).u32();
}

std::optional<JournalId> JournalStore::journal(std::uint32_t number) const {
  auto head = load(*transaction_, number);
  if (!head) return std::nullopt;
  return head->id;
}

std::uint32_t JournalStore::ensure(const JournalId& journal) {
  if (const auto known = number(journal)) return *known;
  JournalHead head;
  const auto last = Table(*transaction_, TableId::kJournals).last({});
  head.id = journal;
  head.number = last ? KeyReader(last->first).u32() + 1 : 1;
  head.complete = true;
  Table(*transaction_, TableId::kJournalNumbers).put(name_key(journal), number_key(head.number));
  save(*transaction_, head);
  return head.number;
}

std::optional<JournalHead> JournalStore::bare_head(std::uint32_t number) const {
  return load(*transaction_, number);
}

std::optional<JournalHead> JournalStore::bare_head(const JournalId& journal) const {
  const auto known = number(journal);
  return known ? load(*transaction_, *known) : std::nullopt;
}

std::optional<JournalHead> JournalStore::head(std::uint32_t number) const {
  auto head = load(*transaction_, number);
  if (head) head->checkpoint = newest_note(*transaction_, number);
  return head;
}

std::optional<JournalHead> JournalStore::head(const JournalId& journal) const {
  const auto known = number(journal);
  return known ? head(*known) : std::nullopt;
}

std::vector<JournalHead> JournalStore::heads() const {
  std::vector<std::uint32_t> numbers;
  Table(*transaction_, TableId::kJournals).scan({}, [&](BytesView key, BytesView) {
    numbers.push_back(KeyReader(key).u32());
    return true;
  });
  std::vector<JournalHead> heads;
  for (const std::uint32_t each : numbers)
    if (auto found = head(each)) heads.push_back(*std::move(found));
  return heads;
}

std::vector<JournalHead> JournalStore::heads_of(const MemberId& member) const {
  std::vector<std::uint32_t> numbers;
  Key prefix;
  prefix.text(member.text());
  Table(*transaction_, TableId::kJournalNumbers)
      .scan_prefix(prefix, [&](BytesView, BytesView value) {
        numbers.push_back(KeyReader(value).u32());
        return true;
      });
  std::vector<JournalHead> heads;
  for (const std::uint32_t each : numbers)
    if (auto found = head(each)) heads.push_back(*std::move(found));
  return heads;
}

void JournalStore::append_run(const JournalId& journal, std::uint64_t first,
                              std::span<const BytesView> events, std::span<const Digest> leaves,
                              const Frontier& after, std::string_view note) {
  SIMPUL_CHECK(events.size() == leaves.size() && after.size() == first + events.size());
  auto head = load(*transaction_, ensure(journal));
  if (!head || transaction_->failed()) return;
  SIMPUL_CHECK(first <= head->held);
  put_checkpoint(*transaction_, head->number, after.size(), note);
  if (after.size() <= head->held) return;

  const std::uint64_t known = head->held - first;
  append_events(*transaction_, head->number, head->held, events.subspan(known));
  store_tiles(*transaction_, head->number, head->held, leaves.subspan(known));
  head->held = after.size();
  head->held_frontier = after;
  if (head->held >= head->size) {
    head->size = head->held;
    head->frontier = after;
  }
  save(*transaction_, *head);
}

void JournalStore::put_sparse(const JournalId& journal, std::span<const SparseEvent> events,
                              std::span<const TreeNode> nodes, const Frontier& after,
                              std::string_view note) {
  auto head = load(*transaction_, ensure(journal));
  if (!head || transaction_->failed()) return;
  Table table(*transaction_, TableId::kEvents);
  for (const SparseEvent& event : events) {
    SIMPUL_CHECK(event.index < after.size());
    if (event.index >= head->held)
      table.append(journal_key(head->number, event.index), event.bytes);
  }
  put_nodes(*transaction_, head->number, nodes, events);
  put_checkpoint(*transaction_, head->number, after.size(), note);
  if (after.size() <= head->size) return;
  head->size = after.size();
  head->frontier = after;
  save(*transaction_, *head);
}

void JournalStore::set_disputed_from(const JournalId& journal, std::optional<std::uint64_t> index) {
  auto head = load(*transaction_, ensure(journal));
  if (!head) return;
  head->disputed_from = index;
  save(*transaction_, *head);
}

void JournalStore::set_settled(const JournalId& journal, const std::optional<HeadRef>& settled) {
  auto head = load(*transaction_, ensure(journal));
  if (!head) return;
  head->settled = settled;
  save(*transaction_, *head);
}

}  // namespace simpul
