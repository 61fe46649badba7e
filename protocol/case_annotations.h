// Annotations: what members of the audience may add without being the custodian. They change no
// custody and no status; a privacy change does change who may read. Pure.
#pragma once

#include <vector>

#include "protocol/case_docket.h"

namespace simpul {

struct Tenure {
  Ordinal opener = kNoOrdinal;  // of the epoch
  MemberId custodian;
};

// Who took part in the case, on the route or on custody that a ruling undid.
struct Participants {
  MemberId origin;
  std::vector<Tenure> tenures;
  std::vector<OfferLife> offers;
  std::vector<Ordinal> links;  // `linked` events that counted once
};

// Judges every annotation that is not judged yet. REQUIRES: custody and privacy changes are judged.
void judge_annotations(const CaseView& view, const Participants& participants, Docket& docket);

struct HoldingPrivacy {
  Privacy privacy = Privacy::kPublic;
  Ordinal by = kNoOrdinal;        // the opening, or the change that made it so
  std::vector<Ordinal> standing;  // all statements that nothing supersedes
};
// Judges the privacy changes. What holds is the strictest statement that nothing supersedes.
HoldingPrivacy judge_privacy(const CaseView& view, Ordinal opened, const Participants& participants,
                             Docket& docket);

}  // namespace simpul
