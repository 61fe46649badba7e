#include "storage/data_check.h"

#include <catch2/catch.hpp>

#include "protocol/merkle.h"
#include "storage/key.h"
#include "storage/table.h"
#include "tests/support/temp_store.h"

namespace simpul {
namespace {

using test::journal;
using test::member;
using test::TempStore;

constexpr std::size_t kChunks = 5;

// An enclosure held whole; its digest.
Digest keep_enclosure(TempStore& temp) {
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  const JournalId id = journal("51.03/1");
  tables.journals.ensure(id);
  std::vector<Bytes> chunks;
  Frontier tree;
  for (std::size_t i = 0; i < kChunks; ++i) {
    chunks.emplace_back(100, static_cast<std::uint8_t>(i));
    tree.append(leaf_hash(chunks.back()));
  }
  EnclosureRef ref;
  ref.commitment.digest = leaf_hash(as_bytes("x"));
  ref.commitment.padded_size = kChunks * kChunkSize;
  ref.commitment.chunk_root = tree.root();
  tables.enclosures.add(ref, {}, {id, 0});
  for (std::size_t i = 0; i < kChunks; ++i) {
    tables.enclosures.put_chunk(ref.commitment.digest, i, chunks[i]);
  }
  REQUIRE(transaction.commit());
  return ref.commitment.digest;
}

std::string damage_found(TempStore& temp) {
  const auto result = check_data(temp.store.environment(), {});
  return result ? "" : result.error().message;
}

TEST_CASE("ciphertext that was altered is found", "[storage][check]") {
  TempStore temp;
  const Digest digest = keep_enclosure(temp);
  CHECK(damage_found(temp).empty());
  Key key;
  key.digest(digest).u64(3);
  {
    WriteTransaction transaction(temp.store.environment());
    Table(transaction, TableId::kChunks).put(key, as_bytes("altered"));
    REQUIRE(transaction.commit());
  }
  CHECK(damage_found(temp).find("was altered") != std::string::npos);
  {
    WriteTransaction transaction(temp.store.environment());
    Table(transaction, TableId::kChunks).erase(key);
    REQUIRE(transaction.commit());
  }
  CHECK(damage_found(temp).find("was altered") != std::string::npos);
}

TEST_CASE("a check that is stopped finds nothing", "[storage][check]") {
  TempStore temp;
  keep_enclosure(temp);
  std::stop_source stop;
  stop.request_stop();
  CHECK(check_data(temp.store.environment(), stop.get_token()));
}

}  // namespace
}  // namespace simpul
