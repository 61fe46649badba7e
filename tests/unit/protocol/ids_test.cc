#include "protocol/ids.h"

#include <catch2/catch.hpp>

using namespace simpul;

TEST_CASE("region codes and slugs are member ids", "[ids]") {
  for (const char* text : {"51", "51.03", "00", "kemenpanrb", "hub", "k2", "a-b", "bpjs-tk-2",
                           "a123456789012345678901234567890"}) {
    const auto id = MemberId::parse(text);
    REQUIRE(id);
    CHECK(id->text() == text);
    CHECK_FALSE(id->empty());
  }
  CHECK(MemberId::parse("51.03")->is_region());
  CHECK_FALSE(MemberId::parse("hub")->is_region());
  CHECK(MemberId().empty());
  CHECK_FALSE(MemberId().is_region());
}

TEST_CASE("anything else is no member id", "[ids]") {
  for (const char* text : {"",       "5",     "511",   "51.", "51.3",
                           "51.033", "51-03", ".51",   "a",   "Hub",
                           "hub-",   "-hub",  "a--b",  "2a",  "a.b",
                           "a_b",    "a b",   "hub\n", "bü",  "a1234567890123456789012345678901"}) {
    INFO(text);
    const auto id = MemberId::parse(text);
    REQUIRE_FALSE(id);
    CHECK(id.error().code == ErrorCode::kMalformed);
  }
  CHECK_FALSE(MemberId::parse(std::string_view("51\0", 3)));
}

TEST_CASE("journals and positions read back as they were written", "[ids]") {
  const auto journal = JournalId::parse("51.03/4294967295");
  REQUIRE(journal);
  CHECK(journal->member.text() == "51.03");
  CHECK(journal->generation == 4294967295u);
  CHECK(journal->text() == "51.03/4294967295");

  const auto position = EventPosition::parse("kemenpanrb/2#18446744073709551615");
  REQUIRE(position);
  CHECK(position->journal.generation == 2);
  CHECK(position->index == 18446744073709551615u);
  CHECK(position->text() == "kemenpanrb/2#18446744073709551615");
  CHECK(EventPosition::parse("hub/1#0"));
}

TEST_CASE("journals and positions have one text each", "[ids]") {
  for (const char* text : {"51.03", "51.03/", "51.03/0", "51.03/01", "51.03/+1", "51.03/-1",
                           "51.03/4294967296", "51.03/1 ", "/1", "51.3/1", "51.03/1/1"}) {
    INFO(text);
    CHECK_FALSE(JournalId::parse(text));
  }
  for (const char* text :
       {"hub/1", "hub/1#", "hub/1#01", "hub/1#-1", "hub/1#18446744073709551616", "hub#1", "#1"}) {
    INFO(text);
    CHECK_FALSE(EventPosition::parse(text));
  }
}

TEST_CASE("ids are ordered by member, then generation, then index", "[ids]") {
  CHECK(*MemberId::parse("51") < *MemberId::parse("51.03"));
  CHECK(*MemberId::parse("51.03") < *MemberId::parse("hub"));
  CHECK(*JournalId::parse("51/9") < *JournalId::parse("51/10"));
  CHECK(*EventPosition::parse("51/1#9") < *EventPosition::parse("51/1#10"));
  CHECK(*EventPosition::parse("51/1#10") < *EventPosition::parse("51/2#0"));
}
