#include "protocol/ruling_hubs.h"

#include <catch2/catch.hpp>

using namespace simpul;

namespace {

EventPosition at(const char* text) {
  return *EventPosition::parse(text);
}

}  // namespace

TEST_CASE("a hub ruled up to the head that the roster names, in that generation and before",
          "[protocol][roster]") {
  Roster roster;
  roster.ruling_hub = *MemberId::parse("pusat");
  roster.former_rulings = {{*JournalId::parse("lama/2"), 10, {}},
                           {*JournalId::parse("pusat/1"), 3, {}}};
  CHECK(ruling_rank(roster, at("lama/1#40")) == 0);
  CHECK(ruling_rank(roster, at("lama/2#9")) == 0);
  CHECK_FALSE(ruling_rank(roster, at("lama/2#10")));
  CHECK_FALSE(ruling_rank(roster, at("lama/3#0")));
  CHECK_FALSE(ruling_rank(roster, at("lain/1#0")));
  // The role came back to the one that had it before.
  CHECK(ruling_rank(roster, at("pusat/1#2")) == 1);
  CHECK(ruling_rank(roster, at("pusat/1#3")) == 2);
  CHECK(ruling_rank(roster, at("pusat/7#0")) == 2);
}
