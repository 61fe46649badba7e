// One journal's heads that come to a member by different ways: linked by a proof, or its author is
// convicted, or somebody withholds.
#include <catch2/catch.hpp>
#include <cstdio>

#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

void append_others(ForgedJournal& journal, int count) {
  for (int i = 0; i < count; ++i) journal.append(opened_event(journal.new_case()));
}

// 34 tells the hub a history of 6 events, two of which go on to 51, and another one to 51 itself.
struct HeadsScene {
  explicit HeadsScene(std::uint64_t seed)
      : federation(seed, hostile_seats(true)),
        attacker(federation, "34"),
        to_hub(attacker.journal()) {
    REQUIRE(work_goes_on(federation, "51.03", "hub"));
    REQUIRE(work_goes_on(federation, "51", "hub"));
    const CaseId first = append_offer(to_hub);
    to_51 = to_hub;
    (void)to_51->new_case();  // from here on its events are others
    append_others(to_hub, 4);
    REQUIRE(attacker.open("hub"));
    attacker.send(to_hub.records(0, 6));
    REQUIRE(attacker.run_until_acked(6));
    REQUIRE(federation.run_until(
        [&] { return federation.state("51", first.text()).offer.has_value(); }));
  }
  // An offer to 51, as the next two events.
  CaseId append_offer(ForgedJournal& journal) {
    const CaseId id = journal.new_case();
    const EventHash opened = journal.append(opened_event(id));
    journal.append(case_event_of(id, opened, opened,
                                 Forwarded{.to = federation.node("51").id(),
                                           .due = federation.now() + std::chrono::hours{48},
                                           .reason = "competence"}));
    return id;
  }
  // A history of ten events of which nothing but the last two is shown, so that no node of it
  // is also known of the other one.
  void show_the_longer() {
    append_others(*to_51, 6);
    append_offer(*to_51);
    REQUIRE(attacker.open("51"));
    attacker.send_mailbox({to_51->group({8, 9})});
  }
  bool is_asked() {
    return federation.run_until([&] { return !attacker.received<ConsistencyRequest>().empty(); });
  }
  void answer(ProvedGroup group) {
    MailboxRecords reply{.is_reply = true};
    reply.groups.push_back(std::move(group));
    attacker.send(reply);
  }
  void check_convicted() {
    for (const char* node : {"hub", "51", "51.03"}) {
      INFO(node);
      CHECK(federation.run_until(
          [&] { return federation.disputed_from(node, to_hub.id()).has_value(); }));
      CHECK(alerts(federation, node, "fork") == 1);
      CHECK(alerts(federation, node, "withheld") == 0);
    }
    CHECK_FALSE(logged(federation, "51", "link-refused", "hub"));
    CHECK(work_goes_on(federation, "51.03", "hub"));
    CHECK(work_goes_on(federation, "51", "hub"));
  }
  Federation federation;
  HostilePeer attacker;
  ForgedJournal to_hub;
  std::optional<ForgedJournal> to_51;
};

}  // namespace

TEST_CASE("an author whose answer shows another history than its hub holds is convicted",
          "[engine][hostile][consistency]") {
  HeadsScene scene(41);
  scene.show_the_longer();
  REQUIRE(scene.is_asked());
  const auto request = scene.attacker.received<ConsistencyRequest>().front();
  CHECK(request == ConsistencyRequest{scene.to_hub.id(), 6, 10});
  scene.answer(scene.to_51->consistency(6));
  scene.check_convicted();
}

TEST_CASE("who shows a head and does not link it to the one before withholds",
          "[engine][hostile][consistency]") {
  HeadsScene scene(42);
  scene.show_the_longer();
  REQUIRE(scene.is_asked());
  SECTION("saying nothing") {}
  SECTION("with a proof that proves nothing") {
    ProvedGroup group = scene.to_51->consistency(6);
    group.nodes.back().hash = Digest{};
    scene.answer(group);
  }
  CHECK(
      scene.federation.run_until([&] { return alerts(scene.federation, "51", "withheld") == 1; }));
  for (const char* node : {"hub", "51", "51.03"}) {
    CHECK_FALSE(scene.federation.disputed_from(node, scene.to_hub.id()));
    CHECK(alerts(scene.federation, node, "fork") == 0);
  }
  // It is asked again, less and less often, and can still be convicted.
  scene.federation.run_for(std::chrono::minutes{30});
  CHECK(scene.attacker.received<ConsistencyRequest>().size() < 15);
  CHECK(alerts(scene.federation, "51", "withheld") == 1);
  CHECK(work_goes_on(scene.federation, "51", "hub"));
  // But soon when a link opens: it may lead to who knows.
  scene.attacker.forget();
  REQUIRE(scene.attacker.open("51"));
  CHECK(scene.federation.run_until(
      [&] { return !scene.attacker.received<ConsistencyRequest>().empty(); },
      std::chrono::seconds{40}));
}

