// The fold of one case. The input drives authors that see more or less of what the others wrote.
// What honest ones wrote, or any part of it, the naive model (tests/simulation/model.h) must fold
// to the same; with hostile ones the state must still make sense. Either way it is the same in any
// order and with everything twice.
#include <algorithm>
#include <map>

#include "protocol/custody.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"
#include "tests/simulation/product_view.h"
#include "tests/support/case_builder.h"

namespace simpul::fuzz {

namespace {

constexpr std::size_t kStepsMax = 20;
constexpr const char* kCast[] = {"51.03", "51", "pupr", "34.04", "pusat", "lama", "bpk"};
constexpr std::size_t kCastSize = std::size(kCast);

MemberId some_member(Script& script) {
  return member(kCast[script.below(kCastSize)]);
}

EventHash some_event(const CaseBuilder& c, Script& script) {
  const std::size_t back = script.below(256);
  if (back == 255) return sha256(Bytes{1});  // of nothing that is held
  return c.events[c.events.size() - 1 - back % c.events.size()].hash;
}

EventHash likely_offer(const CaseBuilder& c, const CaseState& state, Script& script) {
  return state.offer && script.below(8) != 0 ? state.offer->hash : some_event(c, script);
}

std::string some_ground(Script& script) {
  const std::uint64_t draw = script.below(6);
  return draw == 0 ? "suspended" : draw == 1 ? kAppealGround : "x";
}

CaseId some_case(Script& script) {
  SeededRandom random(script.below(3));
  return CaseId::make(some_member(script), random);
}

Linked some_link(Script& script, bool undone) {
  Linked link{.relation = static_cast<Relation>(script.below(5)),
              .other = some_case(script),
              .with = {},
              .undone = undone};
  if (script.flag()) link.with = some_member(script);
  return link;
}

EventBody custody_body(const CaseBuilder& c, const CaseState& state, Script& script) {
  const auto due = [&] { return c.now + std::chrono::minutes{5 * script.below(32)}; };
  switch (script.below(7)) {
    case 0:
    case 1:
      return Forwarded{some_member(script), due(), "x"};
    case 2:
      return Accepted{likely_offer(c, state, script)};
    case 3:
      return Declined{likely_offer(c, state, script), "x", some_member(script)};
    case 4:
      return Recalled{likely_offer(c, state, script)};
    case 5:
      return Referred{"x", script.flag() ? likely_offer(c, state, script) : EventHash{}};
    default:
      return Ruled{script.flag() ? likely_offer(c, state, script) : EventHash{},
                   some_member(script), some_ground(script)};
  }
}

EventBody work_body(const CaseBuilder& c, const CaseState& state, Script& script) {
  switch (script.below(27)) {
    case 0:
      return Verified{};
    case 1:
      return Assigned{"x"};
    case 2:
      return Postponed{"x", c.now};
    case 3:
      return Resumed{};
    case 4:
      return Progress{};
    case 5:
      return Answered{};
    case 6:
      return Closed{static_cast<Outcome>(script.below(5)), {}};
    case 7:
      return Reopened{"x"};
    case 8:
      return Corrected{CorrectedField::kCategory, "x"};
    case 9:
      return Delivered{likely_offer(c, state, script), {}};
    case 10:
      return ReporterReplied{};
    case 11:
      return PrivacyChanged{static_cast<Privacy>(script.below(3)), {some_event(c, script)}};
    case 12:
      return Noted{};
    case 13:
      return Opened{};
    case 14:
      return KeysDestroyed{some_event(c, script)};
    case 15:
      return Escalated{script.flag() ? Stage::kVerify : Stage::kComplete, script.flag() ? 1u : 0u};
    case 16:
      return Erased{"request"};
    case 17:
      return LegalHold{script.flag()};
    case 18:
      return Rated{static_cast<std::uint8_t>(1 + script.below(5))};
    case 19:
    case 20:
      return some_link(script, false);
    case 21:
      return some_link(script, true);
    case 22:
      return PartReported{some_case(script), static_cast<PartStage>(script.below(3)),
                          static_cast<Outcome>(script.below(5)), some_member(script)};
    case 23:
      return LinkAnswered{state.links.empty() ? some_event(c, script) : state.links.back().hash,
                          script.flag()};
    case 24:
      return Withdrawn{};
    case 25:
      return Appealed{some_member(script)};
    default:
      return Settled{};
  }
}

// The one whose turn it is, more often than chance would have it.
MemberId likely_author(const CaseState& state, Script& script) {
  switch (script.below(4)) {
    case 0:
      return some_member(script);
    case 1:
      return member("pusat");
    case 2:
      if (state.offer) return state.offer->to;
      [[fallthrough]];
    default:
      return state.custodian.empty() ? member("51.03") : state.custodian;
  }
}

// A case under way, and how much of it each author has seen: all before that, and its own.
class Authors {
 public:
  explicit Authors(bool honest) : honest_(honest) {
    case_.open();
    last_view_ = case_.fold();
  }

