// Whose word settles a forked journal: it follows from the roster in force and from what was said,
// whichever came first.
#include <catch2/catch.hpp>

#include "protocol/fork_proof.h"
#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

const std::vector<Federation::Seat> kSeats = {{"hub", MemberKind::kHub},
                                              {"hub-2", MemberKind::kHub},
                                              {"51", MemberKind::kProvince},
                                              {"34", MemberKind::kProvince}};

// 51 is alone with what hub-2 tells it: 34 forked its journal after the first event, and 51 holds
// the history of it in which 34 forwards a case to 51.
struct DisputeScene {
  explicit DisputeScene(std::uint64_t seed)
      : federation(seed, kSeats),
        forked({*MemberId::parse("34"), 1}, federation.node("34").identity()),
        hub_2(federation, "hub-2"),
        id(forked.new_case()) {
    federation.kill("34");
    federation.kill("hub");
    roster = federation.roster();
    roster_hash = hash_of(roster);
    REQUIRE(hub_2.wait_for_dialler());
    const EventHash opened = forked.append(opened_event(id));
    ForgedJournal other = forked;
    forward(forked, opened, "competence");
    forward(other, opened, "authority");
    hub_2.send_mailbox({forked.group({0, 1})});
    REQUIRE(federation.run_until([&] { return counts(); }));
    hub_2.send(
        ForkNotice{*encode_fork_proof({forked.checkpoint(2), other.checkpoint(2), ForkedRoots{}})});
    REQUIRE(federation.run_until([&] { return !counts(); }));
  }

  // The next roster, in which the role moved; hub-2 brings it.
  void move_role(const std::string& to, std::vector<HeadRef> former) {
    roster.version += 1;
    roster.previous = roster_hash;
    roster.ruling_hub = *MemberId::parse(to);
    roster.former_rulings = std::move(former);
    const auto issued = sign_roster(roster, *federation.node("hub").identity().root_key);
    REQUIRE(issued);
    roster_hash = issued->hash;
    hub_2.send(RosterFrame{issued->bytes});
    REQUIRE(federation.run_until([&] {
      return (*federation.call("51", "status", {}))["roster"]["version"] == roster.version;
    }));
    federation.run_for(std::chrono::seconds{5});
  }
  // As hub-2 would say it, in `journal` of its own.
  void say(ForgedJournal& journal, std::uint64_t size) {
    Event settled;
    settled.time = federation.now();
    settled.body = Settled{forked.head(size)};
    journal.append(settled);
  }
  void tell(const ForgedJournal& journal, std::uint64_t index) {
    hub_2.send_mailbox({journal.group({index})});
    federation.run_for(std::chrono::seconds{5});
  }
  // Whether 51 counts what 34 wrote after the first event.
  bool counts() { return federation.state("51", id.text()).offer.has_value(); }
  std::optional<std::uint64_t> settled_size() {
    ReadTransaction transaction(federation.node("51").store().environment());
    const auto head = Tables(transaction).journals.bare_head(forked.id());
    return head && head->settled ? std::optional(head->settled->size) : std::nullopt;
  }

  Federation federation;
  ForgedJournal forked;
  HostilePeer hub_2;
  CaseId id;
  Roster roster;
  Digest roster_hash;

 private:
  Digest hash_of(const Roster& first) {
    const auto issued = sign_roster(first, *federation.node("hub").identity().root_key);
    REQUIRE(issued);
    return issued->hash;
  }
  void forward(ForgedJournal& journal, const EventHash& opened, const std::string& reason) {
    journal.append(case_event_of(id, opened, opened,
                                 Forwarded{.to = *MemberId::parse("51"),
                                           .due = federation.now() + std::chrono::hours{48},
                                           .reason = reason}));
  }
};

HeadRef head_at(const std::string& journal, std::uint64_t size) {
  return {*JournalId::parse(journal), size, sha256({})};
}

}  // namespace

TEST_CASE("a former ruling hub's settlements of earlier generations count as its rulings do",
          "[engine][settlement]") {
  DisputeScene scene(91);
  ForgedJournal journal = scene.hub_2.journal(1);
  scene.say(journal, 2);
  scene.move_role("hub", {head_at("hub-2/2", 10)});
  scene.tell(journal, 0);
  CHECK(scene.counts());
}

TEST_CASE("a settlement that comes before the roster by which its author rules counts under it",
          "[engine][settlement][roster]") {
  DisputeScene scene(92);
  ForgedJournal journal = scene.hub_2.journal();
  scene.say(journal, 2);
  scene.tell(journal, 0);
  CHECK(logged(scene.federation, "51", "settlement-refused", "hub-2/1#0"));
  REQUIRE_FALSE(scene.counts());
  scene.move_role("hub-2", {head_at("hub/1", 7)});
  CHECK(scene.counts());
}

TEST_CASE("a settlement counts no longer under a roster by which its author did not rule there",
          "[engine][settlement][roster]") {
  DisputeScene scene(93);
  ForgedJournal journal = scene.hub_2.journal();
  scene.say(journal, 2);
  scene.move_role("hub-2", {});
  scene.tell(journal, 0);
  REQUIRE(scene.counts());
  scene.move_role("hub", {head_at("hub-2/1", 1)});
  CHECK(scene.counts());
  scene.move_role("hub", {head_at("hub-2/1", 0)});
  CHECK_FALSE(scene.counts());
  CHECK(alerts(scene.federation, "51", "settlement-withdrawn") == 1);
  scene.move_role("hub-2", {});
  CHECK(scene.counts());
}

TEST_CASE("of several settlements of a journal the last one counts, in whatever order they come",
          "[engine][settlement]") {
  DisputeScene scene(94);
  ForgedJournal journal = scene.hub_2.journal();
  scene.say(journal, 1);
  scene.say(journal, 2);
  scene.move_role("hub-2", {});
  SECTION("as they were said") {
    scene.tell(journal, 0);
    CHECK(scene.settled_size() == 1);
    scene.tell(journal, 1);
  }
  SECTION("the other way round") {
    scene.tell(journal, 1);
    scene.tell(journal, 0);
  }
  CHECK(scene.settled_size() == 2);
  CHECK(scene.counts());
}
