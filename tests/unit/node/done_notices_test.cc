// What hubs hold for others, and until when: between whole engines, by what the hub has in the end.
#include "node/engine/done_notices.h"

#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "protocol/link_session.h"
#include "tests/support/federation.h"
#include "tests/support/hostile_peer.h"

namespace simpul {
namespace {

using test::Federation;
using namespace std::chrono_literals;

std::vector<Federation::Seat> seats() {
  return {{"hub", MemberKind::kHub},
          {"51", MemberKind::kProvince, true},
          {"51.03", MemberKind::kRegency, true}};
}

void all_ready(Federation& federation, const std::string& id) {
  REQUIRE(federation.run_until(
      [&] { return (*federation.call(id, "status", {}))["may_author"] == true; }));
}

// A case of 51.03 with attachments, on offer to 51.
std::string offer(Federation& federation, std::size_t attachments, std::size_t size = 1'000) {
  Json files = Json::array();
  for (std::size_t i = 0; i < attachments; ++i) {
    Bytes bytes(size, static_cast<std::uint8_t>(i));
    files.push_back({{"name", "foto" + std::to_string(i)}, {"data", to_base64(bytes)}});
  }
  const auto opened = federation.call(
      "51.03", "case.open",
      {{"category", "roads.potholes"}, {"text", "Foto terlampir"}, {"attachments", files}});
  REQUIRE(opened);
  REQUIRE(federation.call("51.03", "case.forward", {{"case", (*opened)["case"]}, {"to", "51"}}));
  return (*opened)["case"];
}

std::vector<Digest> enclosures_of(Federation& federation, const std::string& id,
                                  const std::string& about) {
  ReadTransaction transaction(federation.node(id).store().environment());
  std::vector<Digest> digests;
  for (const CaseEvent& held : Tables(transaction).cases.events_of(*CaseId::parse(about))) {
    for (const EnclosureRef& ref : held.event.enclosures) {
      digests.push_back(ref.commitment.digest);
    }
  }
  return digests;
}

bool all_whole(Federation& federation, const std::string& id, const std::string& about) {
  const auto digests = enclosures_of(federation, id, about);
  ReadTransaction transaction(federation.node(id).store().environment());
  Tables tables(transaction);
  return !digests.empty() && std::ranges::all_of(digests, [&](const Digest& digest) {
    return tables.enclosures.complete(digest);
  });
}

struct Held {
  std::uint64_t counted = 0;  // against 51.03
  std::size_t for_members = 0, chunks = 0;
  bool operator==(const Held&) const = default;
};

// At the hub, of what the hub has no key of.
Held held(Federation& federation, const std::string& about, const std::string& hub = "hub") {
  const auto digests = enclosures_of(federation, hub, about);
  ReadTransaction transaction(federation.node(hub).store().environment());
  Tables tables(transaction);
  Held all{.counted = tables.enclosures.relayed_bytes(*MemberId::parse("51.03"))};
  for (const Digest& digest : digests) {
    all.for_members += tables.enclosures.held_for(digest).size();
    if (!tables.packets.key(digest)) all.chunks += tables.enclosures.get(digest)->chunks_held;
  }
  return all;
}

std::size_t untold(Federation& federation, const std::string& id, const std::string& hub) {
  ReadTransaction transaction(federation.node(id).store().environment());
  return Tables(transaction).enclosures.untold(*MemberId::parse(hub), 100'000).size();
}

TEST_CASE("a hub that was away lets go of what members gave each other meanwhile",
          "[engine][relay]") {
  Federation federation(41, seats());
  all_ready(federation, "51");
  all_ready(federation, "51.03");
  federation.kill("hub");
  const std::string about = offer(federation, 5);
  REQUIRE(federation.run_until([&] { return all_whole(federation, "51", about); }));
  CHECK(untold(federation, "51", "hub") == 6);
  federation.run_for(1min);
  federation.start("hub");
  federation.run_for(3min);
  REQUIRE(enclosures_of(federation, "hub", about).size() == 6);
  CHECK(held(federation, about) == Held{});
  CHECK(untold(federation, "51", "hub") == 0);
}

TEST_CASE("a hub hears of more enclosures than one may tell of at once", "[engine][relay]") {
  Federation federation(42, seats());
  std::size_t at_once = 0, most = 0;
  Instant last{};
  federation.set_tap([&](const std::string& receiver, BytesView bytes) {
    const auto frame = decode_frame(bytes);
    if (receiver != "hub" || !frame || !std::holds_alternative<EnclosureDone>(*frame)) return;
    at_once = federation.now() - last < 500ms ? at_once + 1 : 1;
    last = federation.now();
    most = std::max(most, at_once);
  });
  all_ready(federation, "51");
  all_ready(federation, "51.03");
  federation.kill("hub");
  std::vector<std::string> cases;
  for (int i = 0; i < 60; ++i) cases.push_back(offer(federation, 7));
  REQUIRE(federation.run_until([&] {
    return std::ranges::all_of(
        cases, [&](const std::string& about) { return all_whole(federation, "51", about); });
  }));
  CHECK(untold(federation, "51", "hub") == 480);
  federation.start("hub");
  federation.run_for(5min);
  for (const std::string& about : cases) CHECK(held(federation, about) == Held{});
  CHECK(untold(federation, "51", "hub") == 0);
  CHECK(most <= 96);
  CHECK(most > 8);
}

TEST_CASE("what a broken link swallowed is told again", "[engine][relay]") {
  Federation federation(43, seats());
  all_ready(federation, "51");
  all_ready(federation, "51.03");
  federation.network().set_faults({.delay_ms_min = 1'500, .delay_ms_max = 1'500});
  const std::string about = offer(federation, 3);
  REQUIRE(federation.run_until([&] { return all_whole(federation, "51", about); }));
  for (int i = 0; i < 8; ++i) {
    federation.run_for(1s);
    federation.network().cut_links("hub");
  }
  federation.run_for(5min);
  CHECK(held(federation, about) == Held{});
  CHECK(untold(federation, "51", "hub") == 0);
}

TEST_CASE("a hub that lost its data lets go of what all have had for long", "[engine][relay]") {
  Federation federation(44, seats());
  all_ready(federation, "51");
  all_ready(federation, "51.03");
  const std::string about = offer(federation, 5);
  REQUIRE(federation.run_until([&] { return all_whole(federation, "51", about); }));
  REQUIRE(federation.call("51", "case.accept", {{"case", about}}));
  federation.run_for(1min);
  REQUIRE(held(federation, about) == Held{});
  federation.kill("hub");
  SECTION("all of it") {
    federation.lose_data("hub");
  }
  SECTION("and got an old copy of it") {
    const std::string later = offer(federation, 5);
    REQUIRE(federation.run_until([&] { return all_whole(federation, "51", later); }));
    const std::string copy = federation.copy_data("hub");
    federation.start("hub");
    federation.run_for(2min);
    REQUIRE(held(federation, later) == Held{});
    federation.kill("hub");
    federation.restore_data("hub", copy);
  }
  federation.start("hub");
  federation.run_for(5min);
  REQUIRE(enclosures_of(federation, "hub", about).size() == 6);
  CHECK(held(federation, about) == Held{});
}

TEST_CASE("a hub lets go of what its recipient may not have any more", "[engine][relay]") {
  Federation federation(
      45,
      {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}});
  all_ready(federation, "51");
  all_ready(federation, "51.03");
  federation.network().set_faults({.delay_ms_min = 1'000, .delay_ms_max = 1'000});
  const std::string about = offer(federation, 1, 3u << 20);
  REQUIRE(federation.run_until([&] { return federation.state("51", about).offer.has_value(); }));
  REQUIRE(federation.call("51", "case.decline", {{"case", about}, {"reason", "incomplete"}}));
  CHECK_FALSE(all_whole(federation, "51", about));
  federation.run_for(5min);
  REQUIRE(federation.state("hub", about).declines.size() == 1);
  CHECK(held(federation, about) == Held{});
}

TEST_CASE("a hub does not go on fetching what its recipient has got another way",
          "[engine][relay]") {
  Federation federation(46, seats());
  all_ready(federation, "51.03");
  test::HostilePeer member(federation, "51");
  REQUIRE(member.open("hub"));
  federation.network().set_faults({.delay_ms_min = 300, .delay_ms_max = 300});
  const std::string about = offer(federation, 1, 3u << 20);
  REQUIRE(federation.run_until([&] { return held(federation, about).chunks > 10; }));
  REQUIRE_FALSE(all_whole(federation, "hub", about));
  for (const Digest& digest : enclosures_of(federation, "hub", about)) {
    member.send(EnclosureDone{digest});
  }
  federation.run_for(2min);
  CHECK(held(federation, about) == Held{});
}

TEST_CASE("what a hub fetched again for one who asked goes when that one has it",
          "[engine][relay]") {
  Federation federation(
      47,
      {{"hub", MemberKind::kHub}, {"51", MemberKind::kProvince}, {"51.03", MemberKind::kRegency}});
  all_ready(federation, "51");
  all_ready(federation, "51.03");
  const std::string about = offer(federation, 3);
  REQUIRE(federation.run_until([&] { return all_whole(federation, "51", about); }));
  REQUIRE(federation.call("51", "case.accept", {{"case", about}}));
  federation.run_for(1min);
  REQUIRE(held(federation, about) == Held{});
  federation.kill("51");
  federation.lose_data("51");
  federation.start("51");
  REQUIRE(federation.run_until([&] { return all_whole(federation, "51", about); }));
  federation.run_for(1min);
  CHECK(held(federation, about) == Held{});
}

TEST_CASE("hubs that are none any more are not remembered", "[engine][relay]") {
  Federation federation(48, seats());
  all_ready(federation, "51");
  {
    WriteTransaction transaction(federation.node("51").store().environment());
    Tables tables(transaction);
    for (std::uint8_t i = 0; i < 100; ++i) {
      tables.enclosures.tell(*MemberId::parse("former"), sha256(Bytes{i}));
    }
    REQUIRE(transaction.commit());
  }
  federation.run_for(5s);
  CHECK(untold(federation, "51", "former") == 0);
}

TEST_CASE("a hub takes it as nothing to be told twice, or of what it does not hold",
          "[engine][relay]") {
  Federation federation(49, seats());
  all_ready(federation, "51.03");
  test::HostilePeer member(federation, "51");
  REQUIRE(member.open("hub"));
  const std::string about = offer(federation, 2);
  REQUIRE(federation.run_until([&] { return held(federation, about).for_members == 3; }));
  const auto digests = enclosures_of(federation, "hub", about);
  for (int i = 0; i < 3; ++i) {
    for (const Digest& digest : digests) member.send(EnclosureDone{digest});
    member.send(EnclosureDone{sha256(Bytes{1})});
    federation.run_for(5s);
  }
  CHECK(held(federation, about) == Held{});
  CHECK(member.up());
}

}  // namespace
}  // namespace simpul
