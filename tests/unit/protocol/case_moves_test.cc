#include <catch2/catch.hpp>

#include "protocol/case_causality.h"
#include "tests/support/case_builder.h"

using namespace simpul;
using Catch::Contains;

namespace {

constexpr auto kPostponedUntil = CaseBuilder::kStart + std::chrono::hours{240};

struct Move {
  EventBody body;
  bool legal;
  CaseStatus then;
};

// A case of Badung brought to `status` by its own events.
CaseBuilder case_in(CaseStatus status) {
  CaseBuilder c;
  const EventHash opened = c.open();
  if (status == CaseStatus::kReceived) return c;
  if (status == CaseStatus::kVerified) c.add("51.03", Verified{});
  if (status == CaseStatus::kInProgress) c.add("51.03", Progress{});
  if (status == CaseStatus::kPostponed) c.add("51.03", Postponed{"anggaran", kPostponedUntil});
  if (status == CaseStatus::kAnswered) c.add("51.03", Answered{});
  if (status == CaseStatus::kClosed) c.add("51.03", Closed{});
  if (status == CaseStatus::kForwarded) c.forward("51.03", "51");
  if (status == CaseStatus::kReferred) c.add("51.03", Referred{"sengketa", opened});
  return c;
}

void check_moves(CaseStatus status, const std::vector<Move>& moves) {
  for (const Move& move : moves) {
    CaseBuilder c = case_in(status);
    const EventHash hash = c.add("51.03", move.body);
    INFO(name_of(status) << " -> " << name_of(kind_of(move.body)) << ": " << c.why(hash));
    CHECK((c.verdict(hash) == Verdict::kEffective) == move.legal);
    CHECK(c.fold().status == (move.legal ? move.then : status));
  }
}

using enum CaseStatus;

}  // namespace

TEST_CASE("each status allows its own moves and no others", "[case]") {
  const EventBody offer = Forwarded{member("51"), CaseBuilder::kDue, "wewenang"};
  const EventBody postpone = Postponed{"anggaran", kPostponedUntil};
  const EventBody refer = Referred{"sengketa", {}};
  check_moves(kReceived, {{Verified{}, true, kVerified},
                          {Assigned{"dinas"}, true, kReceived},
                          {postpone, true, kPostponed},
                          {Progress{}, true, kInProgress},
                          {offer, true, kForwarded},
                          {refer, true, kReferred},
                          {Answered{}, true, kAnswered},
                          {Closed{}, true, kClosed},
                          {Resumed{}, false, {}},
                          {Reopened{}, false, {}},
                          {Recalled{}, false, {}}});
  check_moves(kVerified, {{Verified{}, false, {}}, {Progress{}, true, kInProgress}});
  check_moves(kInProgress, {{Verified{}, false, {}}, {Progress{}, true, kInProgress}});
  check_moves(kPostponed, {{Resumed{}, true, kReceived},
                           {Answered{}, true, kAnswered},
                           {Closed{}, true, kClosed},
                           {offer, false, {}},
                           {refer, false, {}},
                           {Progress{}, false, {}},
                           {Assigned{"dinas"}, false, {}}});
  check_moves(kAnswered, {{Closed{}, true, kClosed},
                          {Progress{}, true, kInProgress},
                          {offer, true, kForwarded},
                          {Answered{}, false, {}},
                          {Assigned{"dinas"}, false, {}}});
  check_moves(kClosed, {{Reopened{}, true, kInProgress},
                        {Progress{}, false, {}},
                        {offer, false, {}},
                        {Closed{}, false, {}}});
  check_moves(kForwarded, {{refer, true, kReferred}, {Closed{}, false, {}}});
  check_moves(kReferred, {{refer, false, {}}, {Closed{}, false, {}}});
}

TEST_CASE("resuming returns to the status before the postponement", "[case]") {
  CaseBuilder c = case_in(kInProgress);
  c.add("51.03", Postponed{"anggaran", kPostponedUntil});
  CHECK(c.fold().postponed_until == kPostponedUntil);
  c.add("51.03", Resumed{});
  CHECK(c.fold().status == kInProgress);
  CHECK_FALSE(c.fold().postponed_until);
}

TEST_CASE("corrections change what they name in any ordinary status", "[case]") {
  CaseBuilder c = case_in(kClosed);
  c.add("51.03", Corrected{CorrectedField::kRegion, "51.04"});
  c.add("51.03", Corrected{CorrectedField::kClass, name_of(CaseClass::kInformation)});
  CHECK(c.fold().region == "51.04");
  CHECK(c.fold().case_class == CaseClass::kInformation);
  CHECK(c.fold().status == kClosed);
  CHECK_THAT(c.why(c.add("51.03", Corrected{CorrectedField::kClass, "lain"})),
             Contains("is not a class of cases"));
}

