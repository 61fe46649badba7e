// What becomes of keys when a case's privacy is raised (protocol/entitlement.h, is_barred). All of
// it follows from the case as it stands, so it is done whenever the raise comes, and again after a
// loss of data.
#pragma once

#include "node/engine/case_files.h"
#include "node/engine/step.h"

namespace simpul {

// Erases key packets to members that are barred, and the keys of this node if it is. Notes it if
// some of its own went and that was not said of this change yet.
void erase_barred(Step& step, const CaseFile& file);

// Who says that it destroyed keys has to be sent them anew, should it be entitled again.
void heed_destructions(Step& step, const CaseFile& file);

// What this node has still to say: that it destroyed keys of the case. Then: that it has said so.
std::optional<KeysDestroyed> word_of_destruction_owed(const Step& step, const CaseState& state,
                                                      std::span<const CaseEvent> events);
void destruction_is_told(Step& step, const CaseId& id);
// Cases of which it owes that.
std::vector<CaseId> destructions_untold(const Step& step);

}  // namespace simpul
