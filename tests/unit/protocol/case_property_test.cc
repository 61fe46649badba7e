// Random cases by honest, careless and hostile authors: what must hold for every set of events.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <sstream>

#include "protocol/custody.h"
#include "tests/support/case_builder.h"

using namespace simpul;

namespace {

const std::vector<std::string> kCast = {"51.03", "51", "pupr", "34.04", "pusat", "lama", "bpk"};

constexpr std::size_t kStepsMax = 40;
constexpr std::size_t kCustodyBodies = 8;

// What a random author does, as numbers that the case at hand gives meaning to.
struct Step {
  std::uint8_t author, body, to, cited, seen, malice, generation;
};

Step step_of(std::uint64_t bits) {
  const auto byte = [&](int i) { return static_cast<std::uint8_t>(bits >> (8 * i)); };
  return {byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6)};
}

std::vector<Step> any_steps() {
  const auto bits = rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>());
  std::vector<Step> steps;
  for (const std::uint64_t each : *rc::gen::container<std::vector<std::uint64_t>>(bits)) {
    if (steps.size() < kStepsMax) steps.push_back(step_of(each));
  }
  return steps;
}

const EventHash& cited(const CaseBuilder& c, std::uint8_t number) {
  return c.events[c.events.size() - 1 - number % c.events.size()].hash;
}

EventHash likely_offer(const CaseBuilder& c, const CaseState& state, std::uint8_t number) {
  return state.offer && number % 8 != 0 ? state.offer->hash : cited(c, number);
}

CaseId other_case(std::uint8_t number) {
  SeededRandom random(number % 3u);
  return CaseId::make(member(kCast[number % kCast.size()]), random);
}

Linked linked(Relation relation, std::uint8_t number, bool undone) {
  return {.relation = relation,
          .other = other_case(number),
          .with = undone || number % 2 == 0 ? MemberId{} : member(kCast[number % kCast.size()]),
          .undone = undone};
}

EventHash likely_link(const CaseBuilder& c, const CaseState& state, std::uint8_t number) {
  return state.links.empty() ? cited(c, number) : state.links[number % state.links.size()].hash;
}

EventBody any_body(const CaseBuilder& c, const CaseState& state, const Step& step) {
  const MemberId to = member(kCast[step.to % kCast.size()]);
  const EventHash offer = likely_offer(c, state, step.cited);
  const std::vector<EventBody> bodies = {
      Forwarded{to, c.now + std::chrono::minutes{step.cited % 8}, "x"},
      Forwarded{to, c.now + std::chrono::hours{9}, "x"},
      Accepted{offer},
      Accepted{offer},
      Declined{offer, "x", to},
      Recalled{offer},
      Referred{"x", offer},
      Ruled{offer, to, step.cited % 4 == 0 ? "suspended" : "x"},
      Verified{},
      Assigned{"x"},
      Postponed{"x", c.now},
      Resumed{},
      Progress{},
      Answered{},
      Closed{step.cited % 2 == 0 ? Outcome::kExpired : Outcome::kResolved, {}},
      Reopened{"x"},
      Corrected{CorrectedField::kCategory, "x"},
      Delivered{offer, {}},
      ReporterReplied{},
      PrivacyChanged{static_cast<Privacy>(step.to % 3), {offer}},
      Noted{},
      KeysDestroyed{offer},
      Erased{"request"},
      Rated{static_cast<std::uint8_t>(1 + step.cited % 5)},
      LegalHold{step.cited % 2 == 0},
      linked(static_cast<Relation>(step.cited % 5), step.to, step.seen % 4 == 0),
      linked(static_cast<Relation>(step.cited % 5), step.to, false),
      PartReported{other_case(step.to), PartStage::kClosed, Outcome::kResolved, to},
      LinkAnswered{likely_link(c, state, step.cited), step.to % 2 == 0},
      Withdrawn{},
      Appealed{to},
      Ruled{offer, to, kAppealGround},
      Escalated{step.to % 2 == 0 ? Stage::kVerify : Stage::kComplete, step.cited % 2u},
      Opened{},
      Settled{}};
  // Half of all events are about custody: the first in the list.
  const std::size_t kinds = step.body % 2 == 0 ? kCustodyBodies : bodies.size();
  return bodies[step.body / 2 % kinds];
}

// What the fold takes although no author should write it.
bool is_left_to_author(EventKind kind, const CaseState& state) {
  const bool has_parts = std::ranges::any_of(
      state.links, [](const CaseLink& link) { return link.relation == Relation::kHasPart; });
  return kind == EventKind::kWithdrawn || kind == EventKind::kAppealed ||
         (kind == EventKind::kClosed && has_parts);
}

