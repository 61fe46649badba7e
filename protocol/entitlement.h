// Who may hold the key of an enclosure: DESIGN's rules of substance as one pure function.
// SPEC section "Substance".
#pragma once

#include <set>

#include "protocol/case_state.h"
#include "protocol/roster.h"

namespace simpul {

// Members entitled to an enclosure of `role`, committed to by an event of `kind`, as the case
// stands in `state`:
//   - identity: the origin alone when anonymous or confidential, otherwise those who act;
//   - all else: those who act (origin, custodian, the offeree while its offer is open);
//   - a public case's narrative and answers: the hubs too;
//   - the reason of a referral, a decline or an appeal: the ruling hub too;
//   - the reason of a link: whom standing links name too.
std::set<MemberId> entitled(EnclosureRole role, EventKind kind, const CaseState& state,
                            const Roster& roster);

// Whether the case's privacy, as it stands, keeps `member` from an enclosure that it may have had
// before: whoever has its key destroys it. Not asked of what a member wrote itself.
bool is_barred(EnclosureRole role, const CaseState& state, const Roster& roster,
               const MemberId& member);

// Whether what a public case has of it is for everybody: narrative and answers.
bool is_published(EnclosureRole role);

// Whether a standing link of the case names `member`.
bool is_linked_with(const CaseState& state, const MemberId& member);

// Whether some privacy bars `member` from enclosures of this role.
bool privacy_may_bar(EnclosureRole role, const Roster& roster, const MemberId& member);

// Whether `member` has or had the case. Who has not destroys its keys when it declines.
bool has_been_custodian(const CaseState& state, const MemberId& member);

}  // namespace simpul