TEST_CASE("an author who says nothing is convicted by what its hub holds of it",
          "[engine][hostile][consistency]") {
  HeadsScene scene(43);
  scene.append_offer(*scene.to_51);
  append_others(*scene.to_51, 1);
  REQUIRE(scene.attacker.open("51"));
  scene.attacker.send_mailbox({scene.to_51->group({2, 3})});  // of five events; the hub has six
  scene.check_convicted();
}

TEST_CASE("two heads of one size convict though neither is held yet",
          "[engine][hostile][consistency]") {
  HeadsScene scene(46);
  append_others(*scene.to_51, 4);
  scene.append_offer(*scene.to_51);
  REQUIRE(scene.attacker.open("51"));
  scene.attacker.send_mailbox({scene.to_51->group({2})});
  // The other one comes before anybody is asked.
  append_others(scene.to_hub, 2);
  scene.append_offer(scene.to_hub);
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send(scene.to_hub.records(6, 10));
  scene.check_convicted();
  CHECK_FALSE(logged(scene.federation, "hub", "link-refused", "51"));
}

TEST_CASE("who was never told of a journal learns nothing of it by asking",
          "[engine][hostile][consistency]") {
  HeadsScene scene(44);
  for (int i = 0; i < 3; ++i) REQUIRE(work_goes_on(scene.federation, "51.03", "hub"));
  if (!scene.attacker.up()) REQUIRE(scene.attacker.open("hub"));
  scene.attacker.forget();
  scene.attacker.send(ConsistencyRequest{{scene.federation.node("51.03").id(), 1}, 1, 3});
  scene.federation.run_for(std::chrono::seconds{5});
  CHECK(scene.attacker.up());
  CHECK(scene.attacker.received<MailboxRecords>().empty());
  CHECK(logged(scene.federation, "hub", "consistency-not-proved", "never told"));
  // Its own journal is another matter.
  scene.attacker.send(ConsistencyRequest{scene.to_hub.id(), 1, 6});
  CHECK(scene.federation.run_until(
      [&] { return scene.attacker.received<MailboxRecords>().size() == 1; }));
}

TEST_CASE("honest members ask nothing while links last and little when they break",
          "[engine][consistency]") {
  Federation federation(45, hostile_seats(true));
  REQUIRE(work_goes_on(federation, "51.03", "hub"));
  std::size_t asked = 0;
  federation.set_tap([&](const std::string&, BytesView bytes) {
    const auto frame = decode_frame(bytes);
    asked += frame && std::holds_alternative<ConsistencyRequest>(*frame);
  });
  // 51 hears of each offer from 51.03 itself and from the hub.
  const auto offer = [&] {
    const Json opened =
        *federation.call("51.03", "case.open", {{"category", "roads"}, {"text", "x"}});
    REQUIRE(federation.call("51.03", "case.forward", {{"case", opened["case"]}, {"to", "51"}}));
    REQUIRE(federation.run_until([&] {
      return federation.state("51", opened["case"]).offer &&
             work_goes_on(federation, "51.03", "hub");
    }));
    REQUIRE(federation.call("51", "case.accept", {{"case", opened["case"]}}));
  };
  for (int i = 0; i < 30; ++i) offer();
  federation.run_for(std::chrono::minutes{1});
  CHECK(asked == 0);
  constexpr int kBreaks = 5;
  for (int i = 0; i < kBreaks; ++i) {
    federation.network().cut_links("51");
    for (int each = 0; each < 4; ++each) offer();
    federation.run_for(std::chrono::minutes{1});
  }
  std::printf("FIGURE: %d broken links, %zu requests for consistency\n", kBreaks, asked);
  CHECK(asked <= 4 * kBreaks);
  for (const char* node : {"hub", "51", "51.03"}) {
    CHECK(alerts(federation, node, "withheld") == 0);
    CHECK(alerts(federation, node, "fork") == 0);
    CHECK_FALSE(logged(federation, node, "link-refused"));
    CHECK_FALSE(logged(federation, node, "consistency-not-proved"));
  }
}
