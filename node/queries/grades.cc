#include <algorithm>

#include "node/queries/query.h"
#include "protocol/checkpoint.h"

namespace simpul {

Grades::Grades(const QueryContext& context) : context_(context), self_(own_member(context)) {}

const char* Grades::of(const EventPosition& position) {
  const auto [entry, is_new] = confirmed_.try_emplace(position.journal, 0);
  if (is_new) entry->second = confirmed_size(position.journal);
  const bool confirmed = position.index < entry->second;
  if (position.journal.member == self_) return confirmed ? "acknowledged" : "recorded";
  return confirmed ? "witnessed" : "received";
}

// Of our own journals what a receipt covers; of others' the newest head if a second member, this
// node when it is a hub included, has cosigned it.
std::uint64_t Grades::confirmed_size(const JournalId& journal) const {
  if (journal.member == self_) return context_.tables.receipts.acknowledged_size(journal);
  const auto note = context_.tables.journals.newest_checkpoint(journal);
  const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  if (!checkpoint) return 0;
  const auto signers = signers_of(*note);
  const bool cosigned = signers && signers->size() > 1;
  const bool ours = context_.roster.is_hub(self_) &&
                    context_.tables.receipts.given(journal, checkpoint->size).has_value();
  return cosigned || ours ? checkpoint->size : 0;
}

}  // namespace simpul
