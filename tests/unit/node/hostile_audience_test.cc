// Members that want what is not for them, and rosters that are not the newest or not the only.
#include <catch2/catch.hpp>

#include "tests/support/hostile_peer.h"

using namespace simpul;
using namespace simpul::test;

namespace {

const std::vector<Federation::Seat> kAudienceSeats = {{"hub", MemberKind::kHub},
                                                      {"51", MemberKind::kProvince},
                                                      {"51.03", MemberKind::kRegency},
                                                      {"34", MemberKind::kProvince},
                                                      {"36", MemberKind::kProvince}};

// 34 is hostile; 36 is its accomplice; a case of 51.03 is forwarded to 51.
struct AudienceScene {
  explicit AudienceScene(std::uint64_t seed)
      : federation(seed, kAudienceSeats), attacker(federation, "34") {
    REQUIRE(work_goes_on(federation, "51.03", "hub"));
    const auto opened = federation.call("51.03", "case.open",
                                        {{"category", "roads.potholes"}, {"text", "Berlubang"}});
    REQUIRE(opened);
    id = (*opened)["case"];
    REQUIRE(federation.call("51.03", "case.forward", {{"case", id}, {"to", "51"}}));
    REQUIRE(federation.run_until([&] {
      const CaseState state = federation.state("hub", id);
      return state.offer && state.offer->delivered;
    }));
    federation.run_for(std::chrono::seconds{10});
    REQUIRE(attacker.open("hub"));
    attacker.subscribe({.is_mailbox = true}, 0, 1 << 20);
  }
  CaseId case_id() const { return *CaseId::parse(id); }
  Digest enclosure() {
    ReadTransaction transaction(federation.node("hub").store().environment());
    Tables tables(transaction);
    for (const CaseEvent& held : tables.cases.events_of(case_id())) {
      for (const EnclosureRef& ref : held.event.enclosures) return ref.commitment.digest;
    }
    return {};
  }
  Federation federation;
  HostilePeer attacker;
  std::string id;
};

bool knows_case(Federation& federation, const std::string& node, const std::string& id) {
  return federation.state(node, id).has_opened();
}

}  // namespace

TEST_CASE("a case that is not one's own cannot be forwarded to an accomplice",
          "[engine][hostile]") {
  AudienceScene scene(21);
  const CaseState before = scene.federation.state("hub", scene.id);
  ForgedJournal journal = scene.attacker.journal();
  journal.append(case_event_of(scene.case_id(), before.epoch, {},
                               Forwarded{.to = scene.federation.node("36").id(),
                                         .due = scene.federation.now() + std::chrono::hours{1},
                                         .reason = "competence"}));
  journal.append(case_event_of(scene.case_id(), before.epoch, {}, Accepted{before.offer->hash}));
  scene.attacker.send(journal.records(0, 2));
  REQUIRE(scene.attacker.run_until_acked(2));
  scene.federation.run_for(std::chrono::seconds{30});
  const CaseState after = scene.federation.state("hub", scene.id);
  CHECK(after.audience == before.audience);
  CHECK(after.custodian == before.custodian);
  REQUIRE(after.offer);
  CHECK(after.offer->hash == before.offer->hash);
  CHECK(after.void_count == before.void_count + 2);
  CHECK_FALSE(knows_case(scene.federation, "36", scene.id));
  CHECK(scene.attacker.received<MailboxRecords>().empty());
  // Whom it concerns sees the void events and works on.
  REQUIRE(scene.federation.call("51", "case.accept", {{"case", scene.id}}));
  CHECK(scene.federation.run_until(
      [&] { return scene.federation.state("hub", scene.id).custodian.text() == "51"; }));
}

TEST_CASE("an accomplice's receipt for an offer never made to it opens nothing",
          "[engine][hostile]") {
  AudienceScene scene(22);
  const CaseState before = scene.federation.state("hub", scene.id);
  ForgedJournal journal = scene.attacker.journal();
  journal.append(
      case_event_of(scene.case_id(), before.epoch, {}, Delivered{.offer = before.offer->hash}));
  journal.append(case_event_of(scene.case_id(), before.epoch, {}, Noted{}));
  scene.attacker.send(journal.records(0, 2));
  REQUIRE(scene.attacker.run_until_acked(2));
  scene.federation.run_for(std::chrono::seconds{30});
  CHECK(scene.federation.state("hub", scene.id).audience == before.audience);
  CHECK(scene.attacker.received<MailboxRecords>().empty());
}

TEST_CASE("a case is not told to who is not in its audience", "[engine][hostile]") {
  AudienceScene scene(23);
  scene.attacker.send(CaseRequest{scene.case_id()});
  scene.federation.run_for(std::chrono::seconds{5});
  CHECK(scene.attacker.received<MailboxRecords>().empty());
  CHECK(logged(scene.federation, "hub", "case-refused", "34 asked for " + scene.id));
  CHECK(scene.attacker.up());
}

TEST_CASE("an enclosure is not given to who is not in its audience", "[engine][hostile]") {
  AudienceScene scene(24);
  scene.attacker.send(EnclosureRequest{.digest = scene.enclosure(), .count = 16});
  scene.federation.run_for(std::chrono::seconds{5});
  const auto chunks = scene.attacker.received<EnclosureChunk>();
  REQUIRE(chunks.size() == 1);
  CHECK(chunks[0].absent);
  CHECK(chunks[0].bytes.empty());
}

