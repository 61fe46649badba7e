// Authors that keep two histories, and relays that tell different stories.
#include <catch2/catch.hpp>

#include "protocol/fork_proof.h"
#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

// 34 opens a case and forwards it to 51 twice: one history for the hub, one for 51.
struct ForkScene {
  explicit ForkScene(std::uint64_t seed)
      : federation(seed, hostile_seats(true)),
        attacker(federation, "34"),
        to_hub(attacker.journal()) {
    REQUIRE(work_goes_on(federation, "51.03", "hub"));
    REQUIRE(work_goes_on(federation, "51", "hub"));
    id = attacker.new_case();
    opened = to_hub.append(opened_event(id));
    ForgedJournal other = to_hub;
    forward(to_hub, "competence");
    forward(other, "authority");
    to_51 = other;
  }
  void forward(ForgedJournal& journal, const std::string& reason) {
    journal.append(case_event_of(id, opened, opened,
                                 Forwarded{.to = federation.node("51").id(),
                                           .due = federation.now() + std::chrono::hours{48},
                                           .reason = reason}));
  }
  // Both histories out; until the hub and 51 know.
  void equivocate() {
    REQUIRE(attacker.open("51"));
    attacker.send_mailbox({to_51->group({0, 1})});
    REQUIRE(
        federation.run_until([&] { return federation.state("51", id.text()).offer.has_value(); }));
    REQUIRE(attacker.open("hub"));
    attacker.send(to_hub.records(0, 2));
    REQUIRE(attacker.run_until_acked(2));
    REQUIRE(federation.run_until([&] {
      return federation.disputed_from("51", to_hub.id()) &&
             federation.disputed_from("hub", to_hub.id());
    }));
    federation.run_for(std::chrono::seconds{30});
  }
  Federation federation;
  HostilePeer attacker;
  ForgedJournal to_hub;
  std::optional<ForgedJournal> to_51;
  CaseId id;
  EventHash opened;
};

std::vector<Bytes> proofs_at(Federation& federation, const std::string& at) {
  ReadTransaction transaction(federation.node(at).store().environment());
  return Tables(transaction).local.fork_proofs();
}

std::map<std::string, std::uint64_t> mailbox_sizes(Federation& federation, const std::string& at) {
  ReadTransaction transaction(federation.node(at).store().environment());
  const Tables tables(transaction);
  std::map<std::string, std::uint64_t> sizes;
  for (const char* member : {"34", "51", "51.03"}) {
    sizes[member] = tables.mailboxes.size(*MemberId::parse(member));
  }
  return sizes;
}

}  // namespace

TEST_CASE("two histories of one journal are found out, proved and quarantined",
          "[engine][hostile][fork]") {
  ForkScene scene(31);
  scene.equivocate();
  for (const char* node : {"hub", "51", "51.03"}) {
    INFO(node);
    CHECK(scene.federation.disputed_from(node, scene.to_hub.id()) == 1);  // from where they part
    CHECK(alerts(scene.federation, node, "fork") == 1);
    for (const char* honest : {"hub", "51", "51.03"}) {
      CHECK_FALSE(scene.federation.disputed_from(node, {*MemberId::parse(honest), 1}));
    }
  }
  // What came before still counts, what came after does not.
  const CaseState state = scene.federation.state("hub", scene.id.text());
  CHECK(state.has_opened());
  CHECK_FALSE(state.offer);
  // The hub, which only relayed, keeps its link with 51; everyone works on.
  CHECK_FALSE(logged(scene.federation, "51", "link-refused", "hub"));
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
  CHECK(work_goes_on(scene.federation, "51", "hub"));
  // More of the forked history does not cut 51 off either.
  ForgedJournal more = scene.to_hub;
  more.append(case_event_of(scene.id, scene.opened, scene.opened, Noted{}));
  scene.attacker.send(more.records(2, 3));
  scene.federation.run_for(std::chrono::seconds{30});
  CHECK_FALSE(logged(scene.federation, "51", "link-refused", "hub"));
  CHECK(work_goes_on(scene.federation, "51", "hub"));
}

