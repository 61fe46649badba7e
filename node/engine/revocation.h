// Voids what a lost key signed past the last good head, as the roster says. Stateless over the
// tables.
#pragma once

#include "node/engine/step.h"

namespace simpul {

// Of one journal, after events of it were stored.
void heed_revocation(Step& step, const JournalId& journal);
// Of all that are held, after a roster came into force.
void heed_revocations(Step& step);

// The member that `hub revoke` names, with the revocation added. Error::kNotFound for a head that
// is not held here, kNotAllowed while the lost key is the one in force.
Result<Member> with_revocation(Step& step, const Json& arguments);

}  // namespace simpul
