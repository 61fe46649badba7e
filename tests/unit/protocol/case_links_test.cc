// Links between cases, what the reporter takes back, and appeals, by the rules of one case alone.
#include <catch2/catch.hpp>

#include "protocol/case_links.h"
#include "protocol/custody.h"
#include "protocol/entitlement.h"
#include "protocol/levels.h"
#include "tests/support/case_builder.h"

using namespace simpul;
using Catch::Matchers::Contains;

namespace {

CaseId other_case(std::uint64_t number, const std::string& origin = "51") {
  SeededRandom random(100 + number);
  return CaseId::make(member(origin), random);
}

Linked linked(Relation relation, const CaseId& other, const std::string& with = "") {
  return {.relation = relation,
          .other = other,
          .with = with.empty() ? MemberId{} : member(with),
          .undone = false};
}

Linked undone(Relation relation, const CaseId& other) {
  return {.relation = relation, .other = other, .with = {}, .undone = true};
}

PartReported closed_part(const CaseId& part) {
  return {.part = part,
          .stage = PartStage::kClosed,
          .outcome = Outcome::kResolved,
          .custodian = member("pupr")};
}

}  // namespace

TEST_CASE("a custodian links its case, and takes that back", "[case][links]") {
  CaseBuilder c;
  c.open();
  const CaseId other = other_case(1);
  const EventHash made = c.add("51.03", linked(Relation::kRelated, other));
  REQUIRE(c.fold().links.size() == 1);
  CHECK(c.fold().links[0].hash == made);
  CHECK(c.fold().links[0].other == other);
  CHECK(c.fold().links[0].by == member("51.03"));
  CHECK_THAT(c.refusal("51.03", linked(Relation::kRelated, other)), Contains("already"));
  CHECK_THAT(c.refusal("51.03", undone(Relation::kPartOf, other)), Contains("is not said to be"));
  CHECK_THAT(c.refusal("51.03", linked(Relation::kRelated, c.id)), Contains("to itself"));
  CHECK(c.verdict(c.add("51", linked(Relation::kRelated, other_case(2)))) == Verdict::kVoid);
  c.add("51.03", undone(Relation::kRelated, other));
  CHECK(c.fold().links.empty());
}

TEST_CASE("a duplicate has no duplicates and one survivor, so nothing goes round in a circle",
          "[case][links]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", linked(Relation::kDuplicateOf, other_case(1), "51"));
  CHECK_THAT(c.refusal("51.03", linked(Relation::kHasDuplicate, other_case(2))),
             Contains("so it cannot be"));
  CHECK_THAT(c.refusal("51.03", linked(Relation::kDuplicateOf, other_case(2), "51")),
             Contains("so it cannot be"));
  CHECK(c.refusal("51.03", linked(Relation::kHasPart, other_case(2))).empty());
  c.add("51.03", undone(Relation::kDuplicateOf, other_case(1)));
  CHECK(c.refusal("51.03", linked(Relation::kHasDuplicate, other_case(2))).empty());
}

TEST_CASE("a part has one whole and no parts", "[case][links]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", linked(Relation::kPartOf, other_case(1)));
  CHECK_THAT(c.refusal("51.03", linked(Relation::kHasPart, other_case(2))),
             Contains("so it cannot be"));
  CHECK_THAT(c.refusal("51.03", linked(Relation::kPartOf, other_case(2))),
             Contains("so it cannot be"));
}

TEST_CASE("a case has 64 links at most", "[case][links]") {
  CaseBuilder c;
  c.open();
  std::vector<StandingLink> standing;
  for (std::uint64_t i = 0; i < kLinksMax; ++i) {
    const Linked link = linked(Relation::kRelated, other_case(i));
    REQUIRE_FALSE(link_objection(c.id, standing, link));
    apply_link(standing, {}, link);
  }
  CHECK(link_objection(c.id, standing, linked(Relation::kRelated, other_case(99))));
  CHECK_FALSE(link_objection(c.id, standing, undone(Relation::kRelated, other_case(0))));
}

TEST_CASE("whom a link names is told of the case while it stands, and may read why",
          "[case][links]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", linked(Relation::kDuplicateOf, other_case(1), "pupr"));
  CHECK(c.fold().audience.contains(member("pupr")));
  const auto readers = [&](EnclosureRole role, EventKind kind) {
    return entitled(role, kind, c.fold(), c.roster);
  };
  CHECK(readers(EnclosureRole::kReason, EventKind::kLinked).contains(member("pupr")));
  CHECK_FALSE(readers(EnclosureRole::kReason, EventKind::kForwarded).contains(member("pupr")));
  CHECK_FALSE(readers(EnclosureRole::kNarrative, EventKind::kOpened).contains(member("pupr")));
  CHECK(c.verdict(c.add("pupr", Noted{})) == Verdict::kEffective);
  CHECK_THAT(c.refusal("51.03", linked(Relation::kRelated, other_case(2), "bpk")),
             Contains("can hold cases"));
  c.add("51.03", undone(Relation::kDuplicateOf, other_case(1)));
  CHECK_FALSE(c.fold().audience.contains(member("pupr")));
  CHECK(c.verdict(c.add("pupr", Noted{})) == Verdict::kEffective);  // it took part once
}

TEST_CASE("links go over with the case, and those of custody that a ruling undid do not",
          "[case][links]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", linked(Relation::kHasPart, other_case(1, "51.03")));
  c.pass("51.03", "51");
  REQUIRE(c.fold().links.size() == 1);
  const auto before = c.events;
  c.add("51", linked(Relation::kRelated, other_case(2)));
  const EventHash offer = c.forward("51", "pupr");
  auto unseen = c.events;
  c.add("pupr", Accepted{offer});
  c.add("pupr", linked(Relation::kRelated, other_case(3)));
  CHECK(c.fold().links.size() == 3);
  c.add("pusat", Ruled{offer, member("34.04"), "suspended"}, unseen);
  CHECK(c.fold().custodian == member("34.04"));
  CHECK(c.fold().links.size() == 2);
}

