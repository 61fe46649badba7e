#include <algorithm>

#include "node/queries/query.h"
#include "protocol/checkpoint.h"

namespace simpul {

bool is_witnessed(const QueryContext& context, const JournalId& journal, const std::string& note) {
  return std::ranges::any_of(context.roster.members, [&](const Member& member) {
    return member.kind == MemberKind::kHub && member.id != journal.member &&
           has_cosigned(member, context.roster.federation, note);
  });
}

Grades::Grades(const QueryContext& context) : context_(context), self_(own_member(context)) {}

const char* Grades::of(const EventPosition& position) {
  const auto [entry, is_new] = confirmed_.try_emplace(position.journal, 0);
  if (is_new) entry->second = confirmed_size(position.journal);
  const bool confirmed = position.index < entry->second;
  if (position.journal.member == self_) return confirmed ? "acknowledged" : "recorded";
  return confirmed ? "witnessed" : "received";
}

// Of our own journals what a receipt covers; of others' the newest head if a hub besides its
// author, this node included, has cosigned it.
std::uint64_t Grades::confirmed_size(const JournalId& journal) const {
  if (journal.member == self_) return context_.tables.receipts.acknowledged_size(journal);
  const auto note = context_.tables.journals.newest_checkpoint(journal);
  const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  if (!checkpoint) return 0;
  return is_witnessed(context_, journal, *note) ? checkpoint->size : 0;
}

}  // namespace simpul
