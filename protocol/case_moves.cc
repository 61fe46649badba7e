// What may be authored next: heads to cite, legal kinds, and the check of one draft, which is a
// fold with the draft added.
#include <algorithm>

#include "protocol/case_fold.h"
#include "protocol/case_status.h"
#include "protocol/custody.h"
#include "protocol/erasure.h"
#include "protocol/owners.h"
#include "protocol/reason_codes.h"

namespace simpul {
namespace {

using enum EventKind;

// Which of its own the author cites: the last that is not pending or disputed.
Ordinal own_head(const CaseGraph& graph, const MemberId& self) {
  const OrdinalRange own = graph.by(self);
  for (Ordinal each = own.last; each > own.first; --each) {
    if (graph.counts(each - 1)) return each - 1;
  }
  return kNoOrdinal;
}

// Others' events that neither another's event nor `own` has seen.
std::vector<Ordinal> other_heads(const CaseGraph& graph, const MemberId& self, Ordinal own) {
  std::vector<std::uint64_t> seen((graph.causal_order().size() + 63) / 64);
  for (const Ordinal each : graph.causal_order()) {
    if (!graph.counts(each) || (graph.author(each) == self && each != own)) continue;
    const auto past = graph.past(each);
    for (std::size_t word = 0; word < seen.size(); ++word) seen[word] |= past[word];
  }
  std::vector<Ordinal> heads;
  for (std::size_t place = 0; place < graph.causal_order().size(); ++place) {
    const Ordinal each = graph.causal_order()[place];
    if (!graph.counts(each) || graph.author(each) == self) continue;
    if ((seen[place / 64] >> (place % 64) & 1) == 0) heads.push_back(each);
  }
  return heads;
}

// Behind all that its author has here, under a hash that nothing else has.
CaseEvent probe_of(const Event& placed, std::span<const CaseEvent> events) {
  CaseEvent probe;
  probe.event = placed;
  probe.hash.bytes.fill(0xff);
  EventPosition& position = probe.event.position;
  for (const CaseEvent& each : events) {
    const EventPosition& held = each.event.position;
    if (held.journal.member != position.journal.member || held < position) continue;
    position = held;
    ++position.index;
  }
  return probe;
}

CaseHeads heads_of(const CaseGraph& graph, const MemberId& self) {
  const Ordinal own = own_head(graph, self);
  std::vector<Ordinal> others = other_heads(graph, self, own);
  const auto newest_first = [&](Ordinal left, Ordinal right) {
    const Instant left_time = graph.event(left).time, right_time = graph.event(right).time;
    return left_time != right_time ? left_time > right_time : left > right;
  };
  std::ranges::sort(others, newest_first);
  if (others.size() > kAfterMax) others.resize(kAfterMax);

  CaseHeads heads;
  if (own != kNoOrdinal) heads.own = graph.hash(own);
  for (const Ordinal each : others) heads.others.push_back(graph.hash(each));
  return heads;
}

CaseId id_of(std::span<const CaseEvent> events) {
  return events.empty() ? CaseId() : events.front().event.case_id;
}

bool is_suspended(const Roster& roster, const MemberId& member) {
  const Member* const found = roster.find(member);
  return found == nullptr || found->suspended;
}

std::vector<EventKind> custodians_moves(const CaseState& state, const Roster& roster) {
  std::vector<EventKind> moves;
  const bool all_declined = state.declines.size() >= roster.policy.max_declines;
  for (unsigned number = 0; number < 64; ++number) {
    const auto kind = static_cast<EventKind>(number);
    if (!legal_in(state.status, kind) || (kind == kForwarded && all_declined)) continue;
    moves.push_back(kind);
  }
  return moves;
}

bool may_rule(const CaseState& state, const Roster& roster, Instant now) {
  return state.referral || state.appeal || (state.offer && state.offer->due < now) ||
         is_suspended(roster, state.custodian);
}

// What the rules of the fold leave to the author, since they may change with the roster.
std::optional<std::string> roster_objection(const CaseState& state, const Event& draft,
                                            const Roster& roster) {
  const MemberId& actor = draft.position.journal.member;
  if (is_suspended(roster, actor)) return actor.text() + " is suspended or not in the roster";
  if (state.needs_upgrade && draft.state_changing) {
    return state.id.text() + " holds an event of a later version; upgrade this node first";
  }
  const auto* const forwarded = std::get_if<Forwarded>(&draft.body);
  const auto* const ruled = std::get_if<Ruled>(&draft.body);
  const MemberId to = forwarded != nullptr ? forwarded->to : ruled != nullptr ? ruled->to : actor;
  if (is_suspended(roster, to)) return to.text() + " is suspended or not in the roster";
  if (ruled != nullptr && is_suspension_ground(ruled->ground) &&
      !is_suspended(roster, state.custodian)) {
    return "the custodian, " + state.custodian.text() + ", is not suspended";
  }
  return std::nullopt;
}

// A case that the policy says is another's may not be closed as nobody's business.
std::optional<std::string> scope_objection(const CaseState& state, const Event& draft,
                                           const Roster& roster) {
  const auto* const closed = std::get_if<Closed>(&draft.body);
  if (closed == nullptr || closed->outcome != Outcome::kOutOfScope) return std::nullopt;
  const CategoryOwner* const owner = owner_of(roster.policy.owners, state.category, state.region);
  if (owner == nullptr || owner->owner == draft.position.journal.member) return std::nullopt;
  if (is_suspended(roster, owner->owner)) return std::nullopt;
  return "by the policy " + state.category + " in " + state.region + " is the business of " +
         owner->owner.text() + ": forward " + state.id.text() + " there, or refer it";
}

// What is still worked on is neither rated nor taken from under those who work on it.
std::optional<std::string> open_objection(const CaseState& state, const Event& draft) {
  const bool waits_for_end = draft.kind == kErased || draft.kind == kRated;
  if (draft.kind == kErased && !state.holds.empty()) {
    return held_by_law(state.holds.front().by, state.id);
  }
  if (!waits_for_end || state.status == CaseStatus::kClosed) return std::nullopt;
  return state.id.text() + " is " + name_of(state.status) + ": it is " + name_of(draft.kind) +
         " once it is closed";
}

// A whole is not closed before its parts, unless it is said why; that its reporter took it back, or
// is silent, says so.
std::optional<std::string> parts_objection(const CaseState& state, const Event& draft) {
  const bool explained = std::ranges::find(draft.enclosures, EnclosureRole::kReason,
                                           &EnclosureRef::role) != draft.enclosures.end();
  const auto* const closed = std::get_if<Closed>(&draft.body);
  if (closed == nullptr || explained) return std::nullopt;
  if (closed->outcome == Outcome::kWithdrawn || closed->outcome == Outcome::kExpired) {
    return std::nullopt;
  }
  std::string open;
  for (const CaseLink& link : state.links) {
    const bool is_open = link.relation == Relation::kHasPart &&
                         (!link.report || link.report->stage != PartStage::kClosed);
    if (is_open) open += (open.empty() ? "" : ", ") + link.other.text();
  }
  if (open.empty()) return std::nullopt;
  return "parts of " + state.id.text() + " are not closed yet (" + open +
         "): close it once they are, or say why not to wait for them (--reason-text)";
}

// Whose case it duplicates must agree.
std::optional<std::string> duplicate_objection(const CaseState& state, const Event& draft) {
  const auto* const closed = std::get_if<Closed>(&draft.body);
  if (closed == nullptr || closed->outcome != Outcome::kDuplicate) return std::nullopt;
  const std::string& survivor = closed->duplicate_of.text();
  for (const CaseLink& link : state.links) {
    if (link.relation != Relation::kDuplicateOf || link.other != closed->duplicate_of) continue;
    if (link.agreed.value_or(false)) return std::nullopt;
    return link.with.text() + (link.agreed ? " does not agree" : " has not agreed yet") + " that " +
           state.id.text() + " is a duplicate of " + survivor;
  }
  return state.id.text() + " is not linked to " + survivor +
         ": link it as its duplicate first, and have that agreed to";
}

// What the reporter may ask for depends on whether the case is at an end.
std::optional<std::string> reporter_objection(const CaseState& state, const Event& draft) {
  const bool ended = state.status == CaseStatus::kClosed || state.status == CaseStatus::kAnswered;
  if (draft.kind == kWithdrawn && state.status == CaseStatus::kClosed) {
    return state.id.text() + " is closed: there is nothing to take back";
  }
  if (draft.kind != kAppealed) return std::nullopt;
  if (!ended)
    return state.id.text() + " is neither answered nor closed: there is nothing to appeal";
  if (state.appeal) return "an appeal waits already for a ruling on " + state.id.text();
  if (std::get<Appealed>(draft.body).to != state.custodian) return std::nullopt;
  return state.custodian.text() + " has " + state.id.text() + " already";
}

// What was closed too long ago is opened as a new case.
std::optional<std::string> window_objection(const CaseState& state, const Event& draft,
                                            const Roster& roster) {
  const std::chrono::days window{roster.policy.reopen_within};
  if (draft.kind != kReopened || window.count() == 0) return std::nullopt;
  if (draft.time <= state.closing_logged + window) return std::nullopt;
  return state.id.text() + " was closed more than " + std::to_string(window.count()) +
         " days ago: open a new case";
}

// What it answers or obeys; zero: nothing.
EventHash named_event(const EventBody& body, const CaseState& state) {
  const auto* const ruling = std::get_if<Ruled>(&body);
  if (ruling != nullptr && is_appeal_ground(ruling->ground) && state.appeal) {
    return state.appeal->hash;
  }
  const bool decides =
      std::holds_alternative<Closed>(body) || std::holds_alternative<Reopened>(body);
  if (decides && state.withdrawal) return *state.withdrawal;
  if (const auto* word = std::get_if<KeysDestroyed>(&body)) return word->because;
  if (const auto* delivered = std::get_if<Delivered>(&body)) return delivered->offer;
  if (const auto* accepted = std::get_if<Accepted>(&body)) return accepted->offer;
  if (const auto* declined = std::get_if<Declined>(&body)) return declined->offer;
  if (const auto* ruled = std::get_if<Ruled>(&body)) return ruled->offer;
  if (const auto* answer = std::get_if<LinkAnswered>(&body)) return answer->link;
  return {};
}

// Where there are more heads than may be cited, what the draft is about must not be left out.
void cite_what_it_names(Event& draft, const CaseState& state) {
  const EventHash named = named_event(draft.body, state);
  if (named.is_zero() || draft.after.size() < kAfterMax) return;
  if (std::ranges::find(draft.after, named) == draft.after.end()) draft.after.back() = named;
}

std::string sentence(std::string why, const std::vector<EventKind>& legal) {
  why += "; legal now: ";
  for (std::size_t i = 0; i < legal.size(); ++i) {
    why += std::string(i > 0 ? ", " : "") + name_of(legal[i]);
  }
  return legal.empty() ? why + "nothing" : why;
}

// Why the draft would not count, if so.
std::optional<std::string> fold_objection(const CaseState& state, std::span<const CaseEvent> events,
                                          const Event& draft, const Roster& roster) {
  const CaseEvent probe = probe_of(place_draft(draft, state, events), events);
  std::vector<const CaseEvent*> with_draft = pointers_to(events);
  with_draft.push_back(&probe);
  const CaseState after = fold_graph(state.id, CaseGraph(state.id, with_draft), roster);
  const auto judged = std::ranges::find(after.events, probe.hash, &Judged::hash);
  SIMPUL_CHECK(judged != after.events.end());
  if (judged->verdict == Verdict::kEffective) return std::nullopt;
  if (!judged->why.empty()) return judged->why;
  return std::string("the event would be ") + name_of(judged->verdict);
}

}  // namespace

CaseHeads case_heads(std::span<const CaseEvent> events, const MemberId& self) {
  std::vector<const CaseEvent*> held = pointers_to(events);
  if (held.size() < kCaseEventsMax) return heads_of(CaseGraph(id_of(events), held), self);
  // What `self` writes next takes the place of another's event, which it then must not cite.
  Event next;
  next.case_id = id_of(events);
  next.position.journal.member = self;
  CaseEvent room = probe_of(next, events);
  room.disputed = true;  // nobody's head
  held.push_back(&room);
  return heads_of(CaseGraph(id_of(events), held), self);
}

std::vector<EventKind> legal_moves(const CaseState& state, const MemberId& actor,
                                   const Roster& roster, Instant now) {
  std::vector<EventKind> moves;
  if (is_suspended(roster, actor)) return moves;
  const bool is_origin = actor == state.id.origin();
  if (!state.has_opened()) return is_origin ? std::vector{kOpened} : moves;
  const bool is_custodian = actor == state.custodian;
  const bool is_offeree = state.offer && state.offer->to == actor;
  const bool is_audience = state.audience.contains(actor) || roster.is_hub(actor);
  if (!state.needs_upgrade) {
    if (is_custodian) moves = custodians_moves(state, roster);
    if (is_offeree) moves.insert(moves.end(), {kAccepted, kDeclined});
    if (actor == roster.ruling_hub && may_rule(state, roster, now)) moves.push_back(kRuled);
  }
  if (is_offeree && !state.offer->delivered) moves.push_back(kDelivered);
  for (const CaseLink& link : state.links) {
    const bool asks = link.relation == Relation::kDuplicateOf && link.with == actor && !link.agreed;
    if (asks) moves.push_back(kLinkAnswered);
  }
  if (is_origin) moves.push_back(kReporterReplied);
  if (is_origin || is_custodian) moves.push_back(kPrivacyChanged);
  if (is_audience) moves.insert(moves.end(), {kNoted, kLegalHold});
  if (is_origin && state.status == CaseStatus::kClosed) {
    moves.push_back(kRated);
    if (state.holds.empty()) moves.push_back(kErased);
  }
  if (is_origin && state.status != CaseStatus::kClosed) moves.push_back(kWithdrawn);
  const bool ended = state.status == CaseStatus::kClosed || state.status == CaseStatus::kAnswered;
  if (is_origin && ended && !state.appeal) moves.push_back(kAppealed);
  std::ranges::sort(moves);
  return moves;
}

Event place_draft(Event draft, const CaseState& state, std::span<const CaseEvent> events) {
  const CaseHeads heads = case_heads(events, draft.position.journal.member);
  draft.case_id = state.id;
  draft.epoch = draft.kind == kOpened ? EventHash{} : state.epoch;
  draft.case_prev = heads.own;
  draft.after = heads.others;
  cite_what_it_names(draft, state);
  return draft;
}

Result<void> check_move(const CaseState& state, std::span<const CaseEvent> events,
                        const Event& draft, const Roster& roster) {
  std::optional<std::string> why = roster_objection(state, draft, roster);
  if (!why) why = unexplained(draft);
  if (!why) why = scope_objection(state, draft, roster);
  if (!why) why = open_objection(state, draft);
  if (!why) why = parts_objection(state, draft);
  if (!why) why = duplicate_objection(state, draft);
  if (!why) why = reporter_objection(state, draft);
  if (!why) why = window_objection(state, draft, roster);
  if (!why) why = fold_objection(state, events, draft, roster);
  if (!why) return {};
  const auto legal = legal_moves(state, draft.position.journal.member, roster, draft.time);
  return fail(ErrorCode::kNotAllowed, sentence(std::move(*why), legal));
}

}  // namespace simpul
