#include "node/engine/revocation.h"

#include "node/engine/arguments.h"
#include "node/engine/forks.h"
#include "protocol/revocations.h"

namespace simpul {

void heed_revocation(Step& step, const JournalId& journal) {
  const Member* author = step.roster.find(journal.member);
  if (!author || author->revocations.empty()) return;
  const auto from = revoked_from(*author, journal.generation);
  const auto head = from ? step.tables.journals.bare_head(journal) : std::nullopt;
  if (!head || (head->disputed_from && *head->disputed_from <= *from)) return;
  step.tables.journals.set_disputed_from(journal, from);
  recheck_cases_of(step, journal, *from);
  step.alert("revoked", journal.text() + " does not count from index " + std::to_string(*from) +
                            " on: the key that signed it was lost, says the roster.");
}

void heed_revocations(Step& step) {
  for (const Member& member : step.roster.members) {
    if (member.revocations.empty()) continue;
    for (const JournalHead& head : step.tables.journals.heads_of(member.id)) {
      heed_revocation(step, head.id);
    }
  }
}

Result<Member> with_revocation(Step& step, const Json& json) {
  const Arguments arguments(json);
  SIMPUL_TRY(name, arguments.text("journal"));
  SIMPUL_TRY(journal, JournalId::parse(name));
  const auto size = arguments.number("size");
  const Member* member = step.roster.find(journal.member);
  const auto head = step.tables.journals.head(journal);
  if (!member || !head) return fail(ErrorCode::kNotFound, "no journal " + name + " is held here");
  if (!size || *size < 1 || static_cast<std::uint64_t>(*size) > head->held) {
    return fail(ErrorCode::kNotFound, name + " is held here up to " + std::to_string(head->held));
  }
  if (member->signing.back().from_generation <= journal.generation) {
    return fail(ErrorCode::kNotAllowed, name + " is signed with the key in force; let " +
                                            journal.member.text() +
                                            " change it first, with 'simpul keys rotate'");
  }
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  SIMPUL_TRY(root, tree_root(nodes, static_cast<std::uint64_t>(*size)));
  Member next = *member;
  next.revocations.push_back({HeadRef{journal, static_cast<std::uint64_t>(*size), root}});
  return next;
}

}  // namespace simpul
