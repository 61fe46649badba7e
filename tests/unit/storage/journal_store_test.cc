#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "crypto/random.h"
#include "storage/journal_check.h"
#include "storage/journal_keys.h"
#include "storage/store.h"
#include "tests/support/temp_store.h"

using namespace simpul;
using namespace simpul::test;

namespace {

const JournalId& own() {
  static const JournalId id = journal("51.03/1");
  return id;
}

Bytes event_bytes(std::uint64_t index) {
  return to_bytes("event " + std::to_string(index) + std::string(index % 90, '.'));
}

// What an author or verifier keeps beside the store.
struct Author {
  Frontier frontier;
  std::map<std::uint64_t, Digest> roots{{0, empty_root()}};

  void append(JournalStore store, std::uint64_t count) {
    const std::uint64_t first = frontier.size();
    std::vector<Bytes> events;
    std::vector<Digest> leaves;
    for (std::uint64_t i = first; i < first + count; ++i) {
      events.push_back(event_bytes(i));
      leaves.push_back(leaf_hash(events.back()));
      frontier.append(leaves.back(), [](const TreeNode&) {});
      roots[frontier.size()] = frontier.root();
    }
    const std::vector<BytesView> views(events.begin(), events.end());
    store.append_run(own(), first, views, leaves, frontier,
                     "note " + std::to_string(first + count));
  }
};

void check_inclusion(const NodeReader& nodes, std::uint64_t index, std::uint64_t size,
                     const Digest& root) {
  const auto proof = inclusion_proof(nodes, index, size);
  REQUIRE(proof);
  CHECK(verify_inclusion(leaf_hash(event_bytes(index)), index, size, *proof, root));
}

}  // namespace

TEST_CASE("a run comes back byte for byte, with its head and its notes", "[storage][journal]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  Author author;
  author.append(tables.journals, 3);
  author.append(tables.journals, 700);
  const auto head = tables.journals.head(own());
  REQUIRE(head);
  CHECK(head->id == own());
  CHECK(head->size == 703);
  CHECK(head->complete);
  CHECK(head->frontier.root() == author.frontier.root());
  CHECK(head->checkpoint == "note 703");
  CHECK(tables.journals.event(own(), 699) == event_bytes(699));
  CHECK_FALSE(tables.journals.event(own(), 703));
  CHECK(tables.journals.has(own(), 0));
  CHECK(tables.journals.checkpoint_at(own(), 3) == "note 3");
  CHECK_FALSE(tables.journals.checkpoint_at(own(), 4));
  CHECK(tables.journals.first_checkpoint_at_or_after(own(), 4) == "note 703");
  CHECK(tables.journals.last_checkpoint_at_or_before(own(), 702) == "note 3");
  CHECK(tables.journals.newest_checkpoint(own()) == "note 703");
  CHECK(transaction.check());
}

TEST_CASE("a scan keeps to its limits", "[storage][journal]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  Author author;
  author.append(tables.journals, 50);
  CHECK(tables.journals.scan(own(), 10, 5, 1u << 20).size() == 5);
  CHECK(tables.journals.scan(own(), 48, 5, 1u << 20).size() == 2);
  CHECK(tables.journals.scan(own(), 50, 5, 1u << 20).empty());
  CHECK(tables.journals.scan(own(), 0, 50, 1).size() == 1);
  const std::size_t two = event_bytes(20).size() + event_bytes(21).size();
  CHECK(tables.journals.scan(own(), 20, 50, two).size() == 2);
  CHECK(tables.journals.scan(own(), 20, 1, two).front() == event_bytes(20));
}

