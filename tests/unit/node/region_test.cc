#include <catch2/catch.hpp>

#include "node/cli/format.h"
#include "node/cli/region_commands.h"
#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

const std::vector<Federation::Seat> kHubAndBadung = {{"hub", MemberKind::kHub},
                                                     {"51.03", MemberKind::kRegency}};

Result<Json> open_in(Federation& federation, const std::string& region,
                     const std::string& happened = "") {
  Json arguments{{"category", "roads"}, {"text", "Jalan berlubang"}, {"region", region}};
  if (!happened.empty()) arguments["happened"] = happened;
  return federation.call("51.03", "case.open", arguments);
}

bool badung_may_write(Federation& federation) {
  return federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; });
}

std::vector<std::string> codes_of(const Result<Json>& listed) {
  std::vector<std::string> codes;
  for (const Json& region : (*listed)["regions"]) codes.push_back(region["code"]);
  return codes;
}

}  // namespace

TEST_CASE("a case is opened in a region that exists and refused in one that does not", "[region]") {
  Federation federation(1, kHubAndBadung);
  REQUIRE(badung_may_write(federation));
  REQUIRE(open_in(federation, "51.71"));
  const auto refused = open_in(federation, "denpasar");
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::kMalformed);
  CHECK(refused.error().message.find("51.71 (Kota Denpasar)") != std::string::npos);
}

TEST_CASE("a code that has ended is good for what happened while it was valid", "[region]") {
  Federation federation(2, kHubAndBadung);
  REQUIRE(badung_may_write(federation));
  const auto now = open_in(federation, "91.01");
  REQUIRE(!now);
  CHECK(now.error().code == ErrorCode::kNotAllowed);
  CHECK(now.error().message.find("93.01") != std::string::npos);
  CHECK(open_in(federation, "91.01", "2021-01-05T08:00:00Z"));
}

TEST_CASE("a case's region is corrected to one that exists only", "[region]") {
  Federation federation(3, kHubAndBadung);
  REQUIRE(badung_may_write(federation));
  const std::string id = (*open_in(federation, "51.03"))["case"];
  const auto correct = [&](const std::string& value) {
    return federation.call("51.03", "case.correct",
                           {{"case", id}, {"field", "region"}, {"value", value}});
  };
  CHECK(!correct("51.99"));
  REQUIRE(correct("51.04"));
  CHECK(federation.state("51.03", id).region == "51.04");
}

TEST_CASE("a ministry's cases are its own where no region is named", "[region]") {
  Federation federation(4, {{"hub", MemberKind::kHub}, {"pupr", MemberKind::kMinistry}});
  REQUIRE(federation.run_until(
      [&] { return (*federation.call("pupr", "status", {}))["may_author"] == true; }));
  CHECK(federation.call("pupr", "case.open", {{"category", "roads"}, {"text", "Jalan rusak"}}));
}

TEST_CASE("regions are listed by province, by day and by name", "[region]") {
  const auto listed = [](const Json& arguments) {
    return codes_of(regions_json(arguments, "2026-01-05"));
  };
  CHECK(listed(Json::object()).size() == 552);
  CHECK(listed({{"province", "51"}}).size() == 10);
  CHECK(listed({{"province", "91"}}).size() == 10);
  CHECK(listed({{"province", "91"}, {"all", true}}).size() == 30);
  CHECK(listed({{"province", "91"}, {"at", "2022-01-01"}}).size() == 30);
  CHECK(listed({{"province", "93"}, {"at", "2022-01-01"}}).empty());
  CHECK(listed({{"name", "badung"}}) == std::vector<std::string>{"51.03"});
  CHECK(regions_json({{"province", "99"}}, "2026-01-05").error().code == ErrorCode::kNotFound);
  CHECK(!regions_json({{"province", "51.03"}}, "2026-01-05"));
  CHECK(!regions_json({{"at", "yesterday"}}, "2026-01-05"));
}

TEST_CASE("a region is shown with its province and what came before and after", "[region]") {
  CHECK(format_region(*region_json("51.03"), {}) == "51.03  Kabupaten Badung\nProvince  51 Bali\n");
  CHECK(format_region(*region_json("91.01"), {}) ==
        "91.01  Kabupaten Merauke\nProvince  91 Papua\nUntil     2022-07-25\n"
        "Now       93.01 Kabupaten Merauke\n");
  CHECK(format_region(*region_json("93"), {}) ==
        "93  Papua Selatan\nSince     2022-07-25\nBefore    91 Papua\n");
  CHECK(format_region(*region_json("92"), {}) ==
        "92  Papua Barat\nGave to   96 Papua Barat Daya\n");
  CHECK(region_json("badung").error().code == ErrorCode::kNotFound);
}

TEST_CASE("a case is shown with its region's name, known or not", "[region]") {
  const auto shown = [](const std::string& code) { return format_case({{"region", code}}, {}); };
  CHECK(shown("51.03").find("Region        51.03 Kabupaten Badung\n") != std::string::npos);
  CHECK(shown("91.01").find("91.01 Kabupaten Merauke (until 2022-07-25; now 93.01)\n") !=
        std::string::npos);
  CHECK(shown("pupr").find("Region        pupr\n") != std::string::npos);
}
