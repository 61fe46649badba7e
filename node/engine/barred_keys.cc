#include "node/engine/barred_keys.h"

#include <algorithm>
#include <ranges>
#include <string>

#include "node/engine/case_marks.h"
#include "protocol/entitlement.h"

namespace simpul {
namespace {

constexpr std::string_view kUntold = "keys-destroyed ";  // in MetaStore, and the case's id

std::string mark_of(const CaseId& id) {
  return case_mark(kUntold, id);
}

// Whether one of them was to this node. With `keeps_own` those stay, of what a ruling may entitle
// it to that it has not seen: shut while it is barred.
bool erase_packets(Step& step, const EnclosureRef& ref, const CaseState& state, bool keeps_own) {
  bool had_own = false;
  for (const auto& [number, packet] : step.tables.packets.of(ref.commitment.digest)) {
    if (!is_barred(ref.role, state, step.roster, packet.to)) continue;
    const bool is_own = packet.to == step.self.member;
    if (is_own && keeps_own && is_published(ref.role)) continue;
    step.tables.packets.erase(number);
    had_own = had_own || is_own;
  }
  return had_own;
}

// Of one change it is said once: who does not know of it yet may send keys for ever.
bool is_said(const Step& step, std::span<const CaseEvent> events, const EventHash& change) {
  return std::ranges::any_of(events, [&](const CaseEvent& held) {
    const auto* const word = std::get_if<KeysDestroyed>(&held.event.body);
    return word != nullptr && word->because == change &&
           held.event.position.journal.member == step.self.member;
  });
}

bool is_privacy_change(std::span<const CaseEvent> events, const EventHash& hash) {
  const auto found = std::ranges::find(events, hash, &CaseEvent::hash);
  return found != events.end() && found->event.kind == EventKind::kPrivacyChanged;
}

// What this node sent to `member` of what a case's privacy may bar.
void forget_sent(Step& step, const CaseFile& file, const MemberId& member) {
  for (const CaseEvent& held : file.events) {
    for (const EnclosureRef& ref : held.event.enclosures) {
      if (!privacy_may_bar(ref.role, step.roster, member)) continue;
      for (const auto& [number, packet] : step.tables.packets.of(ref.commitment.digest)) {
        const bool is_ours = packet.from == step.self.member && packet.to == member;
        if (is_ours) step.tables.packets.erase(number);
      }
    }
  }
}

}  // namespace

void erase_barred(Step& step, const CaseFile& file) {
  if (file.state.privacy == Privacy::kPublic) return;
  // Where the opening barred it already, or it has said that what it had is gone, what comes is of
  // who does not know of that, or of a ruling.
  const EventHash& change = file.state.privacy_by;
  const bool keeps_own = change.is_zero() || is_said(step, file.events, change);
  bool had_own = false;
  for (const CaseEvent& held : file.events) {
    const bool is_own = held.event.position.journal.member == step.self.member;
    for (const EnclosureRef& ref : held.event.enclosures) {
      had_own = erase_packets(step, ref, file.state, keeps_own) || had_own;
      if (is_own || !is_barred(ref.role, file.state, step.roster, step.self.member)) continue;
      had_own = step.tables.packets.erase_key(ref.commitment.digest) || had_own;
      step.tables.enclosures.forget_want(ref.commitment.digest);
    }
  }
  if (had_own && !keeps_own) step.tables.meta.set_flag(mark_of(file.state.id), true);
}

void heed_destructions(Step& step, const CaseFile& file) {
  for (const CaseEvent& held : file.events) {
    const auto* const word = std::get_if<KeysDestroyed>(&held.event.body);
    if (word == nullptr || !file.has_arrived(held.hash)) continue;
    if (!is_privacy_change(file.events, word->because)) continue;
    forget_sent(step, file, held.event.position.journal.member);
  }
}

// The change that it obeys: the one that holds, or where that was taken back meanwhile, the last.
std::optional<KeysDestroyed> word_of_destruction_owed(const Step& step, const CaseState& state,
                                                      std::span<const CaseEvent> events) {
  if (!step.tables.meta.flag(mark_of(state.id))) return std::nullopt;
  if (!state.privacy_by.is_zero()) {
    if (is_said(step, events, state.privacy_by)) return std::nullopt;  // it came back meanwhile
    return KeysDestroyed{state.privacy_by};
  }
  for (const Judged& judged : state.events | std::views::reverse) {
    const auto held = std::ranges::find(events, judged.hash, &CaseEvent::hash);
    const bool is_change = held != events.end() && held->event.kind == EventKind::kPrivacyChanged &&
                           judged.verdict == Verdict::kEffective;
    if (is_change) return KeysDestroyed{judged.hash};
  }
  return std::nullopt;
}

void destruction_is_told(Step& step, const CaseId& id) {
  step.tables.meta.set_flag(mark_of(id), false);
}

std::vector<CaseId> destructions_untold(const Step& step) {
  return cases_marked(step.tables, kUntold);
}

}  // namespace simpul
