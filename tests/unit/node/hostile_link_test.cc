// Peers that break the rules of links: each is refused with a logged reason, nothing of it is
// kept, and honest members go on working.
#include <catch2/catch.hpp>

#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

// A federation in which 34 is hostile, and the hub's holdings before it does anything.
struct LinkScene {
  explicit LinkScene(std::uint64_t seed)
      : federation(seed, hostile_seats()), attacker(federation, "34") {
    REQUIRE(work_goes_on(federation, "51.03", "hub"));
    federation.run_for(std::chrono::seconds{5});
    before = holdings(federation, "hub");
  }
  // Refused, nothing kept, and the others go on.
  void check_repelled(const std::string& reason) {
    CHECK(attacker.run_until_down());
    CHECK(logged(federation, "hub", "link-refused", reason));
    check_harmless();
  }
  void check_harmless() {
    CHECK(holdings(federation, "hub") == before);
    CHECK(work_goes_on(federation, "51.03", "hub"));
  }
  Federation federation;
  HostilePeer attacker;
  std::string before;
};

}  // namespace

TEST_CASE("an unknown key may not say hello", "[engine][hostile]") {
  LinkScene scene(1);
  const auto stranger = HostilePeer::stranger(scene.federation, "36");
  stranger->dial("hub");
  stranger->send(stranger->hello());
  CHECK(stranger->run_until_down());
  CHECK(stranger->received<Hello>().empty());
  CHECK(stranger->bye().find("not in this node's roster") != std::string::npos);
  CHECK(logged(scene.federation, "hub", "link-refused", "not in this node's roster"));
  scene.check_harmless();
}

TEST_CASE("an unknown key that claims to be a member is refused", "[engine][hostile]") {
  LinkScene scene(2);
  const auto stranger = HostilePeer::stranger(scene.federation, "51");
  stranger->dial("hub");
  stranger->send(stranger->hello());
  CHECK(stranger->run_until_down());
  CHECK(stranger->received<Hello>().empty());
  CHECK(logged(scene.federation, "hub", "link-refused"));
  scene.check_harmless();
}

TEST_CASE("an unknown key gets nothing but answers to enrolment", "[engine][hostile]") {
  LinkScene scene(3);
  const auto stranger = HostilePeer::stranger(scene.federation, "36");
  const auto frame = GENERATE(as<Frame>{}, Subscribe{}, CaseRequest{}, EnclosureRequest{},
                              MailboxRecords{}, ForkNotice{}, Ack{});
  INFO(name_of(frame));
  stranger->dial("hub");
  if (std::holds_alternative<CaseRequest>(frame)) {
    stranger->send(CaseRequest{scene.attacker.new_case()});
  } else if (const auto* subscribe = std::get_if<Subscribe>(&frame)) {
    Subscribe one = *subscribe;
    one.stream.journal = scene.attacker.journal().id();
    stranger->send(one);
  } else if (std::holds_alternative<Ack>(frame)) {
    stranger->send(Ack{.stream = {.journal = scene.attacker.journal().id()}});
  } else {
    stranger->send(frame);
  }
  CHECK(stranger->run_until_down());
  CHECK(stranger->received<MailboxRecords>().empty());
  CHECK(logged(scene.federation, "hub", "link-refused", "not legal"));
  CHECK(holdings(scene.federation, "hub") == scene.before);
}

TEST_CASE("a member may not say that it is another", "[engine][hostile]") {
  LinkScene scene(4);
  scene.attacker.dial("hub");
  Hello hello = scene.attacker.hello();
  hello.member = scene.federation.node("51").id();
  scene.attacker.send(hello);
  scene.check_repelled("belongs to 34");
}

TEST_CASE("a member of another federation is refused", "[engine][hostile]") {
  LinkScene scene(5);
  scene.attacker.dial("hub");
  Hello hello = scene.attacker.hello();
  hello.federation = "elsewhere";
  scene.attacker.send(hello);
  scene.check_repelled("federation");
}

TEST_CASE("a frame before the hello ends the link", "[engine][hostile]") {
  LinkScene scene(6);
  scene.attacker.dial("hub");
  scene.attacker.send(CaseRequest{scene.attacker.new_case()});
  scene.check_repelled("not legal while the link is starting");
}

TEST_CASE("a member suspended in the middle of a session loses it", "[engine][hostile]") {
  LinkScene scene(7);
  REQUIRE(scene.attacker.open("hub"));
  REQUIRE(scene.federation.call("hub", "hub.suspend", {{"member", "34"}}));
  CHECK(scene.attacker.run_until_down());
  CHECK(logged(scene.federation, "hub", "link-refused", "34 is suspended"));
  const std::string after = holdings(scene.federation, "hub");
  CHECK_FALSE(scene.attacker.open("hub"));
  CHECK(holdings(scene.federation, "hub") == after);
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}

TEST_CASE("records on the way when their author is suspended are not taken", "[engine][hostile]") {
  LinkScene scene(8);
  REQUIRE(scene.attacker.open("hub"));
  ForgedJournal journal = scene.attacker.journal();
  journal.append(opened_event(scene.attacker.new_case()));
  // In the same step as the suspension.
  scene.attacker.send(journal.records(0, 1));
  REQUIRE(scene.federation.call("hub", "hub.suspend", {{"member", "34"}}));
  CHECK(scene.attacker.run_until_down());
  scene.federation.run_for(std::chrono::seconds{5});
  CHECK(scene.attacker.received<Ack>().empty());
  CHECK(holdings(scene.federation, "hub") == scene.before);
}

