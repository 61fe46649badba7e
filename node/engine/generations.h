// The tail of a journal whose author went on in its next generation: what it lost, and no hub had,
// may be held by a member. That member brings it to the hubs, and they to the author. Stateless
// over the tables.
#pragma once

#include "node/engine/step.h"

namespace simpul {

// An event `generation-opened` was recorded. A hub tells every member of it; whoever holds events
// of earlier generations, beyond the head that the author goes on from, hands them on.
void take_generation(Step& step, const Envelope& envelope, BytesView bytes);

// A hub tells every member of its own next generation too.
void tell_members(Step& step, const EventPosition& generation_opened);

// Whether the author of `journal` writes in a later generation, as far as is known here.
bool has_left(Step& step, const JournalId& journal);

}  // namespace simpul
