// What no rule took up is void; here each such event gets its reason. Pure.
#pragma once

#include "protocol/case_annotations.h"

namespace simpul {

// Judges every event that is not judged yet.
// REQUIRES: custody and annotations are judged.
void judge_leftovers(const CaseView& view, const Participants& participants, Docket& docket);

}  // namespace simpul