  void take_step(Script& script) {
    const std::uint8_t how = script.u8();
    const MemberId author = likely_author(last_view_, script);
    const CaseBuilder::Events seen = look(author, (how & 8) ? script.below(16) : 0);
    const CaseState view = last_view_ = fold_case(case_.id, seen, case_.roster);
    if (!honest_ && (how & 7) == 7) case_.generation = 3 - case_.generation;
    Event event = case_.draft(author.text(), (how & 16) ? work_body(case_, view, script)
                                                        : custody_body(case_, view, script));
    if (event.kind != EventKind::kOpened) event.epoch = view.epoch;
    if (!honest_ && (how & 0x60) == 0x60) return forge(std::move(event), script);
    if (honest_ && !check_move(view, seen, event, case_.roster)) return;
    case_.append_as_is(place_draft(std::move(event), view, seen));
  }
  const CaseBuilder& so_far() const { return case_; }

 private:
  // What the author has before it when it lags `behind` by so many events; it forgets nothing.
  CaseBuilder::Events look(const MemberId& author, std::size_t behind) {
    std::size_t& seen = seen_[author];
    seen = std::max(seen, case_.events.size() - std::min(behind, case_.events.size()));
    CaseBuilder::Events view;
    for (std::size_t i = 0; i < case_.events.size(); ++i) {
      const bool own = case_.events[i].event.position.journal.member == author;
      if (i < seen || own) view.push_back(case_.events[i]);
    }
    return view;
  }

  void forge(Event event, Script& script) {
    const std::size_t how = script.u8();
    if (how & 1) event.epoch = some_event(case_, script);
    if (how & 2) event.case_prev = some_event(case_, script);
    if (how & 4) event.after = {some_event(case_, script), some_event(case_, script)};
    if (how & 8) event.position.index = script.below(64);
    case_.append_as_is(std::move(event));
  }

