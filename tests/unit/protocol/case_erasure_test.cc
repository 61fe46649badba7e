// Erasure and legal holds, as the fold sees them.
#include <catch2/catch.hpp>

#include "protocol/case_readers.h"
#include "protocol/erasure.h"
#include "tests/support/case_builder.h"

using namespace simpul;

namespace {

std::set<MemberId> who_is_outstanding(const CaseBuilder& c) {
  const CaseState state = c.fold();
  return outstanding(state.erasures.at(0), state, c.roster);
}

// Of the narrative that `reader` was given.
KeyFate fate_of(const CaseBuilder& c, const std::string& reader) {
  for (const Reading& reading : readings_of(c.id, c.events, c.roster)) {
    if (reading.reader == member(reader)) return reading.fate;
  }
  return KeyFate::kInForce;
}

EventHash open_with_narrative(CaseBuilder& c) {
  Event opened = c.draft("51.03", Opened{});
  EnclosureRef narrative;
  narrative.commitment.digest = sha256(Bytes{7});
  opened.enclosures = {narrative};
  return c.append(opened, c.events);
}

}  // namespace

TEST_CASE("only the origin erases, and what was written without having seen it is erased",
          "[case][erasure]") {
  CaseBuilder c;
  const EventHash opened = c.open();
  c.pass("51.03", "51");
  const EventHash by_custodian = c.add("51", Erased{"request"});
  CHECK(c.why(by_custodian) == "only the origin, 51.03, erases " + c.id.text());
  const auto before = c.events;
  const EventHash erased = c.add("51.03", Erased{"request"});
  CHECK(c.verdict(erased) == Verdict::kEffective);
  const EventHash unaware = c.add("51", Noted{}, before);
  const EventHash aware = c.add("51", Noted{});
  CHECK(c.judged(opened).erased);
  CHECK(c.judged(unaware).erased);
  CHECK_FALSE(c.judged(erased).erased);
  CHECK_FALSE(c.judged(aware).erased);
  CHECK(c.fold().erasures.at(0).ground == "request");
}

TEST_CASE("what waits for an event that is not here is not erased yet", "[case][erasure]") {
  CaseBuilder c;
  c.open();
  c.pass("51.03", "51");
  const EventHash erased = c.add("51.03", Erased{"request"});
  const EventHash first = c.add("51", Noted{});
  const EventHash second = c.add("51", Noted{});
  c.events = c.without(first);
  CHECK(c.verdict(second) == Verdict::kPending);
  CHECK_FALSE(c.judged(second).erased);
  CHECK(c.verdict(erased) == Verdict::kEffective);
}

TEST_CASE("nothing is erased that a member has held by law", "[case][erasure]") {
  CaseBuilder c;
  c.open();
  c.pass("51.03", "51");
  const auto before = c.events;
  c.add("51", LegalHold{true});
  CHECK(c.fold().holds.at(0).by == member("51"));
  const EventHash refused = c.add("51.03", Erased{"request"});
  CHECK(c.why(refused) == "51 holds " + c.id.text() + " by law: nothing of it is erased");
  CHECK(c.fold().erasures.empty());

  SECTION("until that member releases it") {
    c.add("51.03", LegalHold{false});
    CHECK(c.verdict(c.add("51.03", Erased{"request"})) == Verdict::kVoid);
    c.add("51", LegalHold{false});
    CHECK(c.fold().holds.empty());
    CHECK(c.verdict(c.add("51.03", Erased{"request"})) == Verdict::kEffective);
  }
  SECTION(
      "an erasure that has not seen the hold counts, for nodes to carry out once it is released") {
    CHECK(c.verdict(c.add("pusat", LegalHold{true})) == Verdict::kEffective);
    c.events = before;
    const EventHash erased = c.add("51.03", Erased{"request"});
    c.add("51", LegalHold{true}, before);
    CHECK(c.verdict(erased) == Verdict::kEffective);
    CHECK(c.fold().holds.size() == 1);
  }
}

TEST_CASE("who has no part in a case holds nothing of it", "[case][erasure]") {
  CaseBuilder c;
  c.open();
  CHECK(c.verdict(c.add("34.04", LegalHold{true})) == Verdict::kVoid);
  CHECK(c.fold().holds.empty());
}

TEST_CASE("everyone who may have had something of an erased case says that it is gone",
          "[case][erasure]") {
  CaseBuilder c;
  c.open();
  const EventHash offer = c.forward("51.03", "pupr");
  c.add("pupr", Declined{offer, "incomplete", {}});
  c.pass("51.03", "51");
  CHECK_FALSE(c.fold().audience.contains(member("pupr")));
  const EventHash erased = c.add("51.03", Erased{"request"});
  CHECK(c.fold().audience.contains(member("pupr")));
  CHECK(who_is_outstanding(c) ==
        std::set{member("51"), member("lama"), member("pupr"), member("pusat")});
  CHECK(c.verdict(c.add("51", KeysDestroyed{erased})) == Verdict::kEffective);
  CHECK(c.verdict(c.add("34.04", KeysDestroyed{erased})) == Verdict::kVoid);
  CHECK(who_is_outstanding(c) == std::set{member("lama"), member("pupr"), member("pusat")});
}

TEST_CASE("who read an erased text may still hold its key until it says otherwise",
          "[case][erasure]") {
  CaseBuilder c;
  open_with_narrative(c);
  c.pass("51.03", "51");
  CHECK(fate_of(c, "51") == KeyFate::kInForce);
  const EventHash erased = c.add("51.03", Erased{"request"});
  CHECK(fate_of(c, "51.03") == KeyFate::kDestroyed);
  CHECK(fate_of(c, "51") == KeyFate::kKept);
  c.add("51", KeysDestroyed{erased});
  CHECK(fate_of(c, "51") == KeyFate::kDestroyed);
  CHECK(fate_of(c, "pusat") == KeyFate::kKept);
}

TEST_CASE("authors erase what is closed and not held", "[case][erasure]") {
  CaseBuilder c;
  c.open();
  CHECK(c.refusal("51.03", Erased{"request"})
            .starts_with(c.id.text() + " is received: it is erased once it is closed"));
  c.add("51.03", Closed{});
  CHECK(c.refusal("51.03", Erased{"request"}).empty());
  CHECK(c.refusal("51.03", Erased{"other"}).starts_with("the reason \"other\" wants"));
  c.add("pusat", LegalHold{true});
  CHECK(c.refusal("51.03", Erased{"request"}).starts_with("pusat holds " + c.id.text()));
}
