#include <catch2/catch.hpp>

#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

const std::vector<Federation::Seat> kHubProvinceAndRegency = {
    {"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}};

std::string case_of_badung(Federation& federation) {
  REQUIRE(federation.run_until(
      [&] { return (*federation.call("51.03", "status", {}))["may_author"] == true; }));
  const auto opened =
      federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}});
  REQUIRE(opened);
  return (*opened)["case"];
}

std::size_t events_held_at(Federation& federation, const std::string& node, const std::string& id) {
  return federation.state(node, id).events.size();
}

std::uint64_t in_order_at(Federation& federation, const std::string& node,
                          const JournalId& journal) {
  ReadTransaction transaction = federation.node(node).store().read();
  const auto head = Tables(transaction).journals.bare_head(journal);
  return head ? head->held : 0;
}

// The case goes to 51; then 51.03 adds a note while the hub is away, which reaches 51 alone, and
// loses its data. Both are started again.
void lose_what_51_alone_knows(Federation& federation, const std::string& id) {
  REQUIRE(federation.call("51.03", "case.forward",
                          {{"case", id}, {"to", "51"}, {"reason", "competence"}, {"text", "x"}}));
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "hub", id) == 3; }));
  federation.kill("hub");
  REQUIRE(federation.call("51.03", "case.note", {{"case", id}, {"text", "Tanpa pusat"}}));
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "51", id) == 4; }));
  federation.kill("51.03");
  federation.lose_data("51.03");
  federation.start("hub");
  federation.start("51.03");
}

std::optional<std::uint64_t> receipt_at(Federation& federation, const std::string& author,
                                        const JournalId& journal, const std::string& by) {
  ReadTransaction transaction = federation.node(author).store().read();
  Tables tables(transaction);
  const auto receipt = tables.receipts.received(journal, *MemberId::parse(by));
  return receipt ? std::optional(receipt->size) : std::nullopt;
}

}  // namespace

// simpul-sim --seed 4 --members 9 --days 1
TEST_CASE("a hub put back from a copy opens one generation, and journals flow again",
          "[engine][recovery]") {
  Federation federation(31, kHubProvinceAndRegency);
  const std::string id = case_of_badung(federation);
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "hub", id) == 1; }));
  federation.kill("hub");
  const std::string copy = federation.copy_data("hub");
  federation.start("hub");
  REQUIRE(federation.run_until([&] {
    return federation.call("hub", "case.note", {{"case", id}, {"text", "Dari pusat"}}).has_value();
  }));
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "51.03", id) == 2; }));
  federation.kill("hub");
  federation.restore_data("hub", copy);
  federation.start("hub");
  REQUIRE(federation.run_until(
      [&] { return (*federation.call("hub", "status", {}))["may_author"] == true; }));
  federation.run_for(std::chrono::minutes(2));
  const std::string later = case_of_badung(federation);
  CHECK(federation.run_until([&] { return events_held_at(federation, "hub", later) == 1; }));
  std::size_t recoveries = 0;
  for (const LogOut& log : federation.node("hub").logs()) recoveries += log.event == "recovered";
  CHECK(recoveries == 1);
}

TEST_CASE("a hub put back from a copy issues no roster before it has heard of the newest",
          "[engine][recovery][roster]") {
  Federation federation(32, kHubProvinceAndRegency);
  (void)case_of_badung(federation);
  federation.kill("hub");
  const std::string copy = federation.copy_data("hub");
  federation.start("hub");
  REQUIRE(federation.run_until([&] {
    return federation.call("hub", "hub.suspend", {{"member", "51"}}).has_value();
  }));
  federation.run_for(std::chrono::seconds(30));
  federation.kill("hub");
  federation.restore_data("hub", copy);
  federation.start("hub");
  const auto early = federation.call("hub", "hub.reinstate", {{"member", "51"}});
  REQUIRE_FALSE(early);
  CHECK(early.error().code == ErrorCode::kUnavailable);
  Result<Json> issued = early;
  REQUIRE(federation.run_until([&] {
    issued = federation.call("hub", "hub.reinstate", {{"member", "51"}});
    return issued.has_value();
  }));
  CHECK((*issued)["roster"] == 3);
  CHECK(federation.run_until(
      [&] { return (*federation.call("51", "status", {}))["roster"]["version"] == 3; }));
}