TEST_CASE("a whole history that departs from single events held is void from where it departs",
          "[engine][hostile][fork]") {
  ForkScene scene(35);
  REQUIRE(scene.attacker.open("51"));
  scene.attacker.send_mailbox({scene.to_51->group({0, 1})});
  // 51 says that the offer was delivered; the hub asks it for what that cites.
  REQUIRE(scene.federation.run_until(
      [&] { return scene.federation.state("hub", scene.id.text()).offer.has_value(); }));
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send(scene.to_hub.records(0, 2));
  REQUIRE(scene.federation.run_until(
      [&] { return scene.federation.disputed_from("51", scene.to_hub.id()).has_value(); }));
  for (const char* node : {"hub", "51"}) {
    INFO(node);
    CHECK(scene.federation.disputed_from(node, scene.to_hub.id()) == 1);
    CHECK(scene.federation.state(node, scene.id.text()).has_opened());
  }
}

TEST_CASE("the ruling hub settles a forked journal, and that history counts again",
          "[engine][hostile][fork]") {
  ForkScene scene(32);
  scene.equivocate();
  REQUIRE_FALSE(scene.federation.state("hub", scene.id.text()).offer);
  CHECK_FALSE(scene.federation.call("51", "hub.settle", {{"journal", "34/1"}, {"size", 2}}));
  CHECK_FALSE(scene.federation.call("hub", "hub.settle", {{"journal", "34/1"}, {"size", 9}}));
  REQUIRE(scene.federation.call("hub", "hub.settle", {{"journal", "34/1"}, {"size", 2}}));
  CHECK(scene.federation.state("hub", scene.id.text()).offer);
  // 51 holds the other history: it goes on counting neither, and says so.
  REQUIRE(scene.federation.run_until(
      [&] { return alerts(scene.federation, "51", "settled-otherwise") == 1; }));
  CHECK_FALSE(scene.federation.state("51", scene.id.text()).offer);
  CHECK(scene.federation.run_until([&] { return logged(scene.federation, "51.03", "settled"); }));
  CHECK(work_goes_on(scene.federation, "51", "hub"));
}

TEST_CASE("who knows a settled journal by single events counts those of the settled history",
          "[engine][hostile][fork]") {
  ForkScene scene(38);
  ForgedJournal journal = scene.attacker.journal();
  const CaseId id = scene.attacker.new_case();
  const EventHash opened = journal.append(opened_event(id));
  journal.append(case_event_of(id, opened, opened,
                               Forwarded{.to = scene.federation.node("51").id(),
                                         .due = scene.federation.now() + std::chrono::hours{48},
                                         .reason = "competence"}));
  const auto others = [&](ForgedJournal& to, int count) {
    while (count-- > 0) to.append(opened_event(scene.attacker.new_case()));
  };
  others(journal, 3);
  ForgedJournal second = journal;
  others(journal, 3);
  others(second, 3);
  // 51 knows two events under the head of size 8, which does not tell it the root at size 5.
  scene.federation.kill("51");
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send(journal.records(0, 5));
  REQUIRE(scene.attacker.run_until_acked(5));
  scene.attacker.send(journal.records(5, 8));
  REQUIRE(scene.attacker.run_until_acked(8));
  scene.federation.start("51");
  REQUIRE(scene.federation.run_until(
      [&] { return scene.federation.state("51", id.text()).offer.has_value(); }));
  const auto proof =
      encode_fork_proof({journal.checkpoint(8), second.checkpoint(8), ForkedRoots{}});
  REQUIRE(proof);
  scene.attacker.send(ForkNotice{*proof});
  REQUIRE(scene.federation.run_until(
      [&] { return scene.federation.disputed_from("51", journal.id()).has_value(); }));
  // Where the histories part is not said, so nothing of it counts.
  CHECK_FALSE(scene.federation.state("51", id.text()).has_opened());

  // Only of a size for which there is a head of the author's.
  CHECK_FALSE(scene.federation.call("hub", "hub.settle", {{"journal", "34/1"}, {"size", 4}}));
  const auto before = mailbox_sizes(scene.federation, "hub");
  REQUIRE(scene.federation.call("hub", "hub.settle", {{"journal", "34/1"}, {"size", 5}}));
  const auto after = mailbox_sizes(scene.federation, "hub");
  // To everyone what it said; to 51, which alone is concerned with a case there, that one's events.
  CHECK(after.at("51") == before.at("51") + 3);
  CHECK(after.at("51.03") == before.at("51.03") + 1);
  CHECK(after.at("34") == before.at("34") + 1);
  CHECK(scene.federation.run_until(
      [&] { return scene.federation.state("51", id.text()).offer.has_value(); }));
  CHECK(alerts(scene.federation, "51", "settled-otherwise") == 0);

  // Its author tells its other history still; it is heard all the same, and writes in its next.
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.forget();
  scene.attacker.send(second.records(5, 8));
  scene.federation.run_for(std::chrono::seconds{5});
  REQUIRE(scene.attacker.up());
  ForgedJournal next = scene.attacker.journal(2);
  others(next, 1);
  scene.attacker.send(next.records(0, 1));
  CHECK(scene.attacker.run_until_acked(1));
}

