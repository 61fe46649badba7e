// The database as if the disk lied. Three nodes' stores are filled once by a federation at work;
// the input picks one of their entries and changes its value, or drops it. Then everything is read,
// by the typed tables, the checks of journals and all queries, in a transaction that is aborted.
// Each read ends in an answer or an error, and a journal that passes its check is the one that was
// written.
#include "node/queries.h"
#include "storage/journal_check.h"
#include "storage/journal_nodes.h"
#include "storage/table.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/story.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

struct StoredEntry {
  TableId table;
  Bytes key, value;
};

struct FilledNode {
  test::FederationNode* node;
  std::vector<std::vector<StoredEntry>> tables;  // without empty ones
  std::vector<JournalId> journals;
  std::map<JournalId, std::vector<Bytes>> events;  // as written
  std::vector<Digest> enclosures;
};

struct Filled {
  Story story = tell_story();
  std::vector<FilledNode> nodes;

  Filled() {
    for (const char* name : kStoryNodes) {
      test::FederationNode& node = story.federation->node(name);
      FilledNode filled{.node = &node};
      ReadTransaction transaction = node.store().read();
      for (std::size_t id = 0; id < kTableCount; ++id) read_table(transaction, id, filled);
      for (const JournalHead& head : JournalStore(transaction).heads()) {
        filled.journals.push_back(head.id);
        filled.events[head.id] = JournalStore(transaction).scan(head.id, 0, 10'000, 1u << 30);
      }
      nodes.push_back(std::move(filled));
    }
  }

  static void read_table(Transaction& transaction, std::size_t id, FilledNode& filled) {
    const auto table = static_cast<TableId>(id);
    std::vector<StoredEntry> entries;
    Table(transaction, table).scan({}, [&](BytesView key, BytesView value) {
      entries.push_back({table, to_bytes(key), to_bytes(value)});
      if (table == TableId::kEnclosures && key.size() == Digest::kSize) {
        std::ranges::copy(key, filled.enclosures.emplace_back().bytes.begin());
      }
      return true;
    });
    if (!entries.empty()) filled.tables.push_back(std::move(entries));
  }
};

const Filled& filled_stores() {
  static const Filled filled;
  return filled;
}

// Changes one entry; false if it is as before.
bool damage(Transaction& transaction, const StoredEntry& entry, Script& script) {
  Table table(transaction, entry.table);
  Bytes value = entry.value;
  switch (script.below(6)) {
    case 0:
      table.erase(entry.key);
      return true;
    case 1:
      value.resize(value.empty() ? 0 : script.u16() % value.size());
      break;
    case 2:
      append(value, script.rest());
      break;
    case 3:
      value = to_bytes(script.rest());
      break;
    default: {
      const BytesView mask = script.take(4);
      for (const std::uint8_t each : mask) {
        if (!value.empty()) value[script.u16() % value.size()] ^= each;
      }
    }
  }
  table.put(entry.key, value);
  return value != entry.value;
}

void read_journal(Transaction& transaction, const FilledNode& filled, const JournalId& journal) {
  JournalStore store(transaction);
  const auto head = store.head(journal);
  const bool sound = check_journal(transaction, journal).has_value();
  if (sound) {
    const auto& written = filled.events.at(journal);
    const auto read = store.scan(journal, 0, head->held, 1u << 30);
    SIMPUL_CHECK(head.has_value() && read.size() <= written.size());
    for (std::size_t i = 0; i < read.size() && i < head->held; ++i) {
      SIMPUL_CHECK(read[i] == written[i]);
    }
  }
  store.visit_checkpoints(journal, 0, [](std::uint64_t, std::string_view) { return true; });
  (void)store.newest_checkpoint(journal);
  const JournalNodes nodes(transaction, journal);
  const std::uint64_t size = head ? std::min<std::uint64_t>(head->size, 1'000'000) : 3;
  (void)tree_root(nodes, size);
  for (std::uint64_t index = 0; index < std::min<std::uint64_t>(size, 8); ++index) {
    (void)inclusion_proof(nodes, index, size);
    (void)store.event(journal, index);
  }
  if (size > 1) (void)consistency_proof(nodes, size / 2, size);
}

void read_case(Tables& tables, const CaseId& id, const Roster& roster) {
  (void)tables.cases.get(id);
  (void)tables.cases.audience(id);
  (void)tables.cases.positions_of(id);
  (void)fold_case(id, tables.cases.events_of(id), roster);
  (void)tables.local.notes(id);
}

void read_substance(Tables& tables, const FilledNode& filled) {
  for (const Digest& digest : filled.enclosures) {
    (void)tables.enclosures.get(digest);
    (void)tables.enclosures.complete(digest);
    (void)tables.enclosures.missing_chunks(digest, 64);
    (void)tables.enclosures.chunk(digest, 0);
    (void)tables.enclosures.held_for(digest);
    (void)tables.packets.of(digest);
    (void)tables.packets.key(digest);
  }
  tables.packets.visit_keys(std::nullopt, [](const Digest&, const WrappedKey&) { return true; });
  (void)tables.enclosures.wanted(std::nullopt, 64);
  (void)tables.enclosures.untold_hubs();
}

void read_members(Tables& tables, const FilledNode& filled) {
  for (const char* name : kStoryNodes) {
    const MemberId member = MemberId::parse(name).value();
    (void)tables.mailboxes.read(member, 0, 1000);
    (void)tables.mailboxes.acked(member);
    (void)tables.mailboxes.inbound(member);
    (void)tables.enclosures.relayed_bytes(member);
    (void)tables.journals.heads_of(member);
    (void)tables.cases.counts(member);
  }
  for (const JournalId& journal : filled.journals) {
    (void)tables.receipts.received(journal);
    (void)tables.receipts.acknowledged_size(journal);
  }
  (void)tables.mailboxes.members();
  (void)tables.mailboxes.generation();
  (void)tables.admissions.all();
  (void)tables.admissions.retired();
  (void)tables.meta.own_member();
  (void)tables.meta.root_key();
  (void)tables.local.alerts(100, true);
  (void)tables.local.fork_proofs();
  tables.arrivals.scan(0, [](std::uint64_t, const Arrival&) { return true; });
  (void)tables.arrivals.indexed_through();
  if (const auto roster = tables.rosters.newest()) {
    (void)open_roster(*roster, filled.node->identity().root);
  }
}

void ask_everything(Tables& tables, const Filled& filled, const FilledNode& node) {
  const QueryContext context{.tables = tables,
                             .self = &node.node->identity(),
                             .roster = filled.story.federation->roster(),
                             .now = filled.story.federation->now()};
  const Json of_case{{"case", filled.story.case_id}};
  for (const char* name : {"case.show", "case.timeline", "evidence"}) {
    (void)run_query(context, name, of_case);
  }
  for (const char* name : {"case.list", "log.show", "log.checkpoint", "log.verify", "roster.show",
                           "national", "alerts", "journals"}) {
    (void)run_query(context, name, Json::object());
  }
  (void)run_query(context, "case.list", {{"due_before", "2030-01-01"}});
  for (const JournalId& journal : node.journals) {
    (void)run_query(context, "log.prove", {{"journal", journal.text()}, {"index", 0}});
  }
}

}  // namespace

