#include "node/engine/reactions.h"

#include <algorithm>
#include <utility>

#include "node/engine/barred_keys.h"
#include "node/engine/erasing.h"
#include "node/engine/patience.h"
#include "node/engine/router.h"
#include "node/engine/substance.h"
#include "protocol/entitlement.h"

namespace simpul {
namespace {

constexpr std::size_t kCasesPerPage = 1'000;
// In MetaStore: the version of the roster that keys were last given under.
constexpr std::string_view kKeysGivenUnder = "keys-given-under";

template <class Concerns>
void recheck_all(Step& step, const CaseFilter& filter, const Concerns& concerns) {
  CasePage page;
  do {
    page = step.tables.cases.list(filter, kCasesPerPage, page.next);
    for (const CaseRow& row : page.rows) {
      if (concerns(row)) step.recheck.insert(row.id);
    }
  } while (!page.next.empty());
}

bool may_act(const Step& step, const CaseState& state) {
  return state.has_opened() && !state.needs_upgrade && step.roster.find(step.self.member);
}

// They destroyed what they got; if the case comes to them again they need it anew. It may have come
// before they declined, by a ruling that they had not seen: then they had it, once. A hub that only
// passes packets on keeps those that come later: they may be of a ruling that it has not seen.
void forget_packets_to_decliners(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  const bool gives = hands_on_keys(step, state, file.events);
  for (const CaseEvent& held : file.events) {
    const MemberId& by = held.event.position.journal.member;
    if (held.event.kind != EventKind::kDeclined || by == step.self.member) continue;
    const bool acts = by == state.custodian || by == state.id.origin() ||
                      (state.offer && state.offer->to == by) || is_linked_with(state, by);
    const bool heard_now = file.has_arrived(held.hash);
    const bool in_vain = gives ? !acts || heard_now : !acts && (heard_now || !step.is_hub());
    if (in_vain) forget_packets_to(step, file, by);
  }
}

}  // namespace

EventPosition next_position(const Step& step) {
  const JournalId journal = Author::own_journal(step);
  const auto head = step.tables.journals.head(journal);
  return {journal, head ? head->held : 0};
}

Event case_event(const Step& step, const CaseFile& file, EventBody body) {
  Event event;
  event.kind = kind_of(body);
  event.state_changing = changes_state(event.kind);
  event.position = next_position(step);
  event.time = step.now;
  event.body = std::move(body);
  return place_draft(std::move(event), file.state, file.events);
}

bool Reactions::write(Step& step, const CaseFile& file, EventBody body) {
  if (!may_act(step, file.state)) return false;
  Event event = case_event(step, file, std::move(body));
  if (const auto legal = check_move(file.state, file.events, event, step.roster); !legal) {
    step.log(LogLevel::kDebug, "reaction-not-legal", legal.error().message);
    return false;
  }
  const auto appended = author_.append(step, std::move(event));
  if (!appended) step.log(LogLevel::kWarning, "reaction-held", appended.error().message);
  written_ += appended ? 1 : 0;
  return appended.has_value();
}

void Reactions::look_at(Step& step, const CaseFile& file) {
  const CaseState& state = file.state;
  register_enclosures(step, file, refresh_audience(step, file));
  destroy_erased(step, file);
  if (!may_act(step, state)) return;
  forget_packets_to_decliners(step, file);
  heed_destructions(step, file);
  erase_barred(step, file);
  distribute_keys(step, file);
  if (!author_.gate().open) return;
  if (const auto word = word_of_erasure_owed(step, state)) {
    if (write(step, file, *word)) return;
  }
  if (const auto word = word_of_destruction_owed(step, state, file.events)) {
    write(step, file, *word);
    return destruction_is_told(step, state.id);
  }
  const bool offered_to_us = state.offer && state.offer->to == step.self.member;
  if (offered_to_us && state.offer->recalled_at) {
    write(step, file, Declined{.offer = state.offer->hash, .reason = "recalled"});
    destroy_keys(step, file);
  } else if (offered_to_us && !state.offer->delivered) {
    write(step, file, Delivered{.offer = state.offer->hash, .seen = seen_head(step, file)});
  } else if (state.custodian == step.self.member && !state.offer && !state.referral &&
             !state.withdrawal && state.declines.size() >= step.roster.policy.max_declines) {
    write(step, file, Referred{.ground = "max-declines"});
  }
}

void Reactions::catch_up(Step& step) {
  const auto under = author_.gate().open ? std::optional(step.roster.version) : std::nullopt;
  if (std::exchange(wrote_under_, under) == under || !under) return;
  CaseFilter filter;
  filter.offeree = step.self.member;
  recheck_all(step, filter, [](const CaseRow&) { return true; });
  filter = {};
  filter.custodian = step.self.member;
  recheck_all(step, filter, [&](const CaseRow& row) {
    return !row.offer && !row.referred && row.declines_total >= step.roster.policy.max_declines;
  });
  for (const CaseId& id : destructions_untold(step)) step.recheck.insert(id);
  for (const CaseId& id : erasures_untold(step)) step.recheck.insert(id);
  look_after_reinstated(step);
}

void Reactions::look_after_reinstated(Step& step) {
  const std::uint64_t before = step.tables.meta.counter(kKeysGivenUnder);
  if (before == step.roster.version) return;
  step.tables.meta.set_counter(kKeysGivenUnder, step.roster.version);
  const auto bytes = step.tables.rosters.get(before);
  const auto earlier =
      bytes ? open_roster(*bytes, step.self.root) : fail(ErrorCode::kNotFound, "no such roster");
  if (!earlier) return;
  for (const Member& member : step.roster.members) {
    const Member* then = earlier->roster.find(member.id);
    if (member.suspended || !then || !then->suspended) continue;
    CaseFilter filter;
    filter.audience = member.id;
    recheck_all(step, filter, [](const CaseRow&) { return true; });
  }
}

HeadRef Reactions::seen_head(Step& step, const CaseFile& file) {
  for (const CaseEvent& held : file.events) {
    if (held.hash != file.state.offer->hash) continue;
    const JournalId& journal = held.event.position.journal;
    if (const auto head = step.tables.journals.head(journal)) {
      return {journal, head->size, head->frontier.root()};
    }
  }
  return {};
}

}  // namespace simpul
