// What a case is follows from its events and the roster, whichever came first, in the lists too.
#include <catch2/catch.hpp>

#include "protocol/roster_effect.h"
#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

bool carried_out(Federation& federation, const std::string& id, const std::string& name,
                 const Json& arguments) {
  return federation.run_until([&] { return federation.call(id, name, arguments).has_value(); });
}

std::string new_case_of(Federation& federation, const std::string& id) {
  REQUIRE(federation.run_until(
      [&] { return (*federation.call(id, "status", {}))["may_author"] == true; }));
  const auto opened =
      federation.call(id, "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}});
  REQUIRE(opened);
  return (*opened)["case"];
}

std::optional<CaseRow> listed(Federation& federation, const std::string& node,
                              const std::string& id) {
  ReadTransaction transaction(federation.node(node).store().environment());
  return Tables(transaction).cases.get(*CaseId::parse(id));
}

Roster roster_of(const std::vector<std::pair<std::string, MemberKind>>& members) {
  Roster roster;
  for (const auto& [id, kind] : members) {
    Member member;
    member.id = *MemberId::parse(id);
    member.kind = kind;
    roster.members.push_back(member);
  }
  roster.ruling_hub = *MemberId::parse("hub");
  return roster;
}

}  // namespace

TEST_CASE("a roster changes cases by its policy, its ruling hubs and who is new",
          "[protocol][roster]") {
  const Roster before = roster_of({{"34", MemberKind::kProvince}, {"hub", MemberKind::kHub}});
  Roster now = before;
  CHECK(effect_on_cases(before, now) == RosterEffect::kNone);
  now.version = 2;
  now.members[0].suspended = true;
  CHECK(effect_on_cases(before, now) == RosterEffect::kNone);
  now.policy.max_declines = 1;
  CHECK(effect_on_cases(before, now) == RosterEffect::kAll);
  now = before;
  now.ruling_hub = *MemberId::parse("34");
  CHECK(effect_on_cases(before, now) == RosterEffect::kAll);
  now = before;
  now.former_rulings.push_back({*JournalId::parse("34/1"), 7, {}});
  CHECK(effect_on_cases(before, now) == RosterEffect::kAll);
  now = roster_of(
      {{"34", MemberKind::kProvince}, {"36", MemberKind::kProvince}, {"hub", MemberKind::kHub}});
  CHECK(effect_on_cases(before, now) == RosterEffect::kVoids);
  CHECK(effect_on_cases(now, before) == RosterEffect::kAll);
  now = roster_of({{"34", MemberKind::kAuditor}, {"hub", MemberKind::kHub}});
  CHECK(effect_on_cases(before, now) == RosterEffect::kAll);
}

// simpul-sim --liars --seed 400219 --members 6 --days 0.3
TEST_CASE("a case that went to a member unknown then is its at everyone once the roster names it",
          "[engine][roster]") {
  Federation federation(41, {{"hub", MemberKind::kHub},
                             {"34", MemberKind::kProvince},
                             {"36", MemberKind::kProvince, false, false},
                             {"51.03", MemberKind::kRegency}});
  const std::string id = new_case_of(federation, "51.03");
  REQUIRE(federation.run_until([&] { return listed(federation, "hub", id).has_value(); }));
  federation.run_for(std::chrono::seconds(5));
  federation.kill("51.03");
  REQUIRE(carried_out(federation, "36", "enrol", {{"name", "Jayapura"}, {"kind", "province"}}));
  REQUIRE(carried_out(federation, "hub", "hub.admit", {{"member", "36"}}));
  REQUIRE(carried_out(federation, "hub", "hub.suspend", {{"member", "51.03"}}));
  REQUIRE(carried_out(federation, "hub", "hub.rule",
                      {{"case", id}, {"to", "36"}, {"ground", "suspended"}}));
  const MemberId to = *MemberId::parse("36");
  REQUIRE(listed(federation, "hub", id)->custodian == to);
  REQUIRE(carried_out(federation, "hub", "hub.reinstate", {{"member", "51.03"}}));
  federation.start("51.03");
  CHECK(federation.run_until([&] { return listed(federation, "51.03", id)->custodian == to; }));
}