void fuzz_damaged_store(BytesView input) {
  Script script(input);
  const Filled& filled = filled_stores();
  const FilledNode& node = filled.nodes[script.below(filled.nodes.size())];
  const auto& entries = node.tables[script.below(node.tables.size())];
  const StoredEntry& entry = entries[script.u8() % entries.size()];
  // Each reading starts in a transaction of its own: the first failure ends what one can tell.
  const auto with_damage = [&](const auto& read) {
    WriteTransaction transaction(node.node->store().environment());
    Script again = script;
    damage(transaction, entry, again);
    Tables tables(transaction);
    read(transaction, tables);
    const auto sound = transaction.check();
    if (!sound) SIMPUL_CHECK(!sound.error().message.empty());
  };
  for (const JournalId& journal : node.journals) {
    with_damage(
        [&](Transaction& transaction, Tables&) { read_journal(transaction, node, journal); });
  }
  const CaseId id = CaseId::parse(filled.story.case_id).value();
  const Roster& roster = filled.story.federation->roster();
  with_damage([&](Transaction&, Tables& tables) { read_case(tables, id, roster); });
  with_damage([&](Transaction&, Tables& tables) { read_substance(tables, node); });
  with_damage([&](Transaction&, Tables& tables) { read_members(tables, node); });
  with_damage([&](Transaction&, Tables& tables) { ask_everything(tables, filled, node); });
}

}  // namespace simpul::fuzz