  const bool honest_;
  CaseBuilder case_;
  CaseState last_view_;  // of whoever wrote last
  std::map<MemberId, std::size_t> seen_;
};

void check_judged(const CaseState& state, const CaseState& other) {
  SIMPUL_CHECK(state.missing == other.missing && state.void_count == other.void_count);
  SIMPUL_CHECK(state.events.size() == other.events.size());
  for (std::size_t i = 0; i < state.events.size(); ++i) {
    SIMPUL_CHECK(state.events[i].hash == other.events[i].hash);
    SIMPUL_CHECK(state.events[i].verdict == other.events[i].verdict);
    SIMPUL_CHECK(state.events[i].why == other.events[i].why);
  }
}

void tell_difference(const CaseState& state, const CaseBuilder::Events& events,
                     const sim::CaseView& view, const sim::CaseView& naive) {
  for (const Judged& judged : state.events) {
    const auto found = std::ranges::find(events, judged.hash, &CaseEvent::hash);
    std::fprintf(stderr, "%s %s %s %s\n", judged.position.text().c_str(),
                 name_of(found->event.kind), name_of(judged.verdict), judged.why.c_str());
  }
  std::fprintf(stderr, "product: %s\nmodel:   %s\n", sim::describe(view).c_str(),
               sim::describe(naive).c_str());
}

void check_against_model(const CaseBuilder& c, const CaseBuilder::Events& events,
                         const CaseState& state) {
  std::vector<sim::Fact> facts;
  for (const CaseEvent& each : events) facts.push_back({each.hash, each.event});
  const sim::CaseView view = sim::view_of(state);
  const sim::CaseView naive = sim::naive_fold(c.id, facts, c.roster);
  if (view != naive) tell_difference(state, events, view, naive);
  SIMPUL_CHECK(view == naive);
}

// What must hold whoever wrote the events.
void check_sense(const CaseBuilder& c, const CaseBuilder::Events& events, const CaseState& state) {
  SIMPUL_CHECK(state.events.size() <= events.size() && state.id == c.id);
  SIMPUL_CHECK(state.has_opened() != state.custodian.empty());
  if (!state.has_opened()) return;
  SIMPUL_CHECK(state.route.front().custodian == c.id.origin());
  SIMPUL_CHECK(state.route.back().custodian == state.custodian);
  SIMPUL_CHECK(state.route.back().token == state.epoch);
  SIMPUL_CHECK(state.audience.contains(c.id.origin()));
  for (const Epoch& epoch : state.route) {
    SIMPUL_CHECK(state.audience.contains(epoch.custodian));
    const auto token = std::ranges::find(state.events, epoch.token, &Judged::hash);
    SIMPUL_CHECK(token != state.events.end() && token->verdict == Verdict::kEffective);
  }
  if (state.offer) {
    SIMPUL_CHECK(state.offer->from == state.custodian && state.audience.contains(state.offer->to));
  }
  const auto is = [&](Relation relation) {
    return std::ranges::find(state.links, relation, &CaseLink::relation) != state.links.end();
  };
  SIMPUL_CHECK(!is(Relation::kPartOf) || !is(Relation::kHasPart));
  SIMPUL_CHECK(!is(Relation::kDuplicateOf) || !is(Relation::kHasDuplicate));
  for (const EventHash& missing : state.missing) {
    SIMPUL_CHECK(std::ranges::find(events, missing, &CaseEvent::hash) == events.end());
  }
}

void check_fold(const CaseBuilder& c, const CaseBuilder::Events& events, bool honest,
                Script& script) {
  const CaseState state = fold_case(c.id, events, c.roster);
  check_sense(c, events, state);
  if (honest) check_against_model(c, events, state);
  CaseBuilder::Events shuffled = events;
  shuffled.insert(shuffled.end(), events.begin(), events.end());
  SeededRandom random(script.u16());
  for (std::size_t i = shuffled.size(); i > 1; --i) {
    std::swap(shuffled[i - 1], shuffled[random.below(i)]);
  }
  const CaseState again = fold_case(c.id, shuffled, c.roster);
  SIMPUL_CHECK(sim::view_of(again) == sim::view_of(state));
  check_judged(state, again);
}

}  // namespace

void fuzz_case_fold(BytesView input) {
  Script script(input);
  const bool honest = script.below(4) != 0;
  Authors authors(honest);
  for (std::size_t step = 0; step < kStepsMax && !script.done(); ++step) {
    authors.take_step(script);
  }
  const CaseBuilder& c = authors.so_far();
  check_fold(c, c.events, honest, script);
  CaseBuilder::Events some;
  for (const CaseEvent& each : c.events) {
    if (script.below(8) != 1) some.push_back(each);
  }
  check_fold(c, some, honest, script);
}

}  // namespace simpul::fuzz