TEST_CASE("a duplicate is closed only as one of another case", "[case]") {
  CaseBuilder c = case_in(kReceived);
  CHECK_THAT(c.why(c.add("51.03", Closed{Outcome::kDuplicate, c.id})), Contains("another case"));
  const CaseId other = CaseBuilder("34.04").id;
  c.add("51.03", Closed{Outcome::kDuplicate, other});
  CHECK(c.fold().duplicate_of == other);
  CHECK(c.fold().outcome == Outcome::kDuplicate);
}

TEST_CASE("a reply that a closing for want of one had not seen reopens the case", "[case][race]") {
  CaseBuilder c = case_in(kAnswered);
  c.pass("51.03", "51");
  c.add("51", Answered{});
  const auto answered = c.events;
  const EventHash closing = c.add("51", Closed{Outcome::kExpired, {}});
  const auto closed = c.events;
  c.add("51.03", ReporterReplied{}, answered);
  CHECK(c.fold().status == kInProgress);
  CHECK(c.fold().reopened_count == 1);
  CHECK_FALSE(c.fold().closed_at);
  CHECK(c.verdict(closing) == Verdict::kEffective);

  SECTION("and the custodian that has seen it goes on") {
    CHECK(c.verdict(c.add("51", Progress{})) == Verdict::kEffective);
  }
  SECTION("but a reopening by who had not seen it counts once") {
    CHECK(c.verdict(c.add("51", Reopened{"keliru"}, closed)) == Verdict::kEffective);
    CHECK(c.fold().reopened_count == 1);
  }
}

TEST_CASE("a reply to what is closed already is an annotation", "[case]") {
  CaseBuilder c = case_in(kAnswered);
  SECTION("a closing for want of a reply that the reply had seen") {
    c.add("51.03", Closed{Outcome::kExpired, {}});
    CHECK(c.verdict(c.add("51.03", ReporterReplied{})) == Verdict::kEffective);
  }
  SECTION("a closing for another reason") {
    const auto answered = c.events;
    c.add("51.03", Closed{Outcome::kResolved, {}});
    c.add("51.03", ReporterReplied{}, answered);
  }
  CHECK(c.fold().status == kClosed);
}

TEST_CASE("annotations are for those who took part", "[case]") {
  CaseBuilder c = case_in(kForwarded);
  CHECK(c.verdict(c.add("51", Noted{})) == Verdict::kEffective);
  CHECK(c.verdict(c.add("lama", Noted{})) == Verdict::kEffective);
  CHECK(c.why(c.add("pupr", Noted{})) == "pupr has no part in " + c.id.text());
  CHECK_THAT(c.why(c.add("51", ReporterReplied{})), Contains("only the origin, 51.03"));
  CHECK_THAT(c.why(c.add("pupr", Delivered{c.events[1].hash, {}})),
             Contains("only the offeree, 51"));
}

TEST_CASE("the strictest privacy that nothing supersedes holds", "[case][privacy]") {
  CaseBuilder c;
  const EventHash opened = c.open_as(Privacy::kAnonymous);
  c.pass("51.03", "51");
  const auto before = c.events;
  const EventHash raise = c.add("51", PrivacyChanged{Privacy::kConfidential, {}}, before);
  c.add("51.03", PrivacyChanged{Privacy::kPublic, {opened}}, before);
  CHECK(c.fold().privacy == Privacy::kConfidential);
  c.add("51.03", PrivacyChanged{Privacy::kPublic, {raise}});
  CHECK(c.fold().privacy == Privacy::kPublic);
}

TEST_CASE("a change of privacy names all that nothing supersedes yet", "[case][privacy]") {
  CaseBuilder c;
  const EventHash opened = c.open_as(Privacy::kPublic);
  CHECK(c.fold().privacy_statements == std::vector{opened});
  CHECK(c.fold().privacy_by.is_zero());
  const EventHash raise = c.add("51.03", PrivacyChanged{Privacy::kAnonymous, {opened}});
  CHECK(c.fold().privacy_statements == std::vector{raise});
  CHECK(c.fold().privacy_by == raise);
  const EventHash lowered = c.add("51.03", PrivacyChanged{Privacy::kPublic, {raise}});
  CHECK(c.fold().privacy_statements == std::vector{lowered});
  CHECK(c.fold().privacy_by.is_zero());
}

