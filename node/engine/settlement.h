// Settling a forked journal: the ruling hub says which of two histories counts, and everyone who
// holds that one counts it again. Stateless over the tables.
#pragma once

#include "node/engine/author.h"
#include "node/engine/step.h"

namespace simpul {

// The command hub.settle {journal, size}: authors `settled` for the history this node holds, and
// tells every member. Error::kNotAllowed unless this node is the ruling hub; kNotFound when it
// does not hold the journal that far.
Result<Json> settle_journal(Step& step, Author& author, const Json& arguments);

// An event `settled` was recorded. Without effect unless its author is the ruling hub. A node that
// holds the other history goes on counting neither, and says so.
void take_settlement(Step& step, const Envelope& envelope, BytesView bytes);

}  // namespace simpul
