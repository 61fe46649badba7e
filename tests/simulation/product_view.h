// What the product holds and makes of it, in the model's words. The one place that knows both.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/store.h"
#include "tests/simulation/model.h"

namespace simpul::sim {

// The product's own fold of these events.
CaseView product_fold(const CaseId& id, const std::vector<Fact>& facts, const Roster& roster);
// The same of a fold that was made.
CaseView view_of(const CaseState& state);
// The newest roster that the node holds, if its root is this; nullopt: there is none.
std::optional<Roster> held_roster(Tables& tables, const VerifyKey& root);
// Hashes of the events that the node has filed under the case.
std::vector<EventHash> filed_events(Tables& tables, const CaseId& id);
// The case as the node lists it: status, custodian, offeree, privacy, audience, frozen, pending
// alone.
std::optional<CaseView> listed_case(Tables& tables, const CaseId& id);
// Whether everything that arrived is in the case index, folded under the newest roster.
bool is_indexed(Tables& tables);

// The size and root of a journal's newest checkpoint, if it is signed with the key that the roster
// gives for it; else why not.
struct SignedSize {
  std::uint64_t size = 0;
  Digest root;
};
Result<SignedSize> newest_signed_size(Tables& tables, const JournalId& journal,
                                      const Roster& roster);
// The root of a journal's tree as the node would prove it; nullopt if it cannot.
std::optional<Digest> provable_root(Tables& tables, const JournalId& journal, std::uint64_t size);
// Whether the full tiles over its first events hold these leaves.
bool tiles_agree(Tables& tables, const JournalId& journal, const std::vector<EventHash>& leaves,
                 std::uint64_t size);
// The journal that a held fork proof convicts, with the author's key at hand; empty if none.
std::optional<JournalId> convicted_by(BytesView proof, const std::string& federation,
                                      const Roster& roster);
// The number of the last key packet that was ever put here.
std::uint64_t last_packet(Tables& tables);

}  // namespace simpul::sim
