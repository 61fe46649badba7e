#include "storage/journal_check.h"

#include "storage/journal_store.h"

namespace simpul {

namespace {

Result<void> check_head(Transaction& transaction, const JournalHead& head) {
  Frontier computed;
  JournalStore(transaction).visit(head.id, 0, [&](std::uint64_t index, BytesView event) {
    if (index != computed.size() || index >= head.held) return false;
    computed.append(leaf_hash(event), [](const TreeNode&) {});
    return true;
  });
  SIMPUL_TRY_VOID(transaction.check());
  if (computed.size() == head.held && computed.root() == head.held_frontier.root()) return {};
  return fail(ErrorCode::kStorage,
              "journal " + head.id.text() + " does not match its signed head: " +
                  (computed.size() == head.held
                       ? "an event was altered"
                       : "event " + std::to_string(computed.size()) + " is missing") +
                  "; restore the database from a backup or fetch the journal again");
}

}  // namespace

Result<void> check_journal(Transaction& transaction, const JournalId& journal) {
  const auto head = JournalStore(transaction).head(journal);
  SIMPUL_TRY_VOID(transaction.check());
  if (!head) return fail(ErrorCode::kNotFound, "journal " + journal.text() + " is not held here");
  return check_head(transaction, *head);
}

Result<void> check_journals(Transaction& transaction) {
  for (const JournalHead& head : JournalStore(transaction).heads())
    SIMPUL_TRY_VOID(check_head(transaction, head));
  return transaction.check();
}

}  // namespace simpul
