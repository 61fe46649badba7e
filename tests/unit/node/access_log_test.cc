#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "node/access_log.h"
#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

std::string digest_text(char letter) {
  return to_hex(sha256(Bytes{static_cast<std::uint8_t>(letter)}).view());
}

Json open_text(char letter) {
  return {{"state", "open"}, {"digest", digest_text(letter)}};
}

std::string some_case(std::uint64_t seed) {
  SeededRandom random(seed);
  return CaseId::make(MemberId::parse("51.03").value(), random).text();
}
const std::string kCase = some_case(1), kOther = some_case(2);

}  // namespace

TEST_CASE("what an answer opens is told by the answer, by case", "[access]") {
  const Json answer{{"case", kCase},
                    {"texts", {open_text('a'), {{"state", "kept"}, {"digest", digest_text('b')}}}},
                    {"cases", {{{"case", kOther}, {"reasons", {open_text('c')}}}}}};
  const Json opened = opened_by("case.show", answer, "budi (1000)");
  CHECK(opened["by"] == "case.show");
  CHECK(opened["reader"] == "budi (1000)");
  CHECK(opened["opened"][kCase] == Json{digest_text('a')});
  CHECK(opened["opened"][kOther] == Json{digest_text('c')});
}

TEST_CASE("an answer that opens nothing is no reading", "[access]") {
  CHECK(opened_by("case.list", {{"cases", {{{"case", kCase}}}}}, "x").is_null());
  CHECK(opened_by("case.show", {{"case", kCase}, {"texts", Json::array()}}, "x").is_null());
  CHECK(opened_by("alerts", Json::array(), "x").is_null());
}

TEST_CASE("names in an answer that are a member's own words are no case and no texts", "[access]") {
  CHECK(opened_by("report.part", {{"tallies", {{"case", {{"received", 1}}}}}}, "x").is_null());
  CHECK(opened_by("report.part", {{"texts", {{"state", 1}}}, {"reasons", 7}}, "x").is_null());
  const Json odd{{"case", kCase}, {"texts", Json::array({{{"state", "open"}, {"digest", 5}}})}};
  CHECK_FALSE(access_records(opened_by("case.show", odd, "x"), Instant{}));
  CHECK_FALSE(access_records(Json::object(), Instant{}));
  CHECK_FALSE(access_records({{"opened", 3}}, Instant{}));
}

TEST_CASE("readings become records of a case each, and what is none is refused", "[access]") {
  const Instant now{Duration{5}};
  const auto records = access_records({{"by", "case.show"},
                                       {"reader", "x"},
                                       {"opened", {{kCase, Json::array({digest_text('a')})}}}},
                                      now);
  REQUIRE(records);
  REQUIRE(records->size() == 1);
  CHECK((*records)[0].case_id.text() == kCase);
  CHECK((*records)[0].time == now);
  CHECK((*records)[0].enclosures == std::vector{sha256(Bytes{'a'})});
  CHECK_FALSE(access_records({{"opened", {{"no case", Json::array({digest_text('a')})}}}}, now));
  CHECK_FALSE(access_records({{"opened", {{kCase, Json::array({"ff"})}}}}, now));
  CHECK_FALSE(access_records({{"opened", {{kCase, Json::array({7})}}}}, now));
}

TEST_CASE("readings are listed by case and verified", "[access]") {
  Federation federation(431, {{"hub", MemberKind::kHub}, {"51.03", MemberKind::kRegency}});
  for (int i = 0; i < 3; ++i) {
    REQUIRE(federation.call(
        "51.03", kRecordAccess,
        {{"by", "case.show"},
         {"reader", "budi (1000)"},
         {"opened", {{i == 1 ? kOther : kCase, Json::array({digest_text('a')})}}}}));
  }
  const auto all = federation.ask("51.03", "access.list", {{"limit", 2}});
  REQUIRE(all);
  CHECK((*all)["records"].size() == 2);
  CHECK((*all)["records"][0]["number"] == 3);
  const auto rest = federation.ask("51.03", "access.list", {{"from", (*all)["next"]}});
  CHECK((*rest)["records"].size() == 1);
  const auto of_case = federation.ask("51.03", "access.list", {{"case", kOther}});
  REQUIRE((*of_case)["records"].size() == 1);
  CHECK((*of_case)["records"][0]["reader"] == "budi (1000)");
  const auto verdict = federation.ask("51.03", "access.verify", {});
  CHECK((*verdict)["verified"] == true);
  CHECK((*verdict)["records"] == 3);
}
