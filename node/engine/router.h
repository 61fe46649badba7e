// Who must get which event: keeps each case's audience and the mailboxes of its members. A hub
// serves the events of all authors, any other node its own events. Stateless over the tables.
#pragma once

#include "node/engine/case_files.h"
#include "node/engine/step.h"

namespace simpul {

// Puts a new event into the mailboxes of the case's present audience.
void route_event(Step& step, const Envelope& envelope);

struct AudienceChange {
  std::vector<MemberId> joined, left;
};

// Makes the stored audience what the fold says; a member that joins gets all events held of the
// case that this node serves, in the order of their time.
AudienceChange refresh_audience(Step& step, const CaseFile& file);

// Whether `member` may ask this node for a case, its events or its ciphertext.
bool entitled_to_case(Step& step, const MemberId& member, const CaseId& id);

}  // namespace simpul