TEST_CASE("who destroyed keys names a change of privacy that it has seen", "[case][privacy]") {
  CaseBuilder c;
  const EventHash opened = c.open();
  c.pass("51.03", "51");
  const auto before = c.events;
  const EventHash raise = c.add("51.03", PrivacyChanged{Privacy::kAnonymous, {opened}});
  CHECK(c.verdict(c.add("51", KeysDestroyed{raise})) == Verdict::kEffective);
  CHECK(c.verdict(c.add("pusat", KeysDestroyed{raise})) == Verdict::kEffective);
  CHECK(c.verdict(c.add("pupr", KeysDestroyed{raise})) == Verdict::kVoid);
  CHECK(c.verdict(c.add("51", KeysDestroyed{opened})) == Verdict::kVoid);
  CHECK(c.verdict(c.add("lama", KeysDestroyed{raise}, before)) == Verdict::kVoid);
  CHECK(c.fold().status == CaseStatus::kReceived);
}

TEST_CASE("only the origin lowers privacy", "[case][privacy]") {
  CaseBuilder c;
  const EventHash opened = c.open_as(Privacy::kConfidential);
  c.pass("51.03", "51");
  const EventHash lower = c.add("51", PrivacyChanged{Privacy::kPublic, {opened}});
  CHECK_THAT(c.why(lower), Contains("only the origin, 51.03, may lower"));
  CHECK(c.fold().privacy == Privacy::kConfidential);
  CHECK(c.verdict(c.add("pupr", PrivacyChanged{Privacy::kConfidential, {}})) == Verdict::kVoid);
}

TEST_CASE("an event waits for its ancestors", "[case][closure]") {
  CaseBuilder c = case_in(kReceived);
  const EventHash verified = c.add("51.03", Verified{});
  const EventHash progress = c.add("51.03", Progress{});
  const EventHash answered = c.add("51.03", Answered{});
  const CaseState state = fold_case(c.id, c.without(verified), c.roster);
  CHECK(state.status == kReceived);
  CHECK(state.pending_count == 2);
  CHECK(state.missing == std::vector{verified});
  CHECK(state.events[1].hash == progress);
  CHECK(state.events[1].verdict == Verdict::kPending);
  CHECK(state.events[2].hash == answered);
  CHECK(case_heads(c.without(verified), member("51.03")).own == c.events[0].hash);
}

TEST_CASE("a disputed event never counts and holds nothing up", "[case][closure]") {
  CaseBuilder c = case_in(kInProgress);
  c.events.back().disputed = true;
  const EventHash answered = c.add("51.03", Answered{});
  CHECK(c.verdict(c.events[1].hash) == Verdict::kDisputed);
  CHECK(c.verdict(answered) == Verdict::kEffective);
}

TEST_CASE("an event's previous one is its author's and comes before it", "[case][closure]") {
  CaseBuilder c = case_in(kForwarded);
  Event foreign = c.draft("51", Noted{});
  foreign.case_prev = c.events[0].hash;
  CHECK_THAT(c.why(c.append_as_is(foreign)), Contains("not of its author"));
  c.add("51", Noted{});
  Event backwards = c.draft("51", Noted{});
  backwards.position.index = 0;
  backwards.case_prev = c.events.back().hash;
  CHECK_THAT(c.why(c.append_as_is(backwards)), Contains("comes after it"));
}

TEST_CASE("events that claim to cite each other are void", "[case][closure]") {
  CaseBuilder c = case_in(kForwarded);
  c.add("51", Noted{});
  c.add("51.03", Noted{});
  c.events[2].event.after = {c.events[3].hash};
  CHECK(c.why(c.events[3].hash) == "it cites itself, directly or not");
  CHECK(c.fold().status == kForwarded);
}

TEST_CASE("a case folds its authors' first events up to the limit", "[case][closure]") {
  CaseBuilder c = case_in(kForwarded);
  Event noted = c.draft("51", Noted{});
  for (std::size_t i = 0; i < kCaseEventsMax + 10; ++i) {
    ++noted.position.index;
    c.append_as_is(noted);
  }
  const CaseState state = c.fold();
  CHECK(state.status == kForwarded);
  CHECK(state.pending_count == 12);
  CHECK(state.missing.empty());
}

TEST_CASE("who floods a case up to the limit keeps nobody from answering", "[case][closure]") {
  CaseBuilder c = case_in(kForwarded);
  Event noted = c.draft("51.03", Noted{});
  noted.epoch = c.events[0].hash;
  while (c.events.size() < kCaseEventsMax) {
    ++noted.position.index;
    noted.case_prev = c.events.back().hash;
    c.append_as_is(noted);
  }
  const CaseState state = c.fold();
  CHECK(state.pending_count == 0);
  CHECK(c.refusal("51", Accepted{state.offer->hash}).empty());
}

