// Settling a forked journal: the ruling hub says which of two histories counts, and everyone who
// holds that one counts it again. What counts follows from what is held, what was said and the
// roster, whichever came first. Stateless over the tables.
#pragma once

#include "node/engine/author.h"
#include "node/engine/step.h"

namespace simpul {

// The command hub.settle {journal, size}: authors `settled` for the history this node holds, and
// tells every member, with what it was sent of the journal below that size, for it to compare.
// Error::kNotAllowed unless this node is the ruling hub; kNotFound when it does not hold the
// journal that far, or no head of that size that the author signed.
Result<Json> settle_journal(Step& step, Author& author, const Json& arguments);

// An event `settled` was recorded. Of several, the last by whoever ruled there counts. A node that
// holds the other history goes on counting neither, and says so. A hub's that does not rule is
// kept in mind: a later roster may say that it did.
void take_settlement(Step& step, const Envelope& envelope, BytesView bytes);

// More of the journal's tree may be known: a settlement that waited to be judged is, if it can be.
void heed_settlement(Step& step, const JournalId& journal);
// A roster came into force, which may say otherwise who ruled where.
void heed_settlements(Step& step);

// Puts the settlements that count into the mailbox of a member that was not listed before.
void tell_settlements(Step& step, const MemberId& newcomer);

// Whether the ruling hub has settled the journal, on whatever history.
bool is_settled(Step& step, const JournalId& journal);

}  // namespace simpul
