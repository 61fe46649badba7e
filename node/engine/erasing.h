// What becomes of a case's texts and files when it is erased (SPEC section "Erasure"). All of it
// follows from the case as it stands, so it is done whenever the erasure comes, and again after a
// loss of data.
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "node/engine/case_files.h"
#include "node/engine/step.h"

namespace simpul {

// Of events whose texts and files are to be nowhere any more.
std::unordered_set<EventHash> hashes_erased(const CaseState& state);

// Destroys what this node has of them: keys, key packets, ciphertext; its internal notes on the
// case too, when the erasure is first seen to count. Notes whether it owes the others word of it.
// Does nothing while a legal hold stands.
void destroy_erased(Step& step, const CaseFile& file);

// What this node has still to say: that it has destroyed.
std::optional<KeysDestroyed> word_of_erasure_owed(const Step& step, const CaseState& state);
// Cases of which it owes that.
std::vector<CaseId> erasures_untold(const Step& step);

}  // namespace simpul
