#include "protocol/case_readers.h"

#include <catch2/catch.hpp>

#include "tests/support/case_builder.h"

using namespace simpul;

namespace {

// A case whose texts are told apart by their number.
class WrittenCase : public CaseBuilder {
 public:
  EventHash write(const std::string& author, EventBody body, EnclosureRole role) {
    Event event = draft(author, std::move(body));
    EnclosureRef ref;
    ref.role = role;
    ref.commitment.digest = sha256(as_bytes("text " + std::to_string(events.size())));
    event.enclosures.push_back(ref);
    return append(event, events);
  }

  Opened opened(Privacy privacy) const {
    Opened body;
    body.privacy = privacy;
    return body;
  }

  // The only reading of a text of `role` by `reader`; nullopt if there is none.
  std::optional<Reading> reading(const std::string& reader, EnclosureRole role) const {
    std::optional<Reading> found;
    for (Reading& each : readings_of(id, events, roster)) {
      if (each.reader != member(reader) || each.role != role) continue;
      REQUIRE(!found);
      found = std::move(each);
    }
    return found;
  }
};

std::vector<ReadingGround> grounds_of(const std::optional<Reading>& reading) {
  std::vector<ReadingGround> grounds;
  if (!reading) return grounds;
  for (const ReadingSpan& span : reading->spans) grounds.push_back(span.ground);
  return grounds;
}

}  // namespace

TEST_CASE("a custodian reads what was written before from its offer on", "[readers]") {
  WrittenCase c;
  c.write("51.03", c.opened(Privacy::kConfidential), EnclosureRole::kNarrative);
  const Instant opened = c.now;
  CHECK(grounds_of(c.reading("51.03", EnclosureRole::kNarrative)) ==
        std::vector{ReadingGround::kAuthor});
  CHECK_FALSE(c.reading("51", EnclosureRole::kNarrative));

  const EventHash offer = c.forward("51.03", "51");
  const Instant offered = c.now;
  c.add("51", Accepted{offer});
  const auto bali = c.reading("51", EnclosureRole::kNarrative);
  REQUIRE(grounds_of(bali) == std::vector{ReadingGround::kOfferee, ReadingGround::kCustodian});
  CHECK(bali->spans[0].since == offered);
  CHECK(bali->spans[0].until == c.now);
  CHECK(bali->spans[1].since == c.now);
  CHECK(bali->spans[1].by == c.events.back().event.position);
  CHECK_FALSE(bali->spans[1].until);
  CHECK(bali->fate == KeyFate::kInForce);
  CHECK(c.reading("51.03", EnclosureRole::kNarrative)->spans[0].since == opened);
  CHECK_FALSE(c.reading("pusat", EnclosureRole::kNarrative));
}

TEST_CASE("who declines has destroyed the keys, who had the case may keep them", "[readers]") {
  WrittenCase c;
  c.write("51.03", c.opened(Privacy::kAnonymous), EnclosureRole::kNarrative);
  c.pass("51.03", "51");
  const EventHash offer = c.forward("51", "34.04");
  c.write("34.04", Declined{offer, "bukan-wewenang", {}}, EnclosureRole::kReason);
  CHECK(c.reading("34.04", EnclosureRole::kNarrative)->fate == KeyFate::kDestroyed);
  CHECK(c.reading("34.04", EnclosureRole::kNarrative)->spans.back().until == c.now);
  CHECK(c.reading("34.04", EnclosureRole::kReason)->fate == KeyFate::kInForce);
  CHECK(grounds_of(c.reading("pusat", EnclosureRole::kReason)) == std::vector{ReadingGround::kHub});

  c.pass("51", "pupr");
  CHECK(c.reading("51", EnclosureRole::kNarrative)->fate == KeyFate::kKept);
  CHECK(c.reading("51.03", EnclosureRole::kNarrative)->fate == KeyFate::kInForce);
  c.write("pupr", Answered{}, EnclosureRole::kAnswer);
  CHECK_FALSE(c.reading("51", EnclosureRole::kAnswer));
}

TEST_CASE("one who declines a second offer of what it once had keeps its keys", "[readers]") {
  WrittenCase c;
  c.write("51.03", c.opened(Privacy::kAnonymous), EnclosureRole::kNarrative);
  c.pass("51.03", "51");
  c.pass("51", "pupr");
  c.add("51", Declined{c.forward("pupr", "51"), "bukan-wewenang", {}});
  const auto bali = c.reading("51", EnclosureRole::kNarrative);
  CHECK(bali->fate == KeyFate::kKept);
  CHECK(grounds_of(bali) ==
        std::vector{ReadingGround::kOfferee, ReadingGround::kCustodian, ReadingGround::kOfferee});
}

