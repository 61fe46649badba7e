#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "node/policy_file.h"
#include "tests/support/federation.h"

using namespace simpul;
using Catch::Contains;
using simpul::test::Federation;

namespace {

std::string shipped() {
  std::ifstream file(SIMPUL_SOURCE_DIR "/deploy/policy.toml");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string complaint(std::string_view text) {
  const auto policy = read_policy_file(text, {});
  REQUIRE_FALSE(policy);
  CHECK(policy.error().code == ErrorCode::kMalformed);
  return policy.error().message;
}

LocalDay day(int year, int month, int of_month) {
  return LocalDay{std::chrono::local_days{std::chrono::year{year} / month / of_month}};
}

}  // namespace

TEST_CASE("the policy that is shipped has the decreed limits and days off", "[policy]") {
  const auto policy = read_policy_file(shipped(), {.max_declines = 9});
  REQUIRE(policy);
  CHECK(policy->max_declines == 3);
  CHECK(policy->clocks == ClockPolicy{});
  const auto in_year = [&](int year) {
    return std::ranges::count_if(policy->days_off, [&](LocalDay off) {
      return std::chrono::year_month_day(off).year() == std::chrono::year{year};
    });
  };
  CHECK(in_year(2025) == 17 + 10);  // holidays and collective leave
  CHECK(in_year(2026) == 17 + 8);
  const WorkCalendar calendar(policy->days_off);
  CHECK(calendar.after(day(2025, 3, 27), 3) == day(2025, 4, 10));
  CHECK(calendar.after(day(2025, 12, 23), 14) == day(2026, 1, 15));
  CHECK_FALSE(calendar.is_working(day(2026, 8, 17)));
}

TEST_CASE("what a policy file leaves out stays as it is", "[policy]") {
  Policy current{.max_declines = 5};
  current.days_off = {day(2026, 1, 1)};
  const auto policy = read_policy_file("[clocks]\ncomplaint = 10\n", current);
  REQUIRE(policy);
  CHECK(policy->max_declines == 5);
  CHECK(policy->days_off == current.days_off);
  CHECK(policy->clocks.complaint == 10);
  CHECK(policy->clocks.verify == 3);
  const auto owned = read_policy_file("[[owners]]\ncategory = \"roads\"\nmember = \"51\"", current);
  REQUIRE(owned);
  CHECK(owned->owners == std::vector<CategoryOwner>{{"roads", "", *MemberId::parse("51")}});
  CHECK(read_policy_file("max_declines = 3", *owned)->owners == owned->owners);
  CHECK(read_policy_file("owners = []", *owned)->owners.empty());
  const auto kept = read_policy_file("[retention]\ncomplaint = 1825\n", current);
  REQUIRE(kept);
  CHECK(read_policy_file("reopen_within = 30", current)->reopen_within == 30);
  CHECK(kept->retention == RetentionPolicy{.complaint = 1825});
  CHECK(read_policy_file("[retention]\ncomplaint = 0\n", *kept)->retention == RetentionPolicy{});
  const auto emptied = read_policy_file("days_off = []", current);
  REQUIRE(emptied);
  CHECK(emptied->days_off.empty());
}

TEST_CASE("what is wrong in a policy file is named with its line", "[policy]") {
  CHECK_THAT(complaint("[clocks]\nverfy = 3\n"), Contains("line 2") && Contains("verfy"));
  CHECK_THAT(complaint("[clocks]\nverify = 0\n"), Contains("line 2") && Contains("1 to 1000"));
  CHECK_THAT(complaint("[clocks]\nverify = 1.5\n"), Contains("line 2"));
  CHECK_THAT(complaint("days_off = [\"2026-01-01\"]"), Contains("without quotes"));
  CHECK_THAT(complaint("days_off = [2026-02-30]"), Contains("line 1"));
  CHECK_THAT(complaint("days_off = 3"), Contains("list of dates"));
  CHECK_THAT(complaint("holidays = []"), Contains("holidays"));
  CHECK_THAT(complaint("owners = 3"), Contains("[[owners]]"));
  CHECK_THAT(complaint("[[owners]]\nmember = \"51\""), Contains("no category"));
  CHECK_THAT(complaint("[[owners]]\ncategory = \"Roads\"\nmember = \"51\""),
             Contains("line 2") && Contains("a-z"));
  CHECK_THAT(complaint("[[owners]]\ncategory = \"roads\"\nmember = \"!\""), Contains("line 3"));
  CHECK_THAT(complaint("[[owners]]\ncategory = \"roads\"\nmember = \"51\"\nzone = 3"),
             Contains("zone"));
  const std::string roads = "[[owners]]\ncategory = \"roads\"\nmember = \"51\"\n";
  CHECK_THAT(complaint(roads + roads), Contains("line 4") && Contains("already"));
  CHECK_THAT(complaint("[retention]\ncomplaints = 3\n"), Contains("line 2") && Contains("class"));
  CHECK_THAT(complaint("[retention]\ncomplaint = -1\n"), Contains("0 (no limit)"));
  CHECK_THAT(complaint("reopen_within = -1"), Contains("line 1") && Contains("days"));
  CHECK_THAT(complaint("retention = 3"), Contains("table"));
  CHECK_THAT(complaint("clocks = 3"), Contains("table"));
  CHECK_THAT(complaint("max_declines ="), Contains("line 1"));
}

TEST_CASE("a policy put in force at the hub holds at every member", "[policy][engine]") {
  Federation federation(51, {{"hub", MemberKind::kHub}, {"51.03", MemberKind::kRegency}});
  REQUIRE(federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
  CHECK_FALSE(federation.call("51.03", "hub.policy", {{"policy", "max_declines = 2"}}));
  CHECK_FALSE(federation.call("hub", "hub.policy", {{"policy", "max_declines = 0"}}));
  const auto shown = federation.call("hub", "hub.policy", {});
  REQUIRE(shown);
  CHECK((*shown)["clocks"]["complaint"] == 14);

  // The virtual clock begins on Thursday, 1 January 2026.
  const auto deadline = [&](const std::string& id) {
    ReadTransaction transaction(federation.node("51.03").store().environment());
    return Tables(transaction).cases.get(*CaseId::parse(id))->deadline;
  };
  const auto open = [&] {
    const auto opened =
        federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "Jalan rusak"}});
    REQUIRE(opened);
    return (*opened)["case"].get<std::string>();
  };
  CHECK(deadline(open()) == end_of(day(2026, 1, 6), TimeZone::kWita));  // verification: 3 days
  const auto put = federation.call("hub", "hub.policy",
                                   {{"policy", "days_off = [2026-01-02]\n[clocks]\nverify = 2\n"}});
  REQUIRE(put);
  CHECK((*put)["clocks"]["verify"] == 2);
  REQUIRE(federation.run_until([&] {
    return (*federation.call("51.03", "status", {}))["roster"]["version"] == (*put)["roster"];
  }));
  CHECK(deadline(open()) == end_of(day(2026, 1, 6), TimeZone::kWita));  // Monday and Tuesday
  REQUIRE(federation.call("hub", "hub.policy", {{"policy", "[clocks]\nverify = 1\n"}}));
  federation.run_for(std::chrono::minutes{1});
  CHECK(deadline(open()) == end_of(day(2026, 1, 5), TimeZone::kWita));
}
