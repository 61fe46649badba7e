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
};

// Judges every annotation that is not judged yet, but for privacy changes.
// REQUIRES: custody is judged.
void judge_annotations(const CaseView& view, const Participants& participants, Docket& docket);

// Judges the privacy changes. Returns the strictest statement that nothing supersedes.
Privacy judge_privacy(const CaseView& view, Ordinal opened, const Participants& participants,
                      Docket& docket);

}  // namespace simpul
