#include "node/engine/erasing.h"

#include <algorithm>
#include <string>

#include "protocol/erasure.h"

namespace simpul {
namespace {

constexpr std::string_view kErasureUntold = "erasure-untold ";  // in MetaStore, and the case's id

// An enclosure is the case's that committed to it first here: whose author copies the digest of
// another's erases nothing by that.
void destroy_enclosure(Step& step, const EnclosureRef& ref, const CaseId& id,
                       const EventPosition& event) {
  const Digest& digest = ref.commitment.digest;
  step.tables.enclosures.add(ref, id, event);
  const auto record = step.tables.enclosures.get(digest);
  if (!record || record->destroyed || record->case_id != id) return;
  for (const MemberId& member : step.tables.enclosures.held_for(digest)) {
    step.tables.enclosures.release(digest, member);
  }
  step.tables.packets.erase_of(digest);
  step.tables.packets.erase_key(digest);
  step.tables.enclosures.destroy(digest);
}

void note_owed(Step& step, const CaseState& state) {
  const std::string mark = std::string(kErasureUntold) + state.id.text();
  const bool owed = word_of_erasure_owed(step, state).has_value();
  if (step.tables.meta.flag(mark) != owed) step.tables.meta.set_flag(mark, owed);
}

}  // namespace

std::unordered_set<EventHash> hashes_erased(const CaseState& state) {
  std::unordered_set<EventHash> erased;
  if (state.erasures.empty()) return erased;
  for (const Judged& judged : state.events) {
    if (judged.erased) erased.insert(judged.hash);
  }
  return erased;
}

void destroy_erased(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  if (state.erasures.empty()) return;
  const auto erased = hashes_erased(state);
  for (const CaseEvent& held : file.events) {
    if (!erased.contains(held.hash)) continue;
    for (const EnclosureRef& ref : held.event.enclosures) {
      destroy_enclosure(step, ref, state.id, held.event.position);
    }
  }
  const bool comes_now = std::ranges::any_of(
      state.erasures, [&](const Erasure& erasure) { return file.has_arrived(erasure.hash); });
  if (comes_now) step.tables.local.erase_notes(state.id);
  note_owed(step, state);
}

std::optional<KeysDestroyed> word_of_erasure_owed(const Step& step, const CaseState& state) {
  for (const Erasure& erasure : state.erasures) {
    const bool owed = outstanding(erasure, state, step.roster).contains(step.self.member);
    if (owed) return KeysDestroyed{erasure.hash};
  }
  return std::nullopt;
}

std::vector<CaseId> erasures_untold(const Step& step) {
  std::vector<CaseId> ids;
  step.tables.meta.visit(kErasureUntold, [&](std::string_view name, BytesView) {
    if (const auto id = CaseId::parse(name.substr(kErasureUntold.size()))) ids.push_back(*id);
    return true;
  });
  return ids;
}

}  // namespace simpul