TEST_CASE("a later version's state-changing kind freezes authoring", "[case]") {
  CaseBuilder c = case_in(kInProgress);
  Event later = c.draft("51.03", Noted{});
  later.kind = static_cast<EventKind>(19);
  later.body = UnknownBody{};
  later.case_prev = c.events.back().hash;
  later.epoch = c.events[0].hash;
  SECTION("by the custodian") {
    later.state_changing = true;
    CHECK(c.verdict(c.append_as_is(later)) == Verdict::kUnknown);
    CHECK(c.fold().needs_upgrade);
    CHECK_THAT(c.refusal("51.03", Answered{}), Contains("upgrade this node first"));
    CHECK(c.refusal("51.03", Noted{}).empty());
  }
  SECTION("an annotation does not") {
    CHECK(c.verdict(c.append_as_is(later)) == Verdict::kUnknown);
    CHECK_FALSE(c.fold().needs_upgrade);
  }
}

TEST_CASE("a refusal says how the case stands and what is legal", "[case][moves]") {
  CaseBuilder c = case_in(kForwarded);
  CHECK(c.refusal("51.03", Progress{}) ==
        c.id.text() + " is offered to 51 until 2026-01-05; legal now: recalled, referred, " +
            "reporter-replied, privacy-changed, noted, legal-hold, withdrawn");
  CHECK(c.refusal("51.03", Recalled{c.fold().offer->hash}).empty());
  CHECK(c.refusal("51", Accepted{c.fold().offer->hash}).empty());
  CHECK_THAT(c.refusal("34.04", Verified{}), Contains("legal now: nothing"));
}

TEST_CASE("every actor's legal moves follow from its part in the case", "[case][moves]") {
  using enum EventKind;
  using Kinds = std::vector<EventKind>;
  CaseBuilder c = case_in(CaseStatus::kForwarded);
  const auto moves = [&](const char* actor, Instant at) {
    return legal_moves(c.fold(), member(actor), c.roster, at);
  };
  CHECK(moves("51", c.now) == Kinds{kDelivered, kAccepted, kDeclined, kNoted, kLegalHold});
  CHECK(moves("pusat", c.now) == Kinds{kNoted, kLegalHold});
  CHECK(moves("pusat", CaseBuilder::kDue + Duration{1}) == Kinds{kRuled, kNoted, kLegalHold});
  CHECK(moves("pupr", c.now).empty());
  const CaseState unopened = fold_case(c.id, {}, c.roster);
  CHECK(legal_moves(unopened, member("51.03"), c.roster, c.now) == Kinds{kOpened});
}

TEST_CASE("the reporter's newest rating counts, and only the origin passes it on", "[case]") {
  CaseBuilder c = case_in(CaseStatus::kInProgress);
  CHECK(c.refusal("51.03", Rated{2}).find("it is rated once it is closed") != std::string::npos);
  c.add("51.03", Closed{});
  CHECK(c.refusal("51.03", Rated{2}).empty());
  CHECK_FALSE(c.fold().stars);
  c.add("51.03", Rated{2});
  c.add("51.03", Rated{4});
  CHECK(c.verdict(c.add("51", Rated{1})) == Verdict::kVoid);
  CHECK(c.fold().stars == 4);
}

TEST_CASE("a case is reopened within the policy's days, and opened anew after them",
          "[case][policy]") {
  CaseBuilder c = case_in(CaseStatus::kInProgress);
  c.add("51.03", Closed{});
  c.now += std::chrono::hours{24 * 31};
  CHECK(c.refusal("51.03", Reopened{"new-evidence"}).empty());
  c.roster.policy.reopen_within = 30;
  CHECK(c.refusal("51.03", Reopened{"new-evidence"}).find("closed more than 30 days ago") !=
        std::string::npos);
  // Written by who knew of no such window it counts.
  CHECK(c.verdict(c.add("51.03", Reopened{"new-evidence"})) == Verdict::kEffective);
}

TEST_CASE("heads are what nobody held has cited", "[case][moves]") {
  CaseBuilder c = case_in(kForwarded);
  const auto offered = c.events;
  const EventHash theirs = c.add("51", Noted{}, offered);
  const EventHash own = c.add("51.03", Noted{}, offered);
  const CaseHeads heads = case_heads(c.events, member("51.03"));
  CHECK(heads.own == own);
  CHECK(heads.others == std::vector{theirs});
  CHECK(case_heads(c.events, member("pusat")).others.size() == 2);
  CHECK(case_heads(offered, member("51")).others == std::vector{offered.back().hash});
}