TEST_CASE("a complete journal's nodes give the roots and proofs of every size",
          "[storage][journal][merkle]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  Author author;
  for (const std::uint64_t count : {1, 255, 1, 300, 3, 512, 1000, 77})
    author.append(tables.journals, count);
  const JournalNodes nodes(transaction, own());
  const std::uint64_t size = author.frontier.size();
  for (std::uint64_t each : {1ul, 2ul, 255ul, 256ul, 257ul, 512ul, 1000ul, 1024ul, 2000ul, size}) {
    const auto root = tree_root(nodes, each);
    REQUIRE(root);
    CHECK(*root == author.roots[each]);
    check_inclusion(nodes, each / 2, each, author.roots[each]);
    check_inclusion(nodes, each - 1, each, author.roots[each]);
    const auto consistency = consistency_proof(nodes, each, size);
    REQUIRE(consistency);
    CHECK(verify_consistency(each, author.roots[each], size, author.roots[size], *consistency));
  }
  CHECK_FALSE(nodes.node({0, size}));
  CHECK_FALSE(nodes.node({63, 1}));
  CHECK(tables.journals.tile(own(), 3)->at(5) == leaf_hash(event_bytes(3 * 256 + 5)));
  CHECK_FALSE(tables.journals.tile(own(), size / 256));
  CHECK(transaction.check());
}

TEST_CASE("a sparse journal proves what it holds, and can become complete",
          "[storage][journal][merkle]") {
  TempStore here, there;
  WriteTransaction writing_there(there.store.environment());
  Tables theirs(writing_there);
  Author author;
  WriteTransaction writing_here(here.store.environment());
  Tables ours(writing_here);

  std::set<std::uint64_t> received;
  SeededRandom random(7);
  Frontier known;
  for (int round = 0; round < 12; ++round) {
    author.append(theirs.journals, 1 + random.below(400));
    const std::uint64_t size = author.frontier.size();
    std::set<std::uint64_t> wanted;
    for (int i = 0; i < 3; ++i) wanted.insert(random.below(size));
    std::vector<std::uint64_t> indexes(wanted.begin(), wanted.end());
    const JournalNodes nodes(writing_there, own());
    const auto proof = batch_proof(nodes, known.size(), size, indexes);
    REQUIRE(proof);
    std::vector<Leaf> leaves;
    std::vector<SparseEvent> events;
    for (const std::uint64_t index : indexes) {
      events.push_back({index, event_bytes(index)});
      leaves.push_back({index, leaf_hash(events.back().bytes)});
    }
    const auto learnt = check_batch_proof(known, size, author.frontier.root(), leaves, *proof);
    REQUIRE(learnt);
    ours.journals.put_sparse(own(), events, *learnt, author.frontier,
                             "note " + std::to_string(size));
    known = author.frontier;
    received.insert(wanted.begin(), wanted.end());

    const auto head = ours.journals.head(own());
    REQUIRE(head);
    CHECK(head->size == size);
    CHECK_FALSE(head->complete);
    CHECK(head->held == 0);
    CHECK(head->frontier.root() == author.frontier.root());
    const JournalNodes sparse(writing_here, own());
    for (const std::uint64_t index : indexes)
      check_inclusion(sparse, index, size, author.frontier.root());
    const auto root = tree_root(sparse, size);
    REQUIRE(root);
    CHECK(*root == author.frontier.root());
  }
  for (const std::uint64_t index : received)
    CHECK(ours.journals.event(own(), index) == event_bytes(index));

  // Now the whole of it, in two runs, the second of which repeats a part of the first.
  Author again;
  const std::uint64_t size = author.frontier.size();
  again.append(ours.journals, size / 2);
  auto head = ours.journals.head(own());
  CHECK(head->held == size / 2);
  CHECK(head->held_frontier.root() == author.roots[size / 2]);
  CHECK(head->size == size);
  CHECK_FALSE(head->complete);
  again.append(ours.journals, size - size / 2);
  head = ours.journals.head(own());
  CHECK(head->complete);
  CHECK(head->held_frontier.root() == author.frontier.root());
  const JournalNodes nodes(writing_here, own());
  for (std::uint64_t index = 0; index < size; index += 37)
    check_inclusion(nodes, index, size, author.frontier.root());
  CHECK(writing_here.check());
}

TEST_CASE("an event altered or lost on the disk is found out", "[storage][journal]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  Author author;
  author.append(tables.journals, 300);
  CHECK(check_journal(transaction, own()));
  CHECK(check_journals(transaction));
  CHECK_FALSE(check_journal(transaction, journal("51/1")));

  const Key key = journal_key(*tables.journals.number(own()), 123);
  Table events(transaction, TableId::kEvents);
  events.put(key, as_bytes("altered"));
  const auto altered = check_journal(transaction, own());
  REQUIRE_FALSE(altered);
  CHECK(altered.error().message.find("altered") != std::string::npos);
  events.erase(key);
  const auto missing = check_journals(transaction);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("event 123 is missing") != std::string::npos);
}