TEST_CASE("only the ruling hub's settlement counts", "[engine][hostile][fork]") {
  ForkScene scene(33);
  scene.equivocate();
  ForgedJournal more = scene.to_hub;
  Event settled;
  settled.time = scene.federation.now();
  settled.body = Settled{more.head(2)};
  more.append(settled);
  if (!scene.attacker.up()) REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send(more.records(2, 3));
  REQUIRE(scene.attacker.run_until_acked(3));
  CHECK(logged(scene.federation, "hub", "settlement-refused", "34/1#2"));
  CHECK_FALSE(scene.federation.state("hub", scene.id.text()).offer);
}

TEST_CASE("another history sent to the same hub is refused and nothing is lost",
          "[engine][hostile][fork]") {
  ForkScene scene(34);
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send(scene.to_hub.records(0, 2));
  REQUIRE(scene.attacker.run_until_acked(2));
  scene.federation.run_for(std::chrono::seconds{5});
  REQUIRE(scene.attacker.open("hub"));
  SECTION("of the same size") {
    scene.attacker.send(scene.to_51->records(0, 2));
    CHECK(scene.attacker.run_until_down());
    CHECK(alerts(scene.federation, "hub", "fork") == 1);
    CHECK(scene.federation.disputed_from("hub", scene.to_hub.id()));
  }
  SECTION("longer, so that nothing is proved: withheld") {
    scene.to_51->append(case_event_of(scene.id, scene.opened, scene.opened, Noted{}));
    scene.attacker.send(scene.to_51->records(2, 3));
    CHECK(scene.attacker.run_until_down());
    CHECK(alerts(scene.federation, "hub", "withheld") == 1);
    CHECK_FALSE(scene.federation.disputed_from("hub", scene.to_hub.id()));
  }
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}

TEST_CASE("a notice that convicts nobody has no effect", "[engine][hostile][fork]") {
  ForkScene scene(35);
  scene.federation.run_for(std::chrono::seconds{5});
  REQUIRE(scene.attacker.open("hub"));
  const std::string before = holdings(scene.federation, "hub");
  ForgedJournal victim({scene.federation.node("51").id(), 1}, scene.attacker.identity());
  victim.append(opened_event(victim.new_case()));
  ForkProof proof{victim.checkpoint(1), victim.checkpoint_with_root(1, Digest{}), ForkedRoots{}};
  SECTION("signed by who is not the author") {}
  SECTION("the same head twice") {
    proof = {scene.to_hub.checkpoint(2), scene.to_hub.checkpoint(2), ForkedRoots{}};
  }
  SECTION("heads of different sizes, which may both be true") {
    proof = {scene.to_hub.checkpoint(1), scene.to_hub.checkpoint(2), ForkedRoots{}};
  }
  scene.attacker.send(ForkNotice{*encode_fork_proof(proof)});
  scene.federation.run_for(std::chrono::seconds{2});
  CHECK(logged(scene.federation, "hub", "fork-notice-refused", "From 34"));
  CHECK(holdings(scene.federation, "hub") == before);
  CHECK(alerts(scene.federation, "hub", "fork") == 0);
}

