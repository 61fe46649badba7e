#include <catch2/catch.hpp>
#include <set>

#include "protocol/ids.h"
#include "protocol/regions.h"

using namespace simpul;

namespace {

LocalDay on(int year, unsigned month, unsigned day) {
  return LocalDay{std::chrono::local_days{std::chrono::year{year} / static_cast<int>(month) /
                                          static_cast<int>(day)}};
}

std::string first_like(std::string_view text) {
  const auto alike = regions_like(text, 3);
  return alike.empty() ? "" : std::string(alike.front()->code);
}

std::string refusal(std::string_view code, LocalDay day) {
  const auto checked = check_region(code, day);
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("today there are 38 provinces and 514 regencies and cities", "[regions]") {
  const LocalDay day = on(2026, 1, 5);
  std::size_t provinces = 0, others = 0;
  for (const Region& region : regions()) {
    if (region.is_valid_on(day)) ++(region.is_province() ? provinces : others);
  }
  CHECK(provinces == 38);
  CHECK(others == 514);
}

TEST_CASE("every row of regions is whole and names rows that exist", "[regions]") {
  std::set<std::string_view> codes;
  for (const Region& region : regions()) {
    INFO(region.code);
    CHECK(codes.insert(region.code).second);
    CHECK(MemberId::parse(region.code));
    CHECK(!region.name.empty());
    REQUIRE(find_region(region.province()));
    CHECK(find_region(region.province())->is_province());
    CHECK((!region.since || !region.until || *region.since < *region.until));
    CHECK((!region.until || !region.successors.empty()));
    for (const std::string_view successor : region.successors) {
      const Region* next = find_region(successor);
      REQUIRE(next);
      REQUIRE(next->since);
      CHECK((!region.until || *next->since <= *region.until));
      CHECK(next->is_province() == region.is_province());
    }
  }
}

TEST_CASE("a code is found, an unknown or malformed one is not", "[regions]") {
  REQUIRE(find_region("51.03"));
  CHECK(find_region("51.03")->name == "Kabupaten Badung");
  CHECK(find_region("51")->name == "Bali");
  for (const char* code : {"", "5", "51.", "51.99", "5103", "51.03.01", "kemenpanrb", "51.3"}) {
    INFO(code);
    CHECK(!find_region(code));
  }
}

TEST_CASE("a regency that came to a new province is still found by its old code", "[regions]") {
  const Region* merauke = find_region("91.01");
  REQUIRE(merauke);
  CHECK(merauke->name == "Kabupaten Merauke");
  REQUIRE(merauke->successors.size() == 1);
  CHECK(merauke->successors[0] == "93.01");
  CHECK(find_region("91.01", on(2022, 7, 24)) == merauke);
  CHECK(!find_region("91.01", on(2022, 7, 25)));
  CHECK(!find_region("93.01", on(2022, 7, 24)));
  CHECK(find_region("93.01", on(2022, 7, 25))->name == "Kabupaten Merauke");
  const auto before = predecessors_of("93.01");
  REQUIRE(before.size() == 1);
  CHECK(before[0] == merauke);
}

TEST_CASE("a province that was divided goes on and names what it gave to", "[regions]") {
  const Region* papua = find_region("91");
  REQUIRE(papua);
  CHECK(!papua->until);
  CHECK(papua->successors == std::vector<std::string_view>{"93", "94", "95"});
  CHECK(find_region("92")->successors == std::vector<std::string_view>{"96"});
  CHECK(*find_region("96")->since == on(2022, 12, 8));
  CHECK(to_text(*find_region("96")->since) == "2022-12-08");
}

TEST_CASE("a name, a part of it, a slip or another spelling leads to the code", "[regions]") {
  CHECK(first_like("badung") == "51.03");
  CHECK(first_like("Kab. Badung") == "51.03");
  CHECK(first_like("kota bandung") == "32.73");
  CHECK(first_like("kabupaten bandung") == "32.04");
  CHECK(regions_like("badung", 9).size() == 1);
  CHECK(first_like("bandug") == "32.04");
  CHECK(regions_like("bandug", 9).size() == 2);
  CHECK(first_like("denpsar") == "51.71");
  CHECK(first_like("merauke") == "93.01");  // what has ended comes last
  CHECK(first_like("5103") == "51.03");
  CHECK(first_like("51-03") == "51.03");
  CHECK(first_like("51.3") == "51.03");
  CHECK(first_like("51.03.06.2001") == "51.03");
  CHECK(first_like("51.99") == "51");
  CHECK(first_like("") == "");
  CHECK(first_like("...") == "");
  CHECK(first_like("99.01") == "");
  CHECK(first_like(std::string(100'000, 'x')) == "");
  CHECK(regions_like("a", 5).size() == 5);
}

TEST_CASE("a region that a case cannot be given is refused with what may be meant", "[regions]") {
  const LocalDay day = on(2026, 1, 5);
  CHECK(refusal("51.03", day) == "");
  CHECK(refusal("91.01", on(2022, 1, 5)) == "");
  CHECK(refusal("93.01", on(2022, 1, 5)) == "");  // what was later is no harm
  CHECK(refusal("5103", day) ==
        "'5103' is no region's code: is it 51.03 (Kabupaten Badung)? 'simpul region list' has all");
  CHECK(refusal("91.01", day) ==
        "91.01 (Kabupaten Merauke) ended on 2022-07-25; now it is 93.01 (Kabupaten Merauke)");
  CHECK(refusal("zzzz", day) == "'zzzz' is no region's code; 'simpul region list' has all");
  CHECK(refusal(std::string(5000, '9'), day).size() < 200);
}