TEST_CASE("a case is closed as a duplicate once the survivor's custodian agrees", "[case][links]") {
  CaseBuilder c;
  c.open();
  const CaseId survivor = other_case(1);
  const Closed duplicate{Outcome::kDuplicate, survivor};
  CHECK_THAT(c.refusal("51.03", duplicate), Contains("is not linked to"));
  const EventHash link = c.add("51.03", linked(Relation::kDuplicateOf, survivor, "51"));
  CHECK_THAT(c.refusal("51.03", duplicate), Contains("51 has not agreed yet"));
  CHECK(c.verdict(c.add("pupr", LinkAnswered{link, true})) == Verdict::kVoid);
  c.add("51", LinkAnswered{link, false});
  CHECK_THAT(c.refusal("51.03", duplicate), Contains("51 does not agree"));
  c.add("51", LinkAnswered{link, true});
  CHECK(c.fold().links[0].agreed == true);
  CHECK(c.refusal("51.03", duplicate).empty());
}

TEST_CASE("a whole is not closed before its parts unless it is said why", "[case][links]") {
  CaseBuilder c;
  c.open();
  const CaseId part = other_case(1, "51.03");
  c.add("51.03", linked(Relation::kHasPart, part));
  CHECK_THAT(c.refusal("51.03", Closed{}), Contains(part.text()));
  Event explained = c.draft("51.03", Closed{});
  explained.enclosures.push_back({.role = EnclosureRole::kReason, .commitment = {}});
  CHECK(check_move(c.fold(), c.events, explained, c.roster));
  CHECK(c.verdict(c.add("51", closed_part(part))) == Verdict::kVoid);  // not the part's origin
  c.add("51.03", closed_part(part));
  REQUIRE(c.fold().links[0].report);
  CHECK(c.fold().links[0].report->custodian == member("pupr"));
  CHECK(c.refusal("51.03", Closed{}).empty());
}

TEST_CASE("what the reporter takes back is taken back until somebody who knows ends it",
          "[case][reporter]") {
  CaseBuilder c;
  c.open();
  c.pass("51.03", "51");
  const auto unseen = c.events;
  CHECK(c.verdict(c.add("51", Withdrawn{})) == Verdict::kVoid);
  const EventHash withdrawn = c.add("51.03", Withdrawn{}, unseen);
  CHECK(c.fold().withdrawal == withdrawn);
  c.add("51", Closed{}, unseen);
  CHECK(c.fold().withdrawal == withdrawn);  // that closing knew nothing of it
  c.add("51", Reopened{"by-mistake"});
  CHECK_FALSE(c.fold().withdrawal);
  c.add("51.03", Withdrawn{});
  CHECK(c.fold().withdrawal);
  c.add("51.03", ReporterReplied{});
  CHECK_FALSE(c.fold().withdrawal);
  c.add("51.03", Withdrawn{});
  c.add("51", Closed{Outcome::kWithdrawn, {}});
  CHECK_FALSE(c.fold().withdrawal);
  CHECK_THAT(c.refusal("51.03", Withdrawn{}), Contains("nothing to take back"));
}

TEST_CASE("an appeal takes an ended case to the next level, to begin anew", "[case][reporter]") {
  CaseBuilder c;
  c.open();
  CHECK_THAT(c.refusal("51.03", Appealed{member("51")}), Contains("nothing to appeal"));
  c.add("51.03", Answered{});
  c.add("51.03", Closed{});
  const Ruled ruling{{}, member("51"), kAppealGround};
  CHECK_THAT(c.refusal("pusat", ruling), Contains("nobody appealed"));
  const EventHash appeal = c.add("51.03", Appealed{member("51")});
  REQUIRE(c.fold().appeal);
  CHECK(c.fold().appeal->hash == appeal);
  CHECK_THAT(c.refusal("51.03", Appealed{member("51")}), Contains("waits already"));
  CHECK(c.refusal("pusat", ruling).empty());
  c.add("pusat", ruling);
  const CaseState state = c.fold();
  CHECK(state.custodian == member("51"));
  CHECK(state.status == CaseStatus::kVerified);
  CHECK(state.reopened_count == 1);
  CHECK_FALSE(state.closed_at);
  CHECK_FALSE(state.outcome);
  CHECK_FALSE(state.appeal);
}

TEST_CASE("a ruling on an appeal that it had not seen is void", "[case][reporter]") {
  CaseBuilder c;
  c.open();
  c.add("51.03", Answered{});
  const auto unseen = c.events;
  c.add("51.03", Appealed{member("51")});
  CHECK(c.verdict(c.add("pusat", Ruled{{}, member("51"), kAppealGround}, unseen)) ==
        Verdict::kVoid);
}

TEST_CASE("appeals go from a regency to its province, and from all others to the ruling hub",
          "[case][reporter]") {
  Roster roster = case_roster();
  CHECK(next_level(member("51.03"), roster) == member("51"));
  CHECK(next_level(member("34.04"), roster) == member("pusat"));  // 34 is no member
  CHECK(next_level(member("51"), roster) == member("pusat"));
  CHECK(next_level(member("pupr"), roster) == member("pusat"));
  CHECK(next_level(member("pusat"), roster).empty());
  for (Member& each : roster.members) each.suspended = each.id == member("51");
  CHECK(next_level(member("51.03"), roster) == member("pusat"));
}