TEST_CASE("a frame as large as may be, with nothing in it, ends the link", "[engine][hostile]") {
  LinkScene scene(9);
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send_raw(Bytes(kFrameSizeMax));
  scene.check_repelled("malformed frame");
}

TEST_CASE("malformed frames end the link whatever they hold", "[engine][hostile]") {
  LinkScene scene(10);
  REQUIRE(scene.attacker.open("hub"));
  const Bytes good = *encode_frame(CaseRequest{scene.attacker.new_case()});
  Bytes bad;
  SECTION("one byte") {
    bad = {7};
  }
  SECTION("cut off") {
    bad.assign(good.begin(), good.end() - 8);
  }
  SECTION("a trailing word") {
    bad = good;
    bad.resize(good.size() + 8);
  }
  SECTION("two segments") {
    bad = good;
    bad[0] = 1;
  }
  SECTION("a pointer past the end") {
    bad = good;
    for (std::size_t i = 8; i < bad.size(); i += 8) bad[i + 2] ^= 0x40;
  }
  SECTION("noise") {
    bad = SeededRandom(5).bytes(512);
  }
  scene.attacker.send_raw(bad);
  scene.check_repelled("malformed frame");
}

TEST_CASE("a flood of each control frame ends the link", "[engine][hostile]") {
  LinkScene scene(11);
  REQUIRE(scene.attacker.open("hub"));
  const CaseId id = scene.attacker.new_case();
  const Frame frame =
      GENERATE_COPY(as<Frame>{}, Frame(Subscribe{.stream = {.is_mailbox = true}}),
                    Frame(CaseRequest{id}), Frame(EnclosureRequest{.count = kChunksPerRequestMax}),
                    Frame(EnclosureDone{}), Frame(RosterRequest{}), Frame(RosterFrame{Bytes(64)}),
                    Frame(ForkNotice{Bytes(64)}), Frame(Ping{}));
  INFO(name_of(frame));
  for (int i = 0; i < 9'000; ++i) scene.attacker.send(frame);
  CHECK(scene.attacker.run_until_down());
  CHECK(logged(scene.federation, "hub", "link-refused", "too many"));
  CHECK(holdings(scene.federation, "hub") == scene.before);
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}

TEST_CASE("alerts do not pile up however often the same is tried", "[engine][hostile]") {
  LinkScene scene(12);
  ForgedJournal journal = scene.attacker.journal();
  journal.append(opened_event(scene.attacker.new_case()));
  JournalRecords records = journal.records(0, 1);
  records.checkpoint = journal.checkpoint_with_root(1, Digest{});
  for (int i = 0; i < 5; ++i) {
    REQUIRE(scene.attacker.open("hub"));
    scene.attacker.send(records);
    CHECK(scene.attacker.run_until_down());
  }
  CHECK(alerts(scene.federation, "hub", "withheld") == 1);
  CHECK(holdings(scene.federation, "hub") == scene.before);
}

TEST_CASE("more streams than a link may carry are refused", "[engine][hostile]") {
  LinkScene scene(13);
  REQUIRE(scene.attacker.open("hub"));
  for (std::uint32_t generation = 1; generation <= 5'000; ++generation) {
    scene.attacker.subscribe({.journal = {scene.attacker.identity().member, generation}}, 0, 1);
  }
  scene.check_repelled("streams subscribed");
}

TEST_CASE("a peer that grants no credit gets nothing and holds up nobody", "[engine][hostile]") {
  LinkScene scene(14);
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.subscribe({.is_mailbox = true}, 0, 0);
  const auto opened = scene.federation.call(
      "51.03", "case.open", {{"category", "roads.potholes"}, {"text", "Berlubang"}});
  REQUIRE(opened);
  REQUIRE(
      scene.federation.call("51.03", "case.forward", {{"case", (*opened)["case"]}, {"to", "34"}}));
  for (int i = 0; i < 20; ++i) CHECK(work_goes_on(scene.federation, "51.03", "hub"));
  CHECK(scene.attacker.up());
  CHECK(scene.attacker.received<MailboxRecords>().empty());
  CHECK((*scene.federation.call("hub", "status", {}))["peers"].dump().find("mailbox_backlog") !=
        std::string::npos);
  scene.attacker.subscribe({.is_mailbox = true}, 0, 1 << 20);
  CHECK(scene.federation.run_until(
      [&] { return !scene.attacker.received<MailboxRecords>().empty(); }));
}

TEST_CASE("a peer that does not read loses its link before it costs memory", "[engine][hostile]") {
  LinkScene scene(15);
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.set_reading(false);
  // It asks for answers for as long as it may and takes none; pings alone would do for it.
  for (int minute = 0; minute < 10 && !logged(scene.federation, "hub", "link-down", "34");
       ++minute) {
    for (int i = 0; i < 50; ++i) scene.attacker.send(RosterRequest{});
    scene.federation.run_for(std::chrono::minutes{1});
  }
  CHECK(logged(scene.federation, "hub", "link-down", "34"));
  CHECK(holdings(scene.federation, "hub") == scene.before);
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}