// simpul-sim --seed 1009 --days 0.5
TEST_CASE("what a member alone holds of a lost journal comes to the hub and back to its author",
          "[engine][recovery]") {
  Federation federation(32, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency}});
  const std::string id = case_of_badung(federation);
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "hub", id) == 1; }));
  lose_what_51_alone_knows(federation, id);
  CHECK(federation.run_until([&] { return events_held_at(federation, "hub", id) == 4; }));
  CHECK(federation.run_until([&] { return events_held_at(federation, "51.03", id) == 4; }));
  CHECK(federation.state("hub", id).pending_count == 0);
}

// simpul-sim --seed 610041 --members 7 --days 0.5
TEST_CASE("a journal goes to its hub whole though events beyond its end came back singly",
          "[engine][recovery]") {
  Federation federation(36, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency}});
  const std::string id = case_of_badung(federation);
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "hub", id) == 1; }));
  federation.kill("hub");
  const std::string copy = federation.copy_data("hub");
  federation.start("hub");
  lose_what_51_alone_knows(federation, id);
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "51.03", id) == 4; }));
  const JournalId journal{*MemberId::parse("51.03"), 1};
  REQUIRE(in_order_at(federation, "51.03", journal) == 2);
  federation.kill("hub");
  federation.restore_data("hub", copy);
  federation.start("hub");
  CHECK(federation.run_until([&] { return in_order_at(federation, "hub", journal) == 2; }));
}

TEST_CASE("what a member shows and no hub has comes to the hub and back to its author",
          "[engine][recovery]") {
  Federation federation(33, {{"hub", MemberKind::kHub},
                             {"51", MemberKind::kProvince, true},
                             {"51.03", MemberKind::kRegency, true}});
  const std::string id = case_of_badung(federation);
  REQUIRE(federation.call("51.03", "case.forward",
                          {{"case", id}, {"to", "51"}, {"reason", "competence"}, {"text", "x"}}));
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "51.03", id) == 3; }));
  federation.run_for(std::chrono::seconds(10));
  federation.kill("51.03");
  const std::string copy = federation.copy_data("51.03");
  federation.start("51.03");
  federation.kill("hub");
  REQUIRE(federation.run_until([&] {
    return federation.call("51.03", "case.note", {{"case", id}, {"text", "Sendiri"}}).has_value();
  }));
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "51", id) == 4; }));
  federation.kill("51.03");
  federation.restore_data("51.03", copy);
  federation.start("51.03");
  // The member shows what it has before any hub is there.
  federation.run_for(std::chrono::minutes(3));
  CHECK((*federation.call("51.03", "status", {}))["may_author"] == false);
  federation.start("hub");
  CHECK(federation.run_until([&] { return events_held_at(federation, "hub", id) == 4; }));
  CHECK(federation.run_until([&] { return events_held_at(federation, "51.03", id) == 4; }));
  CHECK(federation.state("hub", id).pending_count == 0);
  CHECK((*federation.call("51.03", "status", {}))["may_author"] == true);
}

// simpul-sim --seed 300035 --members 4 --days 0.5
TEST_CASE("a receipt that comes before the events it is for counts once they are back",
          "[engine][recovery]") {
  Federation federation(35, kHubProvinceAndRegency);
  const std::string id = case_of_badung(federation);
  federation.run_for(std::chrono::seconds(10));
  federation.kill("51.03");
  const std::string copy = federation.copy_data("51.03");
  federation.start("51.03");
  REQUIRE(federation.run_until([&] {
    return federation.call("51.03", "case.note", {{"case", id}, {"text", "Lagi"}}).has_value();
  }));
  REQUIRE(federation.run_until([&] { return events_held_at(federation, "hub", id) == 2; }));
  const JournalId journal = federation.state("hub", id).events.back().position.journal;
  const std::uint64_t size = federation.state("hub", id).events.back().position.index + 1;
  federation.kill("51.03");
  federation.kill("hub");
  federation.restore_data("51.03", copy);
  federation.start("51.03");
  REQUIRE(federation.call("51.03", "recover.override", {}));
  // The hub acknowledges all that it holds as the link opens, and only then sends it back.
  federation.start("hub");
  CHECK(federation.run_until([&] { return events_held_at(federation, "51.03", id) == 2; }));
  CHECK(federation.run_until(
      [&] { return receipt_at(federation, "51.03", journal, "hub") == size; }));
}
