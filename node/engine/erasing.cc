#include "node/engine/erasing.h"

#include <string>

#include "crypto/encoding.h"
#include "node/engine/case_marks.h"
#include "protocol/erasure.h"

namespace simpul {
namespace {

constexpr std::string_view kErasureUntold = "erasure-untold ";  // in MetaStore, and the case's id

// A digest may be another case's too, whose author copied it: what was given for that one stays,
// and nothing that is erased here keeps it from being given there.
void destroy_enclosure(Step& step, const EnclosureRef& ref, const CaseId& id,
                       const EventPosition& event) {
  const Digest& digest = ref.commitment.digest;
  step.tables.enclosures.add(ref, id, event);
  const auto record = step.tables.enclosures.get(digest);
  if (!record || (record->destroyed && record->case_id == id)) return;
  bool given_elsewhere = false;
  for (const auto& [number, packet] : step.tables.packets.of(digest)) {
    given_elsewhere = given_elsewhere || packet.case_id != id;
    if (packet.case_id == id) step.tables.packets.erase(number);
  }
  if (record->case_id != id && given_elsewhere) return;
  for (const MemberId& member : step.tables.enclosures.held_for(digest)) {
    step.tables.enclosures.release(digest, member);
  }
  step.tables.packets.erase_of(digest);
  step.tables.packets.erase_key(digest);
  if (record->case_id == id) return step.tables.enclosures.destroy(digest);
  step.tables.enclosures.forget_want(digest);
  step.tables.enclosures.drop_chunks(digest);
}

// When an erasure is first seen to count; what is noted afterwards stays.
void erase_notes(Step& step, const CaseState& state) {
  for (const Erasure& erasure : state.erasures) {
    const std::string mark = "notes-erased " + to_hex(erasure.hash.view());
    if (step.tables.meta.flag(mark)) continue;
    step.tables.meta.set_flag(mark, true);
    step.tables.local.erase_notes(state.id);
  }
}

void note_owed(Step& step, const CaseState& state) {
  set_case_mark(step, kErasureUntold, state.id, word_of_erasure_owed(step, state).has_value());
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
  if (state.erasures.empty() || !state.holds.empty()) return;
  const auto erased = hashes_erased(state);
  for (const CaseEvent& held : file.events) {
    if (!erased.contains(held.hash)) continue;
    for (const EnclosureRef& ref : held.event.enclosures) {
      destroy_enclosure(step, ref, state.id, held.event.position);
    }
  }
  erase_notes(step, state);
  note_owed(step, state);
}

std::optional<KeysDestroyed> word_of_erasure_owed(const Step& step, const CaseState& state) {
  if (!state.holds.empty()) return std::nullopt;
  for (const Erasure& erasure : state.erasures) {
    const bool owed = outstanding(erasure, state, step.roster).contains(step.self.member);
    if (owed) return KeysDestroyed{erasure.hash};
  }
  return std::nullopt;
}

std::vector<CaseId> erasures_untold(const Step& step) {
  return cases_marked(step.tables, kErasureUntold);
}

}  // namespace simpul