TEST_CASE("a run that overlaps what is held adds only what is new", "[storage][journal]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  Author first, second;
  first.append(tables.journals, 300);
  second.append(tables.journals, 200);
  CHECK(tables.journals.head(own())->size == 300);
  second.append(tables.journals, 400);
  CHECK(tables.journals.head(own())->size == 600);
  const auto root = tree_root(JournalNodes(transaction, own()), 600);
  REQUIRE(root);
  CHECK(*root == second.frontier.root());
}

TEST_CASE("journals keep apart, however their runs interleave", "[storage][journal]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  const std::vector<JournalId> ids = {journal("51/1"), journal("51.03/1"), journal("51.03/2"),
                                      journal("kemenpanrb/1")};
  std::map<JournalId, Frontier> frontiers;
  for (std::uint64_t round = 0; round < 20; ++round)
    for (const JournalId& id : ids) {
      const Bytes event = to_bytes(id.text() + " " + std::to_string(round));
      const Digest leaf = leaf_hash(event);
      frontiers[id].append(leaf, [](const TreeNode&) {});
      const BytesView view = event;
      tables.journals.append_run(id, round, {&view, 1}, {&leaf, 1}, frontiers[id], "");
    }
  CHECK(tables.journals.heads().size() == 4);
  const auto of_member = tables.journals.heads_of(member("51.03"));
  REQUIRE(of_member.size() == 2);
  CHECK(of_member[1].id.generation == 2);
  for (const JournalId& id : ids) {
    CHECK(tables.journals.scan(id, 0, 100, 1u << 20).size() == 20);
    CHECK(tables.journals.head(id)->frontier.root() == frontiers[id].root());
    CHECK(tables.journals.journal(*tables.journals.number(id)) == id);
  }
}

TEST_CASE("events past a dispute do not count until settled", "[storage][journal]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  Author author;
  author.append(tables.journals, 10);
  tables.journals.set_disputed_from(own(), 4);
  CHECK_FALSE(tables.journals.head(own())->disputed(3));
  CHECK(tables.journals.head(own())->disputed(4));
  tables.journals.set_settled(own(), HeadRef{own(), 8, author.roots[8]});
  CHECK_FALSE(tables.journals.head(own())->disputed(7));
  CHECK(tables.journals.head(own())->disputed(8));
  author.append(tables.journals, 5);
  CHECK(tables.journals.head(own())->disputed(8));
  tables.journals.set_disputed_from(own(), std::nullopt);
  CHECK_FALSE(tables.journals.head(own())->disputed(8));
}

TEST_CASE("arrivals are found by when they came", "[storage][arrivals]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  CHECK(tables.arrivals.first_since(at(0)) == 0);
  for (const std::int64_t time : {10, 20, 20, 20, 30}) tables.arrivals.append({1, 0, 1, at(time)});
  CHECK(tables.arrivals.first_since(at(5)) == 0);
  CHECK(tables.arrivals.first_since(at(11)) == 1);
  CHECK(tables.arrivals.first_since(at(20)) == 1);
  CHECK(tables.arrivals.first_since(at(30)) == 4);
  CHECK(tables.arrivals.first_since(at(31)) == 5);
}

TEST_CASE("arrivals are numbered in order and followed by a cursor", "[storage][arrivals]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  CHECK(tables.arrivals.end() == 0);
  for (std::uint64_t i = 0; i < 5; ++i)
    CHECK(tables.arrivals.append({1, i * 10, 10, at(1000)}) == i);
  std::vector<std::uint64_t> firsts;
  tables.arrivals.scan(2, [&](std::uint64_t sequence, const Arrival& arrival) {
    CHECK(arrival.first == sequence * 10);
    CHECK(arrival.received == at(1000));
    firsts.push_back(arrival.first);
    return firsts.size() < 2;
  });
  CHECK(firsts == std::vector<std::uint64_t>{20, 30});
  CHECK(tables.arrivals.indexed_through() == 0);
  tables.arrivals.set_indexed_through(3);
  CHECK(tables.arrivals.indexed_through() == 3);
}