// simpul-sim --seed 710372 --members 6 --days 0.5
TEST_CASE("a notice under a key of a newer roster counts once that roster is here",
          "[engine][hostile][fork]") {
  ForkScene scene(41);
  scene.federation.run_for(std::chrono::seconds{5});
  const MemberId& author = scene.federation.node("51").id();
  const auto coming = HostilePeer::stranger(scene.federation, "36");  // whose key is 51's next
  const SigningKey& root = *scene.federation.node("hub").identity().root_key;
  Roster next = scene.federation.roster();
  next.previous = sign_roster(next, root)->hash;
  ++next.version;
  const auto member = std::ranges::find(next.members, author, &Member::id);
  member->signing.push_back(
      {.version = 2, .key = coming->identity().keys.signing.verify_key(), .from_generation = 4});
  ForgedJournal forked({author, 4}, coming->identity());
  forked.append(opened_event(forked.new_case()));
  const ForkProof proof{forked.checkpoint(1), forked.checkpoint_with_root(1, Digest{}),
                        ForkedRoots{}};

  scene.attacker.dial("hub");
  Hello hello = scene.attacker.hello();
  hello.roster_version = next.version;
  scene.attacker.send(hello);
  scene.attacker.send(ForkNotice{*encode_fork_proof(proof)});
  scene.federation.run_for(std::chrono::seconds{2});
  CHECK_FALSE(scene.federation.disputed_from("hub", forked.id()));
  scene.attacker.send(RosterFrame{sign_roster(next, root)->bytes});
  scene.federation.run_for(std::chrono::seconds{2});
  CHECK(scene.federation.disputed_from("hub", forked.id()));
}

TEST_CASE("a notice quarantines the journal it convicts and no other", "[engine][hostile][fork]") {
  ForkScene scene(36);
  scene.federation.run_for(std::chrono::seconds{5});
  REQUIRE(scene.attacker.open("hub"));
  const ForkProof proof{scene.to_hub.checkpoint(2), scene.to_51->checkpoint(2), ForkedRoots{}};
  scene.attacker.send(ForkNotice{*encode_fork_proof(proof)});
  scene.federation.run_for(std::chrono::seconds{5});
  for (const char* node : {"hub", "51", "51.03"}) {  // the hub has told everyone
    INFO(node);
    CHECK(scene.federation.disputed_from(node, scene.to_hub.id()));
    CHECK_FALSE(scene.federation.disputed_from(node, {*MemberId::parse("51"), 1}));
    CHECK_FALSE(scene.federation.disputed_from(node, {*MemberId::parse("51.03"), 1}));
  }
  CHECK(work_goes_on(scene.federation, "51", "hub"));
}

TEST_CASE("of a journal's proofs the one that voids the most is kept", "[engine][hostile][fork]") {
  ForkScene scene(39);
  scene.equivocate();
  REQUIRE(scene.federation.disputed_from("hub", scene.to_hub.id()) == 1);
  const auto leaf = proofs_at(scene.federation, "hub");
  REQUIRE(leaf.size() == 1);
  const auto roots =
      encode_fork_proof({scene.to_hub.checkpoint(2), scene.to_51->checkpoint(2), ForkedRoots{}});
  scene.attacker.send(ForkNotice{roots.value()});
  for (const char* node : {"hub", "51", "51.03"}) {
    INFO(node);
    CHECK(scene.federation.run_until(
        [&] { return proofs_at(scene.federation, node) == std::vector<Bytes>{roots.value()}; }));
    CHECK(scene.federation.disputed_from(node, scene.to_hub.id()) == 0);
  }
  scene.attacker.send(ForkNotice{leaf.front()});
  scene.federation.run_for(std::chrono::seconds{5});
  CHECK(proofs_at(scene.federation, "hub") == std::vector<Bytes>{roots.value()});
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}