// The one whose turn it is, more often than chance would have it.
std::string likely_author(const CaseState& state, const Step& step) {
  if (step.author % 4 == 0) return kCast[step.to % kCast.size()];
  if (step.author % 4 == 1) return "pusat";
  if (step.author % 4 == 2 && state.offer) return state.offer->to.text();
  return state.custodian.text();
}

void take(CaseBuilder& c, const Step& step) {
  const CaseState state = c.fold();
  c.generation = step.generation % 8 == 0 ? 2 : 1;
  const std::size_t unseen = step.seen % 2 == 0 ? 0 : step.seen / 2 % c.events.size();
  const CaseBuilder::Events seen(c.events.begin(),
                                 c.events.end() - static_cast<std::ptrdiff_t>(unseen));
  const std::string author = likely_author(state, step);
  Event event = c.draft(author, any_body(c, state, step));
  if (event.kind != EventKind::kOpened) event.epoch = state.epoch;
  if (step.malice % 8 != 0) {
    c.append(event, seen);
    return;
  }
  if (step.malice & 16) event.epoch = cited(c, step.to);
  if (step.malice & 32) event.case_prev = cited(c, step.seen);
  if (step.malice & 64) event.after = {cited(c, step.cited), cited(c, step.seen)};
  if (step.malice & 128) event.position.index = step.seen;
  c.append_as_is(event);
}

CaseBuilder any_case() {
  CaseBuilder c;
  c.open();
  for (const Step& step : any_steps()) take(c, step);
  return c;
}

// Everything that a state says, to compare.
std::string text_of(const CaseState& state) {
  std::ostringstream out;
  const auto hex = [&](const EventHash& hash) {
    for (int i = 0; i < 4; ++i) out << int{hash.bytes[static_cast<std::size_t>(i)]} << '.';
  };
  out << name_of(state.status) << ' ' << state.custodian.text() << ' ' << state.unit << ' '
      << state.category << ' ' << state.declines_total << ' ' << state.reopened_count << ' '
      << name_of(state.privacy) << ' ' << state.updated_at.time_since_epoch().count() << ' '
      << state.pending_count << ' ' << state.void_count << " route ";
  for (const Epoch& each : state.route) hex(each.token);
  if (state.offer) hex(state.offer->hash);
  if (state.referral) hex(*state.referral);
  for (const Decline& each : state.declines) hex(each.hash);
  for (const MemberId& each : state.audience) out << ' ' << each.text();
  for (const EventHash& each : state.missing) hex(each);
  for (const Judged& each : state.events) {
    out << '\n' << each.position.text() << ' ' << name_of(each.verdict) << ' ' << each.why;
    if (each.erased) out << " erased";
  }
  for (const Erasure& each : state.erasures) {
    hex(each.hash);
    for (const MemberId& member : each.confirmed) out << ' ' << member.text();
  }
  for (const StandingHold& each : state.holds) hex(each.hash);
  for (const CaseLink& each : state.links) {
    hex(each.hash);
    if (each.agreed) out << (*each.agreed ? " agreed" : " not agreed");
    if (each.report) out << ' ' << name_of(each.report->stage) << each.report->custodian.text();
  }
  if (state.withdrawal) hex(*state.withdrawal);
  if (state.appeal) hex(state.appeal->hash);
  if (state.stars) out << ' ' << int{*state.stars} << " stars";
  return out.str();
}

template <class T>
std::vector<T> shuffled(std::vector<T> items) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  SeededRandom random(seed);
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
  return items;
}

CaseBuilder::Events any_subset(const CaseBuilder::Events& events) {
  CaseBuilder::Events subset;
  for (const CaseEvent& each : events) {
    if (*rc::gen::inRange(0, 8) != 0) subset.push_back(each);
  }
  return subset;
}

}  // namespace

