#include "storage/data_check.h"

#include "crypto/encoding.h"
#include "protocol/merkle.h"
#include "storage/enclosure_store.h"
#include "storage/journal_check.h"
#include "storage/journal_store.h"
#include "storage/key.h"
#include "storage/table.h"

namespace simpul {

namespace {

Result<void> check_tree(Environment& environment, std::size_t number, const std::stop_token& stop) {
  ReadTransaction transaction(environment);
  const Table tree = Table::whole_tree(transaction, number);
  std::uint64_t seen = 0;
  tree.scan({}, [&](BytesView, BytesView) {
    ++seen;
    return !stop.stop_requested();
  });
  SIMPUL_TRY_VOID(transaction.check());
  const std::uint64_t expected = tree.count();
  if (stop.stop_requested() || seen == expected) return {};
  return fail(ErrorCode::kStorage, std::string("table '") + name_of_tree(number) + "' holds " +
                                       std::to_string(seen) + " entries and claims " +
                                       std::to_string(expected));
}

Result<void> check_enclosure(Environment& environment, const Digest& digest) {
  ReadTransaction transaction(environment);
  const EnclosureStore enclosures(transaction);
  const auto record = enclosures.get(digest);
  SIMPUL_TRY_VOID(transaction.check());
  if (!record || record->destroyed || !enclosures.complete(digest)) return {};
  const EnclosureCommitment& commitment = record->ref.commitment;
  Frontier computed;
  for (std::uint64_t index = 0; index < commitment.chunk_count(); ++index) {
    const auto chunk = enclosures.chunk(digest, index);
    if (!chunk) break;
    computed.append(leaf_hash(*chunk), [](const TreeNode&) {});
  }
  SIMPUL_TRY_VOID(transaction.check());
  if (computed.size() == commitment.chunk_count() && computed.root() == commitment.chunk_root) {
    return {};
  }
  return fail(ErrorCode::kStorage, "ciphertext of case " + record->case_id.text() + " (" +
                                       to_hex(digest.view()) + ") was altered");
}

std::vector<JournalId> journals_held(Environment& environment) {
  ReadTransaction transaction(environment);
  std::vector<JournalId> journals;
  for (const JournalHead& head : JournalStore(transaction).heads()) journals.push_back(head.id);
  return journals;
}

std::vector<Digest> enclosures_known(Environment& environment) {
  ReadTransaction transaction(environment);
  std::vector<Digest> digests;
  Table(transaction, TableId::kEnclosures).scan({}, [&](BytesView key, BytesView) {
    digests.push_back(KeyReader(key).digest());
    return true;
  });
  return digests;
}

}  // namespace

Result<void> check_data(Environment& environment, const std::stop_token& stop) {
  for (std::size_t i = 0; i < kTreeCount && !stop.stop_requested(); ++i) {
    SIMPUL_TRY_VOID(check_tree(environment, i, stop));
  }
  for (const JournalId& journal : journals_held(environment)) {
    if (stop.stop_requested()) return {};
    ReadTransaction transaction(environment);
    SIMPUL_TRY_VOID(check_journal(transaction, journal));
  }
  for (const Digest& digest : enclosures_known(environment)) {
    if (stop.stop_requested()) return {};
    SIMPUL_TRY_VOID(check_enclosure(environment, digest));
  }
  return {};
}

}  // namespace simpul
