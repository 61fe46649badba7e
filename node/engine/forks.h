// What to do when a journal shows two faces: compare what is offered with what is held, keep a
// proof where there is one, quarantine the journal from where it divides. Stateless over the
// tables.
#pragma once

#include "node/engine/intake.h"
#include "node/engine/step.h"
#include "protocol/checkpoint.h"

namespace simpul {

// A validly signed checkpoint whose root is not that of the events held or brought with it.
// Finds a proof if it can; otherwise the journal is merely withheld: no accusation. Its author
// loses the link; whoever merely relays it keeps theirs, or a forger could cut others apart.
IntakeVerdict suspect_history(Step& step, const MemberId& from, const JournalId& journal,
                              const Checkpoint& checkpoint, const std::string& note);

// The same of records whose events are there to be compared one by one: the first that differs from
// what is held says from where the histories part.
IntakeVerdict suspect_records(Step& step, const MemberId& from, const JournalRecords& records,
                              const Checkpoint& checkpoint);

// Whether a proved group agrees with what is held of its journal.
IntakeVerdict compare_with_held(Step& step, const MemberId& from, const ProvedGroup& group,
                                const Checkpoint& checkpoint, std::span<const Leaf> leaves,
                                std::span<const TreeNode> learnt);

// Convicts the author of `journal` by `proof`, if it does; nullopt if not.
std::optional<IntakeVerdict> convict(Step& step, const MemberId& from, const JournalId& journal,
                                     const std::optional<Bytes>& proof);

// Takes in a proof of forking. True if it voids more of its journal than the one held, which it
// then replaces. Error if it does not convict.
Result<bool> receive_fork_proof(Step& step, BytesView proof);

// A proof that this journal was forked is held.
bool is_forked(Step& step, const JournalId& journal);

// Has every case looked at again that has events of `journal` at or after index `from`.
void recheck_cases_of(Step& step, const JournalId& journal, std::uint64_t from);

// The frontier of a journal at a size that was verified here before; empty for 0.
// Error::kNotFound when the peer builds on what this node does not hold.
Result<Frontier> known_frontier(Step& step, const JournalId& journal, std::uint64_t size);

}  // namespace simpul
