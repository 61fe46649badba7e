// Disks that fill up, fail to sync, or give back other bytes than were written.
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <random>

#include "crypto/encoding.h"
#include "node/files.h"
#include "tests/support/audit.h"
#include "tests/support/power_cut.h"
#include "tests/support/small_disk.h"

namespace simpul {
namespace {

constexpr std::size_t kMegabyte = 1u << 20;

void add_member(FederationFixture& federation) {
  federation.add({.id = "51.03"});
}

Result<Json> open_case(FederationFixture& federation, const std::string& text,
                       std::size_t attached_bytes = 0) {
  Json arguments = {{"category", "roads.potholes"}, {"text", text}};
  if (attached_bytes > 0) {
    arguments["attachments"] = {
        {{"name", "foto.jpg"}, {"data", to_base64(Bytes(attached_bytes, 7))}}};
  }
  return federation.try_call("51.03", "case.open", arguments);
}

std::vector<std::string> cases_at(FederationFixture& federation, const std::string& id) {
  std::vector<std::string> cases;
  const Json listed = federation.call(id, "case.list", {{"limit", 10'000}});
  for (const Json& row : listed["cases"]) cases.push_back(row["case"]);
  std::ranges::sort(cases);
  return cases;
}

// All that was answered is there, at home and at the hub, and nothing else.
void check_cases(FederationFixture& federation, std::vector<std::string> recorded) {
  std::ranges::sort(recorded);
  federation.wait_acknowledged("51.03");
  CHECK(cases_at(federation, "51.03") == recorded);
  CHECK(holds_within(FederationFixture::kLimit,
                     [&] { return cases_at(federation, "hub") == recorded; }));
  CHECK(check_running(federation, {"51.03"}) == std::vector<std::string>{});
}

bool disks_can_be_small() {
  const bool possible = SmallDisk::possible();
  if (!possible) std::cout << "SKIP: no full disk was tried: mounting a small one needs root\n";
  return possible;
}

TEST_CASE("a node whose disk is full says so, loses nothing and goes on when there is room",
          "[e2e][disk]") {
  if (!disks_can_be_small()) return;
  FederationFixture federation(SIMPUL_BINARY);
  add_member(federation);
  federation.stop("51.03");
  SmallDisk disk(federation.home("51.03").data(), 12 * kMegabyte);
  federation.start("51.03");
  federation.wait_for("51.03", "status", Json::object(),
                      [](const Json& status) { return status["may_author"] == true; });
  std::vector<std::string> recorded;
  Result<Json> answer = Json();
  for (int i = 0; i < 1'000; ++i) {
    answer = open_case(federation, "Jalan berlubang", 300'000);
    if (!answer) break;
    recorded.push_back((*answer)["case"]);
  }
  REQUIRE(!answer);
  CHECK(answer.error().code == ErrorCode::kStorage);
  CHECK(answer.error().message.find("the disk is full; free some space") != std::string::npos);
  CHECK(recorded.size() > 5);
  // It goes on answering what needs no room, and says in its log what is wrong.
  CHECK(cases_at(federation, "51.03").size() == recorded.size());
  CHECK(federation.log("51.03").find("commit-failed") != std::string::npos);
  disk.enlarge(64 * kMegabyte);
  answer = open_case(federation, "Lampu padam", 300'000);
  REQUIRE(answer);
  recorded.push_back((*answer)["case"]);
  check_cases(federation, recorded);
  federation.restart("51.03");
  check_cases(federation, recorded);
  federation.stop("51.03");
}

TEST_CASE("a hub whose disk is full acknowledges nothing until there is room", "[e2e][disk]") {
  if (!disks_can_be_small()) return;
  FederationFixture federation(SIMPUL_BINARY);
  add_member(federation);
  federation.stop("hub");
  SmallDisk disk(federation.home("hub").data(), 3 * kMegabyte);
  federation.start("hub");
  std::vector<std::string> recorded;
  const auto is_full = [&] {
    const auto answer = open_case(federation, std::string(30'000, 'x'));
    if (answer) recorded.push_back((*answer)["case"]);
    return federation.log("hub").find("the disk is full") != std::string::npos;
  };
  REQUIRE(holds_within(4 * FederationFixture::kLimit, is_full));
  const Json shown = federation.call("51.03", "case.show", {{"case", recorded.back()}});
  CHECK(shown["events"][0]["grade"] == "recorded");
  disk.enlarge(64 * kMegabyte);
  check_cases(federation, recorded);
  federation.stop("hub");
}

// A member whose disk will fail to sync; what it had recorded before.
struct FailingDisk {
  FederationFixture federation{SIMPUL_BINARY};
  std::vector<std::string> recorded;

  FailingDisk() {
    add_member(federation);
    federation.set_environment("51.03", {lose_unsynced_setting(), fail_sync_setting(trigger())});
    federation.restart("51.03");
    open_when_possible(20);
  }
  std::string trigger() { return federation.home("51.03").path() + "-failing"; }

  void open_when_possible(std::size_t count) {
    const std::size_t enough = recorded.size() + count;
    const bool opened = holds_within(FederationFixture::kLimit, [&] {
      const auto answer = open_case(federation, "Jalan berlubang");
      if (answer) recorded.push_back((*answer)["case"]);
      return recorded.size() == enough;
    });
    INFO(federation.log("51.03"));
    REQUIRE(opened);
  }
};

TEST_CASE("what could not be synced is refused, and nothing acknowledged is missing afterwards",
          "[e2e][disk]") {
  FailingDisk disk;
  REQUIRE(replace_file(disk.trigger(), as_bytes("")));
  for (int i = 0; i < 5; ++i) {
    const auto answer = open_case(disk.federation, "Lampu padam");
    REQUIRE(!answer);
    CHECK(answer.error().code == ErrorCode::kStorage);
    CHECK(answer.error().message.find("the disk reports an error") != std::string::npos);
  }
  CHECK(cases_at(disk.federation, "51.03").size() == disk.recorded.size());
  CHECK(disk.federation.log("51.03").find("commit-failed") != std::string::npos);
  SECTION("when the power fails too") {
    disk.federation.kill9("51.03");
    cut_power(disk.federation.home("51.03").data(), Loss::kEverything, 1);
    std::filesystem::remove(disk.trigger());
    disk.federation.start("51.03");
  }
  SECTION("when the disk works again") {
    std::filesystem::remove(disk.trigger());
  }
  disk.open_when_possible(1);
  check_cases(disk.federation, disk.recorded);
}

TEST_CASE("a node whose commit broke off half-way ends, and goes on from the last when started",
          "[e2e][disk]") {
  FailingDisk disk;
  REQUIRE(replace_file(disk.trigger() + "-head", as_bytes("")));
  CHECK(!open_case(disk.federation, "Lampu padam"));
  REQUIRE(
      holds_within(FederationFixture::kLimit, [&] { return !disk.federation.running("51.03"); }));
  CHECK(disk.federation.log("51.03").find("restart the node") != std::string::npos);
  CHECK(disk.federation.start_in_vain("51.03") == 1);
  SECTION("when the power fails too") {
    cut_power(disk.federation.home("51.03").data(), Loss::kEverything, 1);
  }
  SECTION("when the disk works again") {}
  std::filesystem::remove(disk.trigger() + "-head");
  disk.federation.start("51.03");
  disk.open_when_possible(1);
  check_cases(disk.federation, disk.recorded);
}

// --- damage ---

std::string database_of(FederationFixture& federation, const std::string& id) {
  return federation.home(id).data() + "/data.mdb";
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_all(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A node that was stopped after it recorded some cases, all acknowledged by the hub.
std::vector<std::string> stop_after_work(FederationFixture& federation) {
  add_member(federation);
  for (int i = 0; i < 50; ++i)
    REQUIRE(open_case(federation, "Jalan berlubang", i == 0 ? 200'000 : 0));
  federation.wait_acknowledged("51.03");
  const auto cases = cases_at(federation, "51.03");
  federation.stop("51.03");
  return cases;
}

// The bytes of one of its events, as they lie in its database.
std::string an_event(FederationFixture& federation) {
  const auto store = Store::open(federation.home("51.03").data(), {});
  REQUIRE(store);
  ReadTransaction transaction(store->environment());
  const JournalId journal{*MemberId::parse("51.03"), 1};
  const auto event = Tables(transaction).journals.event(journal, 30);
  REQUIRE(event);
  return {event->begin(), event->end()};
}

void check_refusal(FederationFixture& federation, const std::string& what) {
  CHECK(federation.start_in_vain("51.03") != 0);
  const std::string log = federation.log("51.03");
  INFO(log);
  CHECK(log.find(what) != std::string::npos);
  CHECK(log.find("backup") != std::string::npos);
  CHECK(log.find("ready member=") == std::string::npos);
}

TEST_CASE("a node whose database was damaged says so, does not run, and recovers without it",
          "[e2e][disk]") {
  FederationFixture federation(SIMPUL_BINARY);
  const auto recorded = stop_after_work(federation);
  const std::string path = database_of(federation, "51.03");
  const std::string sound = read_all(path);
  SECTION("cut off") {
    write_all(path, sound.substr(0, sound.size() / 2));
    check_refusal(federation, "is cut off");
  }
  SECTION("without its head") {
    write_all(path, std::string(8192, '\0') + sound.substr(8192));
    check_refusal(federation, "its head is damaged");
  }
  SECTION("with one bit of an event altered") {
    const std::string event = an_event(federation);
    const auto at = sound.find(event);
    REQUIRE(at != std::string::npos);
    std::string damaged = sound;
    // LMDB leaves old copies of pages behind; whichever is in use, it is altered.
    for (auto found = at; found != std::string::npos; found = damaged.find(event, found)) {
      damaged[found + event.size() / 2] ^= 1;
    }
    write_all(path, damaged);
    check_refusal(federation, "journal 51.03/1 does not match its signed head");
  }
  SECTION("with noise in every third page") {
    std::mt19937_64 random(11);
    std::string damaged = sound;
    for (std::size_t page = 2; (page + 1) * 4096 <= damaged.size(); page += 3) {
      for (std::size_t i = 0; i < 4096; ++i) damaged[page * 4096 + i] = static_cast<char>(random());
    }
    write_all(path, damaged);
    check_refusal(federation, "damaged");
  }
  // As the message says: without the folder, it gets its journal back.
  federation.wipe_data("51.03");
  federation.start("51.03");
  federation.wait_for("51.03", "status", Json::object(),
                      [](const Json& status) { return status["may_author"] == true; });
  CHECK(holds_within(FederationFixture::kLimit,
                     [&] { return cases_at(federation, "51.03") == recorded; }));
}

}  // namespace
}  // namespace simpul
