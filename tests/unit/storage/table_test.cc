// Tables that share a tree, each beside a map that says what it must hold.
#include "storage/table.h"

#include <catch2/catch.hpp>
#include <map>

#include "crypto/random.h"
#include "storage/key.h"
#include "tests/support/temp_store.h"

using namespace simpul;
using namespace simpul::test;

namespace {

using TableModel = std::map<Bytes, Bytes>;

struct Modelled {
  Table table;
  TableModel model;
};

bool begins(const Bytes& key, const Bytes& prefix) {
  return key.size() >= prefix.size() && equal(BytesView(key).first(prefix.size()), prefix);
}

// Of few letters, so that keys of neighbours meet; 0xff for what follows all.
Bytes some_bytes(Random& random, std::size_t size) {
  constexpr std::uint8_t kLetters[] = {0, 1, 2, 0xff};
  Bytes bytes(size);
  for (std::uint8_t& each : bytes) each = kLetters[random.next_u64() % 4];
  return bytes;
}

// What the tag stands behind is one of few.
Bytes some_key(Random& random, std::size_t at) {
  Bytes key(at, static_cast<std::uint8_t>(random.next_u64() % 2 == 0 ? 0 : 0xff));
  append(key, some_bytes(random, at == 0 ? 1 + random.next_u64() % 3 : random.next_u64() % 4));
  return key;
}

Bytes some_prefix(Random& random, std::size_t at) {
  Bytes prefix = some_key(random, at);
  prefix.resize(random.next_u64() % (prefix.size() + 1));
  return prefix;
}

void change(Modelled& one, Random& random, std::size_t at) {
  const Bytes key = some_key(random, at);
  switch (random.next_u64() % 8) {
    case 0:
      CHECK(one.table.erase(key) == (one.model.erase(key) == 1));
      break;
    case 1: {
      const Bytes prefix = some_prefix(random, at);
      const auto erased =
          std::erase_if(one.model, [&](const auto& entry) { return begins(entry.first, prefix); });
      CHECK(one.table.erase_prefix(prefix) == erased);
      break;
    }
    case 2:
      one.table.append(key, key);
      one.model[key] = key;
      break;
    default:
      one.table.put(key, as_bytes("x"));
      one.model[key] = to_bytes(as_bytes("x"));
  }
  if (random.next_u64() % 64 == 0) one.table.clear(), one.model.clear();
}

void check_reading(const Modelled& one, Random& random, std::size_t at) {
  const Bytes prefix = some_prefix(random, at);
  Bytes from = prefix;
  append(from, some_bytes(random, random.next_u64() % 3));
  TableModel expected, found;
  for (const auto& entry : one.model)
    if (begins(entry.first, prefix) && entry.first >= from) expected.insert(entry);
  one.table.scan_prefix(prefix, from, [&](BytesView key, BytesView value) {
    found[to_bytes(key)] = to_bytes(value);
    return true;
  });
  CHECK(found == expected);

  std::optional<Bytes> greatest, bounded;
  for (const auto& [key, value] : one.model) {
    if (!begins(key, prefix)) continue;
    greatest = key;
    if (key <= from) bounded = key;
  }
  const auto last = one.table.last(prefix), at_most = one.table.last(prefix, from);
  CHECK((last ? std::optional(last->first) : std::nullopt) == greatest);
  CHECK((at_most ? std::optional(at_most->first) : std::nullopt) == bounded);

  const Bytes key = some_key(random, at);
  CHECK(one.table.contains(key) == one.model.contains(key));
  CHECK(one.table.get(key).has_value() == one.model.contains(key));
}

void compare_with_maps(std::vector<TableId> ids, std::size_t at) {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  SeededRandom random(at + 1);
  std::vector<Modelled> all;
  for (const TableId id : ids) all.push_back({Table(transaction, id), {}});
  for (int i = 0; i < 4'000; ++i) {
    Modelled& one = all[random.next_u64() % all.size()];
    change(one, random, at);
    check_reading(all[random.next_u64() % all.size()], random, at);
  }
  for (const Modelled& one : all) CHECK(one.table.count() == one.model.size());
  CHECK(transaction.check());
}

}  // namespace

TEST_CASE("tables that share a tree do not see each other", "[storage][table]") {
  SECTION("the tag stands first") {
    compare_with_maps({TableId::kJournals, TableId::kMailboxes, TableId::kReceiptsReceived}, 0);
  }
  SECTION("the tag stands behind a number") {
    compare_with_maps({TableId::kCaseNames, TableId::kCaseRows, TableId::kCaseEvents}, 8);
  }
  SECTION("the tag stands behind a digest") {
    compare_with_maps({TableId::kEnclosures, TableId::kRelays, TableId::kChunks}, Digest::kSize);
  }
}

TEST_CASE("no two tables have the same place, and every tree has a table", "[storage][table]") {
  std::map<std::size_t, std::vector<TablePlace>> trees;
  for (std::size_t id = 0; id < kTableCount; ++id) {
    const TablePlace place = place_of(static_cast<TableId>(id));
    REQUIRE(place.tree < kTreeCount);
    trees[place.tree].push_back(place);
  }
  CHECK(trees.size() == kTreeCount);
  for (const auto& [tree, places] : trees) {
    INFO(name_of_tree(tree));
    for (std::size_t i = 0; i < places.size(); ++i) {
      CHECK((places.size() == 1) == (places[i].tag == 0));
      CHECK(places[i].at == places[0].at);
      for (std::size_t j = 0; j < i; ++j) CHECK(places[i].tag != places[j].tag);
    }
  }
}