TEST_CASE("who is not entitled cannot have an enclosure dropped", "[engine][hostile]") {
  AudienceScene scene(25);
  scene.attacker.send(EnclosureDone{scene.enclosure()});
  scene.federation.run_for(std::chrono::seconds{5});
  REQUIRE(scene.federation.call("51", "case.accept", {{"case", scene.id}}));
  CHECK(scene.federation.run_until([&] {
    return scene.federation.text("51", scene.id, EnclosureRole::kNarrative) == "Berlubang";
  }));
}

TEST_CASE("a member may not subscribe another's journal", "[engine][hostile]") {
  AudienceScene scene(26);
  const std::string other = GENERATE(as<std::string>{}, "51", "51.03", "hub");
  scene.attacker.subscribe({.journal = {*MemberId::parse(other), 1}}, 0, 1 << 20);
  CHECK(scene.attacker.run_until_down());
  CHECK(scene.attacker.received<JournalRecords>().empty());
  CHECK(logged(scene.federation, "hub", "link-refused", "may not read the journal of " + other));
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}

TEST_CASE("a false key packet does not hide the true one", "[engine][hostile]") {
  Federation federation(27, kAudienceSeats);
  HostilePeer attacker(federation, "34");
  REQUIRE(work_goes_on(federation, "51.03", "hub"));
  REQUIRE(attacker.open("hub"));
  const auto opened =
      federation.call("51.03", "case.open", {{"category", "roads.potholes"}, {"text", "Rahasia"}});
  REQUIRE(opened);
  const std::string id = (*opened)["case"];
  REQUIRE(federation.run_until([&] { return federation.state("hub", id).has_opened(); }));
  Digest digest;
  {
    ReadTransaction transaction(federation.node("hub").store().environment());
    Tables tables(transaction);
    digest = tables.cases.events_of(*CaseId::parse(id))[0].event.enclosures[0].commitment.digest;
  }
  KeyPacket packet{.enclosure = digest,
                   .case_id = *CaseId::parse(id),
                   .from = attacker.identity().member,
                   .to = federation.node("51").id(),
                   .withdrawn = GENERATE(false, true)};
  if (!packet.withdrawn) packet.sealed = Bytes(80);
  sign_packet(packet, attacker.identity().keys.signing);
  attacker.send_mailbox({}, {packet});
  federation.run_for(std::chrono::seconds{5});
  REQUIRE(federation.call("51.03", "case.forward", {{"case", id}, {"to", "51"}}));
  CHECK(federation.run_until(
      [&] { return federation.text("51", id, EnclosureRole::kNarrative) == "Rahasia"; }));
}

TEST_CASE("a mailbox cursor from nowhere makes mailboxes begin anew once at most",
          "[engine][hostile]") {
  AudienceScene scene(28);
  const auto generation = [&] {
    ReadTransaction transaction(scene.federation.node("hub").store().environment());
    return Tables(transaction).mailboxes.generation();
  };
  const std::uint64_t first = generation();
  scene.attacker.subscribe({.is_mailbox = true, .mailbox_generation = first}, 1'000'000, 1 << 20);
  scene.federation.run_for(std::chrono::seconds{2});
  const std::uint64_t second = generation();
  for (int i = 0; i < 3; ++i) {
    if (!scene.attacker.up()) REQUIRE(scene.attacker.open("hub"));
    scene.attacker.subscribe({.is_mailbox = true, .mailbox_generation = generation()}, 1'000'000,
                             1 << 20);
    scene.federation.run_for(std::chrono::seconds{2});
  }
  CHECK(generation() == second);
  CHECK(logged(scene.federation, "hub", "link-refused", "beyond the mailbox"));
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}

TEST_CASE("stale and forked rosters are refused", "[engine][hostile]") {
  AudienceScene scene(29);
  const SigningKey& root = *scene.federation.node("hub").identity().root_key;
  Roster forged = scene.federation.roster();
  const auto version = [&] {
    return (*scene.federation.call("hub", "hub.members", {}))["roster"].get<int>();
  };
  SECTION("an older version") {
    const Bytes old = sign_roster(forged, root)->bytes;
    REQUIRE(scene.federation.call("hub", "hub.suspend", {{"member", "36"}}));
    scene.attacker.send(RosterFrame{old});
    scene.federation.run_for(std::chrono::seconds{2});
    CHECK(version() == 2);
    CHECK(logged(scene.federation, "hub", "roster-refused", "From 34"));
    CHECK(alerts(scene.federation, "hub", "roster-fork") == 0);
  }
  SECTION("the same version with other content, signed by the root key") {
    forged.members[0].name = "Somebody else";
    for (int i = 0; i < 3; ++i) {
      forged.members[0].name += "!";
      scene.attacker.send(RosterFrame{sign_roster(forged, root)->bytes});
    }
    scene.federation.run_for(std::chrono::seconds{2});
    CHECK(version() == 1);
    CHECK(logged(scene.federation, "hub", "roster-refused", "From 34"));
    CHECK(alerts(scene.federation, "hub", "roster-fork") == 1);
  }
  SECTION("a newer version that the root key has not signed") {
    forged.version = 2;
    forged.previous = sha256(as_bytes(std::string("the roster before")));
    scene.attacker.send(
        RosterFrame{sign_roster(forged, scene.attacker.identity().keys.signing)->bytes});
    scene.federation.run_for(std::chrono::seconds{2});
    CHECK(version() == 1);
    CHECK(logged(scene.federation, "hub", "roster-refused", "From 34"));
  }
  CHECK(work_goes_on(scene.federation, "51.03", "hub"));
}