TEST_CASE("the fold depends on the set of events, not on their order", "[case][property]") {
  rc::prop("any order, with repetitions, gives the same state", [] {
    const CaseBuilder c = any_case();
    CaseBuilder::Events again = shuffled(c.events);
    again.push_back(again.front());
    RC_ASSERT(text_of(fold_case(c.id, again, c.roster)) == text_of(c.fold()));
  });
  rc::prop("the same with ancestors missing", [] {
    const CaseBuilder c = any_case();
    const CaseBuilder::Events some = any_subset(c.events);
    const std::string folded = text_of(fold_case(c.id, some, c.roster));
    RC_ASSERT(text_of(fold_case(c.id, shuffled(some), c.roster)) == folded);
  });
  rc::prop("an event that waits changes nothing", [] {
    const CaseBuilder c = any_case();
    const CaseBuilder::Events some = any_subset(c.events);
    const CaseState state = fold_case(c.id, some, c.roster);
    CaseBuilder::Events ready;
    for (const CaseEvent& each : some) {
      const auto judged = std::ranges::find(state.events, each.hash, &Judged::hash);
      if (judged->verdict != Verdict::kPending) ready.push_back(each);
    }
    const CaseState same = fold_case(c.id, ready, c.roster);
    RC_ASSERT(same.status == state.status);
    RC_ASSERT(same.epoch == state.epoch);
    RC_ASSERT(same.void_count == state.void_count);
    RC_ASSERT(same.pending_count == 0u);
    RC_ASSERT(same.missing.empty());
  });
}

TEST_CASE("an open case has exactly one custodian", "[case][property]") {
  rc::prop("the last of the route, and it alone moved the case in each epoch", [] {
    const CaseBuilder c = any_case();
    const CaseState state = c.fold();
    RC_TAG(state.route.size());
    RC_ASSERT(state.has_opened());
    RC_ASSERT(state.custodian == state.route.back().custodian);
    RC_ASSERT(state.epoch == state.route.back().token);
    for (const CaseEvent& each : c.events) {
      const bool moves =
          each.event.kind >= EventKind::kVerified && each.event.kind <= EventKind::kLinked;
      if (!moves || c.verdict(each.hash) != Verdict::kEffective) continue;
      const auto epoch = std::ranges::find(state.route, each.event.epoch, &Epoch::token);
      RC_ASSERT(epoch != state.route.end());
      RC_ASSERT(epoch->custodian == each.event.position.journal.member);
    }
    for (const Epoch& each : state.route) {
      RC_ASSERT(c.verdict(each.token) == Verdict::kEffective);
    }
  });
}

TEST_CASE("checking a move agrees with folding it", "[case][moves][property]") {
  rc::prop("a draft is legal when it counts once added", [] {
    CaseBuilder c = any_case();
    c.generation = 2;  // behind all that anybody wrote
    for (const Step& step : any_steps()) {
      const CaseState state = c.fold();
      const Event draft = c.draft(likely_author(state, step), any_body(c, state, step));
      const auto* const ruled = std::get_if<Ruled>(&draft.body);
      const auto* const forwarded = std::get_if<Forwarded>(&draft.body);
      if (ruled != nullptr && ruled->ground == "suspended") continue;  // refused beforehand
      if (forwarded != nullptr && forwarded->to == member("bpk")) continue;
      const bool wants_end = draft.kind == EventKind::kErased || draft.kind == EventKind::kRated;
      if (wants_end && state.status != CaseStatus::kClosed) continue;  // likewise
      if (draft.kind == EventKind::kErased && !state.holds.empty()) continue;
      if (is_left_to_author(draft.kind, state)) continue;
      const bool legal = check_move(state, c.events, draft, c.roster).has_value();
      const EventHash added = c.append_as_is(place_draft(draft, state, c.events));
      RC_ASSERT((c.verdict(added) == Verdict::kEffective) == legal);
      if (!legal) c.events.pop_back();
    }
  });
  rc::prop("legal moves are those that a well-formed draft passes", [] {
    CaseBuilder c = any_case();
    c.generation = 2;
    const CaseState state = c.fold();
    const EventHash offer = state.offer ? state.offer->hash : EventHash{};
    const std::vector<EventBody> bodies = {
        Verified{},
        Assigned{"x"},
        Postponed{"x", c.now},
        Resumed{},
        Recalled{offer},
        Referred{"x", {}},
        Progress{},
        Answered{},
        Closed{},
        Reopened{"x"},
        Corrected{CorrectedField::kRegion, "x"},
        Accepted{offer},
        Declined{offer, "x", {}},
        Ruled{offer, member("34.04"), state.appeal ? kAppealGround : "x"},
        Opened{}};
    for (const std::string& actor : kCast) {
      for (const EventBody& body : bodies) {
        const Event draft = c.draft(actor, body);
        const auto legal = legal_moves(state, member(actor), c.roster, draft.time);
        const bool listed = std::ranges::find(legal, draft.kind) != legal.end();
        if (is_left_to_author(draft.kind, state)) continue;
        const auto checked = check_move(state, c.events, draft, c.roster);
        RC_LOG() << actor << " " << name_of(draft.kind) << ": "
                 << (checked ? "legal" : checked.error().message) << "\n";
        RC_ASSERT(checked.has_value() == listed);
      }
    }
  });
}