TEST_CASE("a link that opens is told of every proof, though of few at once",
          "[engine][hostile][fork]") {
  constexpr std::uint32_t kForked = 30;
  ForkScene scene(40);
  scene.federation.kill("51.03");
  REQUIRE(scene.attacker.open("hub"));
  for (std::uint32_t generation = 1; generation <= kForked; ++generation) {
    ForgedJournal one = scene.attacker.journal(generation);
    ForgedJournal other = one;
    one.append(opened_event(scene.attacker.new_case()));
    other.append(opened_event(scene.attacker.new_case()));
    const auto proof = encode_fork_proof({one.checkpoint(1), other.checkpoint(1), ForkedRoots{}});
    scene.attacker.send(ForkNotice{proof.value()});
    scene.federation.run_for(std::chrono::seconds{2});
  }
  REQUIRE(proofs_at(scene.federation, "hub").size() == kForked);
  scene.federation.start("51.03");
  CHECK(scene.federation.run_until(
      [&] { return proofs_at(scene.federation, "51.03").size() == kForked; }));
  CHECK_FALSE(logged(scene.federation, "51.03", "link-refused"));
}

TEST_CASE("a journal of which the hub holds nothing in order is settled at nothing",
          "[engine][hostile][fork]") {
  ForkScene scene(43);
  scene.equivocate();
  CHECK_FALSE(scene.federation.call("hub", "hub.settle",
                                    {{"journal", "34/1"}, {"size", 2}, {"root", "AAAA"}}));
  REQUIRE(scene.federation.call("hub", "hub.settle", {{"journal", "34/1"}, {"size", 0}}));
  CHECK_FALSE(scene.federation.state("hub", scene.id.text()).offer);
  // Its author is heard again, in the next generation.
  ForgedJournal next = scene.attacker.journal(2);
  next.append(opened_event(scene.attacker.new_case()));
  REQUIRE(scene.attacker.open("hub"));
  scene.attacker.send(scene.to_51->records(0, 2));
  scene.attacker.send(next.records(0, 1));
  CHECK(scene.attacker.run_until_acked(1));
}

// simpul-sim --seed 630045 --members 7 --days 0.5
TEST_CASE("what follows a skipped history is not asked for again and again",
          "[engine][hostile][fork]") {
  ForkScene scene(44);
  scene.equivocate();
  REQUIRE(scene.federation.call("hub", "hub.settle", {{"journal", "34/1"}, {"size", 2}}));
  for (int i = 0; i < 2; ++i) {
    scene.to_51->append(case_event_of(scene.id, scene.opened, scene.opened, Noted{}));
  }
  REQUIRE(scene.attacker.open("hub"));
  scene.federation.run_for(std::chrono::seconds{2});
  const std::size_t asked = scene.attacker.received<Subscribe>().size();
  scene.attacker.send(scene.to_51->records(0, 3));
  scene.attacker.send(scene.to_51->records(3, 4));
  CHECK(scene.federation.run_until(
      [&] { return logged(scene.federation, "hub", "records-skipped", "leave a gap"); }));
  CHECK(scene.attacker.received<Subscribe>().size() == asked);
  CHECK(scene.attacker.up());
}

TEST_CASE("a relay cannot rewrite what it relays", "[engine][hostile][fork]") {
  // Here the hub itself is hostile, once everyone knows it.
  Federation federation(37, hostile_seats(true));
  REQUIRE(work_goes_on(federation, "51.03", "hub"));
  federation.run_for(std::chrono::seconds{10});
  HostilePeer hub(federation, "hub");
  federation.network().cut_links("51");
  REQUIRE(hub.wait_for_dialler());
  const std::string before = holdings(federation, "51") + holdings(federation, "51.03");
  ForgedJournal forged({federation.node("51.03").id(), 1}, hub.identity());
  forged.append(opened_event(forged.new_case()));
  SECTION("an author's event that it made up") {
    hub.send_mailbox({forged.group({0})});
  }
  SECTION("an event of its own that is not proved") {
    ForgedJournal own = hub.journal();
    own.append(opened_event(own.new_case()));
    ProvedGroup group = own.group({0});
    group.checkpoint = own.checkpoint_with_root(1, Digest{});
    hub.send_mailbox({group});
  }
  SECTION("records of a whole journal that nobody asked for") {
    hub.send(forged.records(0, 1));
  }
  CHECK(hub.run_until_down());
  const bool refused = logged(federation, "51", "link-refused", "hub") ||
                       logged(federation, "51.03", "link-refused", "hub");
  CHECK(refused);
  CHECK(holdings(federation, "51") + holdings(federation, "51.03") == before);
}
