// How a node changes its signing key: announced, confirmed by the roster, in use from the next
// generation on; cut short anywhere; and met by those who have not heard of it.
#include <catch2/catch.hpp>

#include "node/queries.h"
#include "tests/support/federation.h"

using namespace simpul;
using simpul::test::Federation;

namespace {

using std::chrono::minutes;

const std::vector<Federation::Seat> kFour = {{"hub", MemberKind::kHub},
                                             {"51", MemberKind::kProvince, true},
                                             {"51.03", MemberKind::kRegency, true},
                                             {"pupr", MemberKind::kMinistry}};
constexpr std::uint32_t kNewGeneration = 5;  // four after the first

bool writes(Federation& federation, const std::string& id) {
  return (*federation.call(id, "status", {}))["may_author"] == true;
}

void wait_until_written(Federation& federation, const std::string& id) {
  REQUIRE(federation.run_until([&] { return writes(federation, id); }));
}

std::string open_case(Federation& federation, const std::string& id) {
  wait_until_written(federation, id);
  const auto opened =
      federation.call(id, "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}});
  REQUIRE(opened);
  return (*opened)["case"];
}

std::string forward(Federation& federation, const std::string& from, const std::string& to) {
  const std::string id = open_case(federation, from);
  REQUIRE(federation.call(from, "case.forward",
                          {{"case", id}, {"to", to}, {"reason", "competence"}, {"text", "x"}}));
  return id;
}

std::size_t held_at(Federation& federation, const std::string& node, const std::string& id) {
  return federation.state(node, id).events.size();
}

bool reads(Federation& federation, const std::string& node, const std::string& id) {
  return federation.text(node, id, EnclosureRole::kNarrative) == "Jalan berlubang";
}

std::uint64_t held_of(Federation& federation, const std::string& at, const std::string& journal) {
  ReadTransaction transaction(federation.node(at).store().environment());
  const auto head = Tables(transaction).journals.bare_head(*JournalId::parse(journal));
  return head ? head->held : 0;
}

std::string rotate(Federation& federation, const std::string& id) {
  wait_until_written(federation, id);
  const auto rotated = federation.call(id, "keys.rotate", {});
  REQUIRE(rotated);
  return (*rotated)["fingerprint"];
}

Result<Json> confirm(Federation& federation, const std::string& id, const std::string& shown) {
  return federation.call("hub", "hub.confirm-key", {{"member", id}, {"fingerprint", shown}});
}

Json member_row(Federation& federation, const std::string& id) {
  const Json members = *federation.call("hub", "hub.members", {});
  for (const Json& row : members["members"]) {
    if (row["member"] == id) return row;
  }
  return {};
}

bool hub_knows_request(Federation& federation, const std::string& id) {
  return member_row(federation, id).contains("new_key");
}

void confirm_when_known(Federation& federation, const std::string& id, const std::string& shown) {
  REQUIRE(federation.run_until([&] { return hub_knows_request(federation, id); }));
  REQUIRE(confirm(federation, id, shown));
}

bool new_key_in_use(Federation& federation, const std::string& id) {
  return held_of(federation, id, id + "/" + std::to_string(kNewGeneration)) > 0;
}

Keystore keys_in_file(Federation& federation, const std::string& id) {
  auto keys = decode_keystore(federation.node(id).key_file(), {});
  REQUIRE(keys);
  return *std::move(keys);
}

void check_every_journal(Federation& federation) {
  for (const std::string id : {"hub", "51", "51.03", "pupr"}) {
    INFO(id);
    ReadTransaction transaction(federation.node(id).store().environment());
    Tables tables(transaction);
    const auto bytes = tables.rosters.newest();
    const auto roster = open_roster(*bytes, federation.node(id).identity().root);
    REQUIRE(roster);
    const QueryContext context{.tables = tables,
                               .self = &federation.node(id).identity(),
                               .roster = roster->roster,
                               .now = federation.now()};
    const auto report = run_query(context, "log.verify", Json::object());
    REQUIRE(report);
    INFO(report->dump(2));
    CHECK((*report)["verified"] == true);
    CHECK(tables.local.fork_proofs().empty());
  }
}

bool has_logged(Federation& federation, const std::string& id, const std::string& event) {
  return std::ranges::any_of(federation.node(id).logs(),
                             [&](const LogOut& log) { return log.event == event; });
}

}  // namespace

TEST_CASE("a confirmed key signs from the generation that its owner kept for it, and the old goes",
          "[engine][keys]") {
  Federation federation(51, kFour);
  const std::string before = forward(federation, "51.03", "51");
  const VerifyKey old = federation.node("51.03").identity().keys.signing.verify_key();
  const std::string shown = rotate(federation, "51.03");
  CHECK((*federation.call("51.03", "status", {}))["new_key"]["fingerprint"] == shown);
  CHECK_FALSE(federation.call("51.03", "keys.rotate", {}));
  REQUIRE(federation.run_until([&] { return hub_knows_request(federation, "51.03"); }));
  CHECK(member_row(federation, "51.03")["new_key"]["fingerprint"] == shown);

  CHECK_FALSE(confirm(federation, "51.03", "0000 0000"));
  CHECK_FALSE(confirm(federation, "51", shown));
  REQUIRE(confirm(federation, "51.03", shown));
  CHECK_FALSE(confirm(federation, "51.03", shown));
  REQUIRE(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  const std::string after = forward(federation, "51.03", "51");
  for (const std::string& id : {before, after}) {
    CHECK(federation.run_until([&] { return held_at(federation, "hub", id) == 3; }));
    CHECK(federation.run_until([&] { return held_at(federation, "51.03", id) == 3; }));
    CHECK(federation.run_until([&] { return reads(federation, "51", id); }));
  }
  const Keystore keys = keys_in_file(federation, "51.03");
  CHECK(keys.key_version == 2);
  CHECK_FALSE(keys.coming);
  CHECK_FALSE(keys.signing.verify_key() == old);
  CHECK_FALSE((*federation.call("51.03", "status", {})).contains("new_key"));
  federation.run_for(minutes(1));
  check_every_journal(federation);
}

TEST_CASE("hubs change their key too, and twice", "[engine][keys]") {
  Federation federation(52, kFour);
  const std::string id = open_case(federation, "51.03");
  for (const std::uint32_t version : {2u, 3u}) {
    confirm_when_known(federation, "hub", rotate(federation, "hub"));
    REQUIRE(federation.run_until(
        [&] { return keys_in_file(federation, "hub").key_version == version; }));
  }
  REQUIRE(federation.call("hub", "case.note", {{"case", id}, {"text", "Dari pusat"}}));
  CHECK(federation.run_until([&] { return held_at(federation, "51.03", id) == 2; }));
  federation.run_for(minutes(1));
  check_every_journal(federation);
}

TEST_CASE("a rotation is finished at the next start, wherever it was cut short", "[engine][keys]") {
  Federation federation(53, kFour);
  const std::string id = open_case(federation, "51.03");
  const auto restart = [&] {
    federation.kill("51.03");
    federation.start("51.03");
  };
  SECTION("nothing was written: there is no new key") {
    wait_until_written(federation, "51.03");
    federation.node("51.03").fail_key_file(true);
    CHECK_FALSE(federation.call("51.03", "keys.rotate", {}));
    federation.node("51.03").fail_key_file(false);
    CHECK_FALSE(federation.node("51.03").identity().keys.coming);
    restart();
  }
  SECTION("the new key was kept, its announcement was not") {
    federation.run_for(minutes(1));
    federation.kill("hub");
    federation.kill("51.03");
    const std::string copy = federation.copy_data("51.03");
    federation.start("51.03");
    const std::string shown = rotate(federation, "51.03");
    federation.kill("51.03");
    federation.undo_data("51.03", copy);
    federation.start("hub");
    federation.start("51.03");
    confirm_when_known(federation, "51.03", shown);
    CHECK(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  }
  SECTION("it was announced") {
    const std::string shown = rotate(federation, "51.03");
    restart();
    confirm_when_known(federation, "51.03", shown);
    CHECK(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  }
  SECTION("the new key is in use, the old one not yet destroyed") {
    const std::string shown = rotate(federation, "51.03");
    federation.node("51.03").fail_key_file(true);
    confirm_when_known(federation, "51.03", shown);
    REQUIRE(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
    federation.run_for(minutes(2));
    CHECK(keys_in_file(federation, "51.03").coming);
    federation.node("51.03").fail_key_file(false);
    restart();
    CHECK(federation.run_until([&] { return !keys_in_file(federation, "51.03").coming; }));
  }
  REQUIRE(federation.call("51.03", "status", {}));
  wait_until_written(federation, "51.03");
  REQUIRE(federation.call("51.03", "case.note", {{"case", id}, {"text", "Masih di sini"}}));
  CHECK(federation.run_until([&] { return held_at(federation, "hub", id) == 2; }));
  federation.run_for(minutes(1));
  check_every_journal(federation);
}

TEST_CASE("who has not heard of the new key hears of it first, and then takes what it signed",
          "[engine][keys]") {
  Federation federation(54, kFour);
  const std::string before = forward(federation, "51.03", "51");
  REQUIRE(federation.run_until([&] { return held_at(federation, "51.03", before) == 3; }));
  federation.kill("51");
  confirm_when_known(federation, "51.03", rotate(federation, "51.03"));
  REQUIRE(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  federation.run_for(minutes(1));
  federation.kill("hub");
  const std::string id = forward(federation, "51.03", "51");
  federation.start("51");
  CHECK(federation.run_until([&] { return held_at(federation, "51.03", id) == 3; }));
  CHECK(federation.run_until([&] { return reads(federation, "51", id); }));
  CHECK_FALSE(has_logged(federation, "51", "packet-refused"));
  federation.start("hub");
  CHECK(federation.run_until([&] { return held_at(federation, "hub", id) == 3; }));
  federation.run_for(minutes(1));
  check_every_journal(federation);
}

TEST_CASE("a node put back from before its rotation goes on with the new key",
          "[engine][keys][recovery]") {
  Federation federation(55, kFour);
  const std::string id = open_case(federation, "51.03");
  federation.run_for(minutes(1));
  federation.kill("51.03");
  const std::string copy = federation.copy_data("51.03");
  federation.start("51.03");
  confirm_when_known(federation, "51.03", rotate(federation, "51.03"));
  REQUIRE(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  REQUIRE(federation.call("51.03", "case.note", {{"case", id}, {"text", "Sebelum hilang"}}));
  REQUIRE(federation.run_until([&] { return held_at(federation, "hub", id) == 2; }));
  federation.kill("51.03");
  SECTION("from a copy") {
    federation.restore_data("51.03", copy);
  }
  SECTION("from nothing") {
    federation.lose_data("51.03");
  }
  federation.start("51.03");
  wait_until_written(federation, "51.03");
  REQUIRE(federation.call("51.03", "case.note", {{"case", id}, {"text", "Sesudah"}}));
  CHECK(held_of(federation, "51.03", "51.03/" + std::to_string(kNewGeneration + 1)) > 0);
  CHECK(federation.run_until([&] { return held_at(federation, "hub", id) == 3; }));
  federation.run_for(minutes(1));
  check_every_journal(federation);
}

TEST_CASE("a node that must recover while its key waits uses none of the generations kept for it",
          "[engine][keys][recovery]") {
  Federation federation(56, kFour);
  open_case(federation, "51.03");
  const std::string shown = rotate(federation, "51.03");
  REQUIRE(federation.run_until([&] { return hub_knows_request(federation, "51.03"); }));
  for (std::uint32_t generation = 2; generation < kNewGeneration; ++generation) {
    federation.run_for(minutes(1));
    federation.kill("51.03");
    federation.lose_data("51.03");
    federation.start("51.03");
    const std::string journal = "51.03/" + std::to_string(generation);
    REQUIRE(federation.run_until([&] { return held_of(federation, "hub", journal) > 1; }));
  }
  federation.kill("51.03");
  federation.lose_data("51.03");
  federation.start("51.03");
  federation.run_for(minutes(2));
  CHECK_FALSE(writes(federation, "51.03"));
  CHECK_FALSE(federation.call("51.03", "recover.override", {}));
  confirm_when_known(federation, "51.03", shown);
  CHECK(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  wait_until_written(federation, "51.03");
  federation.run_for(minutes(1));
  check_every_journal(federation);
}

TEST_CASE("a node whose keystore lacks the key that the roster names writes nothing",
          "[engine][keys]") {
  Federation federation(57, kFour);
  open_case(federation, "51.03");
  const Bytes old = federation.node("51.03").key_file();
  confirm_when_known(federation, "51.03", rotate(federation, "51.03"));
  REQUIRE(federation.run_until([&] { return new_key_in_use(federation, "51.03"); }));
  federation.run_for(minutes(1));
  federation.kill("51.03");
  const Bytes newest = federation.node("51.03").put_key_file(old);
  federation.start("51.03");
  federation.run_for(minutes(1));
  CHECK_FALSE(writes(federation, "51.03"));
  CHECK_FALSE(federation.call("51.03", "recover.override", {}));
  federation.kill("51.03");
  federation.node("51.03").put_key_file(newest);
  federation.start("51.03");
  wait_until_written(federation, "51.03");
  check_every_journal(federation);
}
