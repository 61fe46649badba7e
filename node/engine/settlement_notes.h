// Which events `settled` are held, of which journal each, and which of them counts here: what is
// looked at again when a roster says otherwise who ruled. Stateless over the tables.
#pragma once

#include <set>

#include "node/engine/step.h"

namespace simpul {

struct Settlement {
  EventPosition by;
  HeadRef head;
};

// The journal and head that an event settles; nullopt: it is no `settled`, or damaged.
std::optional<HeadRef> settled_in(BytesView event);

// That `by`, whose event is stored, settles `journal`. Again: no change.
void note_said(Step& step, const JournalId& journal, const EventPosition& by);
// The last, in the order of rulings, that was said of the journal by who ruled there.
std::optional<Settlement> last_said(Step& step, const JournalId& journal);
// Every journal of which something was said.
std::set<JournalId> journals_spoken_of(Step& step);

// Which one counts here, as it was judged last.
std::optional<EventPosition> settled_by(Step& step, const JournalId& journal);
void note_settled_by(Step& step, const JournalId& journal, const std::optional<EventPosition>& by);
// What that one says.
std::optional<HeadRef> settled_head(Step& step, const JournalId& journal);

}  // namespace simpul