TEST_CASE("an offeree that is passed over by a ruling may still hold the key", "[readers]") {
  WrittenCase c;
  c.write("51.03", c.opened(Privacy::kAnonymous), EnclosureRole::kNarrative);
  const EventHash offer = c.forward("51.03", "51");
  c.add("51.03", Referred{"tidak-dijawab", offer});
  c.add("pusat", Ruled{offer, member("pupr"), "wewenang"});
  CHECK(c.reading("51", EnclosureRole::kNarrative)->fate == KeyFate::kKept);
  CHECK(grounds_of(c.reading("pupr", EnclosureRole::kNarrative)) ==
        std::vector{ReadingGround::kCustodian});
}

TEST_CASE("the reporter of an anonymous case is known to its origin alone", "[readers]") {
  const Privacy privacy = GENERATE(Privacy::kAnonymous, Privacy::kConfidential);
  WrittenCase c;
  c.write("51.03", c.opened(privacy), EnclosureRole::kIdentity);
  c.pass("51.03", "51");
  CHECK(c.reading("51.03", EnclosureRole::kIdentity));
  CHECK_FALSE(c.reading("51", EnclosureRole::kIdentity));
  CHECK_FALSE(c.reading("pusat", EnclosureRole::kIdentity));
}

TEST_CASE("privacy raised ends what hubs and custodian were entitled to", "[readers]") {
  WrittenCase c;
  c.write("51.03", c.opened(Privacy::kPublic), EnclosureRole::kNarrative);
  const EventHash opened = c.events.back().hash;
  c.write("51.03", Noted{}, EnclosureRole::kIdentity);
  c.pass("51.03", "51");
  CHECK(c.reading("pusat", EnclosureRole::kNarrative)->fate == KeyFate::kInForce);
  CHECK(c.reading("lama", EnclosureRole::kNarrative)->fate == KeyFate::kInForce);
  CHECK(c.reading("51", EnclosureRole::kIdentity)->fate == KeyFate::kInForce);
  c.add("51.03", PrivacyChanged{Privacy::kConfidential, {opened}});
  CHECK(c.reading("pusat", EnclosureRole::kNarrative)->fate == KeyFate::kKept);
  CHECK(c.reading("51", EnclosureRole::kIdentity)->fate == KeyFate::kKept);
  CHECK(c.reading("51", EnclosureRole::kNarrative)->fate == KeyFate::kInForce);
  SECTION("and who says that it destroyed its keys is taken at its word, for itself") {
    c.add("51", KeysDestroyed{c.events.back().hash});
    CHECK(c.reading("51", EnclosureRole::kIdentity)->fate == KeyFate::kDestroyed);
    CHECK(c.reading("51", EnclosureRole::kNarrative)->fate == KeyFate::kInForce);
    CHECK(c.reading("pusat", EnclosureRole::kNarrative)->fate == KeyFate::kKept);
  }
  SECTION("and begins anew when it is lowered") {
    c.add("51.03", PrivacyChanged{Privacy::kPublic, {c.events.back().hash}});
    CHECK(c.reading("51", EnclosureRole::kIdentity)->fate == KeyFate::kInForce);
    CHECK(c.reading("pusat", EnclosureRole::kNarrative)->fate == KeyFate::kInForce);
  }
}

TEST_CASE("what does not count is read by its author alone", "[readers]") {
  WrittenCase c;
  c.open();
  c.write("pupr", Answered{}, EnclosureRole::kAnswer);
  CHECK(c.verdict(c.events.back().hash) == Verdict::kVoid);
  CHECK(grounds_of(c.reading("pupr", EnclosureRole::kAnswer)) ==
        std::vector{ReadingGround::kAuthor});
  CHECK(readings_of(c.id, c.events, c.roster).size() == 1);
}

TEST_CASE("readers are the same in whatever order the events came", "[readers]") {
  WrittenCase c;
  c.write("51.03", c.opened(Privacy::kPublic), EnclosureRole::kNarrative);
  c.pass("51.03", "51");
  c.write("51", Answered{}, EnclosureRole::kAnswer);
  const auto told = readings_of(c.id, c.events, c.roster);
  std::ranges::reverse(c.events);
  const auto again = readings_of(c.id, c.events, c.roster);
  REQUIRE(told.size() == again.size());
  for (std::size_t i = 0; i < told.size(); ++i) {
    CHECK(told[i].reader == again[i].reader);
    CHECK(told[i].event == again[i].event);
    CHECK(told[i].fate == again[i].fate);
    CHECK(told[i].spans.size() == again[i].spans.size());
  }
}
