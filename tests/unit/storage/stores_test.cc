#include <catch2/catch.hpp>

#include "crypto/random.h"
#include "storage/store.h"
#include "tests/support/temp_store.h"

using namespace simpul;
using namespace simpul::test;

namespace {

struct Fixture {
  TempStore temp;
  WriteTransaction transaction{temp.store.environment()};
  Tables tables{transaction};
  SeededRandom random{9};

  Digest digest(std::string_view text) { return sha256(as_bytes(text)); }
};

KeyPacket packet_of(const Digest& enclosure, std::string_view to, Random& random) {
  KeyPacket packet;
  packet.enclosure = enclosure;
  packet.from = member("51");
  packet.to = member(to);
  packet.sealing_version = 3;
  packet.sealed = random.bytes(80);
  random.fill(packet.signature);
  return packet;
}

EnclosureRef three_chunks(const Digest& digest) {
  EnclosureRef ref;
  ref.role = EnclosureRole::kAttachment;
  ref.commitment.digest = digest;
  ref.commitment.padded_size = 3 * kChunkSize;
  return ref;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a mailbox hands out its items in order from any cursor",
                 "[storage][mailbox]") {
  const JournalId id = journal("51.03/1");
  tables.journals.ensure(id);
  const MemberId to = member("51"), other = member("51.71");
  CHECK(tables.mailboxes.append(to, EventPosition{id, 7}) == 0);
  CHECK(tables.mailboxes.append(other, PacketNumber{1}) == 0);
  CHECK(tables.mailboxes.append(to, PacketNumber{42}) == 1);
  CHECK(tables.mailboxes.append(to, EventPosition{id, 9}) == 2);
  CHECK(tables.mailboxes.size(to) == 3);
  const auto items = tables.mailboxes.read(to, 1, 10);
  REQUIRE(items.size() == 2);
  CHECK(std::get<PacketNumber>(items[0]).value == 42);
  CHECK(std::get<EventPosition>(items[1]) == EventPosition{id, 9});
  CHECK(tables.mailboxes.read(to, 0, 1).size() == 1);
  CHECK(tables.mailboxes.read(to, 3, 1).empty());
  tables.mailboxes.set_acked(to, 2);
  tables.mailboxes.set_acked(to, 1);
  CHECK(tables.mailboxes.acked(to) == 2);
  CHECK(tables.mailboxes.members().size() == 2);
}

TEST_CASE_METHOD(Fixture, "mailbox cursors belong to one holder and its generation",
                 "[storage][mailbox]") {
  CHECK(tables.mailboxes.generation() == 0);
  tables.mailboxes.set_generation(77);
  CHECK(tables.mailboxes.generation() == 77);
  CHECK(tables.mailboxes.inbound(member("51")) == InboundCursor{});
  tables.mailboxes.set_inbound(member("51"), {5, 6});
  CHECK(tables.mailboxes.inbound(member("51")) == InboundCursor{5, 6});
  CHECK(tables.mailboxes.inbound(member("51.03")) == InboundCursor{});
}

TEST_CASE_METHOD(Fixture, "the same packet keeps its number, even once erased",
                 "[storage][packet]") {
  const Digest enclosure = digest("a");
  const KeyPacket first = packet_of(enclosure, "51.03", random);
  const KeyPacket second = packet_of(enclosure, "51.03", random);
  const KeyPacket third = packet_of(enclosure, "51.71", random);
  const auto put = tables.packets.put(first);
  CHECK(put.is_new);
  CHECK(tables.packets.put(first).number == put.number);
  CHECK_FALSE(tables.packets.put(first).is_new);
  const auto number = tables.packets.put(second).number;
  tables.packets.put(third);
  CHECK(tables.packets.get(put.number) == first);
  CHECK(tables.packets.newest(enclosure, member("51.03"))->packet == second);
  CHECK(tables.packets.of(enclosure).size() == 3);
  CHECK(tables.packets.erase(number));
  CHECK(tables.packets.newest(enclosure, member("51.03"))->packet == first);
  CHECK(tables.packets.erase_of(enclosure) == 2);
  CHECK_FALSE(tables.packets.newest(enclosure, member("51.03")));
  CHECK_FALSE(tables.packets.put(first).is_new);
  CHECK_FALSE(tables.packets.get(put.number));
  CHECK(tables.packets.put(packet_of(enclosure, "51", random)).number > number + 1);
}

TEST_CASE_METHOD(Fixture, "wrapped keys are walked page by page and destroyed",
                 "[storage][packet]") {
  for (const char* name : {"a", "b", "c"})
    tables.packets.put_key(digest(name), {1, to_bytes(name)});
  CHECK(tables.packets.key(digest("b")) == WrappedKey{1, to_bytes("b")});
  std::vector<Digest> seen;
  std::optional<Digest> after;
  for (int page = 0; page < 3; ++page)
    tables.packets.visit_keys(after, [&](const Digest& each, const WrappedKey&) {
      seen.push_back(each);
      after = each;
      return false;
    });
  CHECK(seen.size() == 3);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(tables.packets.erase_key(digest("b")));
  CHECK_FALSE(tables.packets.key(digest("b")));
  CHECK_FALSE(tables.packets.erase_key(digest("b")));
}

TEST_CASE_METHOD(Fixture, "an enclosure is wanted until its last chunk is here",
                 "[storage][enclosure]") {
  const Digest at_digest = digest("x");
  const JournalId id = journal("51.03/1");
  tables.journals.ensure(id);
  const CaseId case_id = CaseId::make(member("51.03"), random);
  CHECK_FALSE(tables.enclosures.put_chunk(at_digest, 0, as_bytes("early")));
  tables.enclosures.add(three_chunks(at_digest), case_id, {id, 4});
  tables.enclosures.want(at_digest);
  CHECK(tables.enclosures.wanted({}, 10) == std::vector<Digest>{at_digest});
  CHECK(tables.enclosures.is_wanted(at_digest));
  CHECK(tables.enclosures.wanted(at_digest, 10).empty());
  CHECK(tables.enclosures.put_chunk(at_digest, 1, as_bytes("one")));
  CHECK(tables.enclosures.put_chunk(at_digest, 1, as_bytes("one")));
  CHECK_FALSE(tables.enclosures.put_chunk(at_digest, 3, as_bytes("past the end")));
  CHECK(tables.enclosures.missing_chunks(at_digest, 10) == std::vector<std::uint64_t>{0, 2});
  CHECK_FALSE(tables.enclosures.complete(at_digest));
  CHECK(tables.enclosures.put_chunk(at_digest, 0, as_bytes("zero")));
  CHECK(tables.enclosures.put_chunk(at_digest, 2, as_bytes("two")));
  CHECK(tables.enclosures.complete(at_digest));
  CHECK(tables.enclosures.wanted({}, 10).empty());
  CHECK_FALSE(tables.enclosures.is_wanted(at_digest));
  const auto record = tables.enclosures.get(at_digest);
  REQUIRE(record);
  CHECK(record->ref == three_chunks(at_digest));
  CHECK(record->case_id == case_id);
  CHECK(record->event == EventPosition{id, 4});

  tables.enclosures.destroy(at_digest);
  CHECK_FALSE(tables.enclosures.chunk(at_digest, 0));
  CHECK_FALSE(tables.enclosures.complete(at_digest));
  CHECK_FALSE(tables.enclosures.put_chunk(at_digest, 0, as_bytes("zero")));
  tables.enclosures.want(at_digest);
  CHECK(tables.enclosures.wanted({}, 10).empty());

  // For the same case it stays destroyed; another case may have the digest too.
  tables.enclosures.add(three_chunks(at_digest), case_id, {id, 4});
  CHECK(tables.enclosures.get(at_digest)->destroyed);
  const CaseId other = CaseId::make(member("51"), random);
  tables.enclosures.add(three_chunks(at_digest), other, {id, 5});
  CHECK_FALSE(tables.enclosures.get(at_digest)->destroyed);
  CHECK(tables.enclosures.get(at_digest)->case_id == other);
}

TEST_CASE_METHOD(Fixture, "relayed bytes count against the author until all have them",
                 "[storage][enclosure]") {
  const Digest at_digest = digest("x");
  const JournalId id = journal("51.03/1");
  tables.journals.ensure(id);
  tables.enclosures.add(three_chunks(at_digest), {}, {id, 4});
  const MemberId author = member("51.03");
  tables.enclosures.hold_for(at_digest, author, member("51"));
  tables.enclosures.hold_for(at_digest, author, member("51.71"));
  tables.enclosures.hold_for(at_digest, author, member("51.71"));
  const std::uint64_t size = ciphertext_size(three_chunks(at_digest).commitment);
  CHECK(size == 3 * (kChunkSize + kChunkTagSize));
  CHECK(tables.enclosures.relayed_bytes(author) == size);
  CHECK(tables.enclosures.held_for(at_digest).size() == 2);
  CHECK_FALSE(tables.enclosures.release(at_digest, member("51")));
  CHECK_FALSE(tables.enclosures.release(at_digest, member("51")));
  CHECK(tables.enclosures.relayed_bytes(author) == size);
  CHECK(tables.enclosures.release(at_digest, member("51.71")));
  CHECK(tables.enclosures.relayed_bytes(author) == 0);
}

TEST_CASE_METHOD(Fixture, "what a hub is to be told is kept by hub until it was told",
                 "[storage][enclosure]") {
  const MemberId hub = member("hub"), other = member("hub-2"), longer = member("hub2");
  for (const MemberId& each : {hub, other, longer}) {
    for (const char* name : {"a", "b", "c"}) tables.enclosures.tell(each, digest(name));
  }
  tables.enclosures.tell(hub, digest("a"));
  CHECK(tables.enclosures.untold_hubs() == std::vector<MemberId>{hub, other, longer});
  CHECK(tables.enclosures.untold(hub, 10).size() == 3);
  CHECK(tables.enclosures.untold(hub, 2).size() == 2);
  const auto being_told = tables.enclosures.untold(hub, 10);
  tables.enclosures.tell(hub, digest("b"));
  for (const Untold& each : being_told) tables.enclosures.told(hub, each);
  REQUIRE(tables.enclosures.untold(hub, 10).size() == 1);
  CHECK(tables.enclosures.untold(hub, 10).front().digest == digest("b"));
  for (const Untold& each : tables.enclosures.untold(hub, 10)) tables.enclosures.told(hub, each);
  CHECK(tables.enclosures.untold(hub, 10).empty());
  CHECK(tables.enclosures.untold(other, 10).size() == 3);
  CHECK(tables.enclosures.untold_hubs() == std::vector<MemberId>{other, longer});
}

TEST_CASE_METHOD(Fixture, "acknowledged is what another member has, not oneself",
                 "[storage][receipt]") {
  const JournalId id = journal("51.03/1");
  tables.receipts.receive(id, {member("51.03"), 90, "own"});
  CHECK(tables.receipts.acknowledged_size(id) == 0);
  tables.receipts.receive(id, {member("51"), 20, "b"});
  tables.receipts.receive(id, {member("51"), 10, "a"});
  tables.receipts.receive(id, {member("kemenpanrb"), 15, "c"});
  tables.receipts.receive(journal("51.03/2"), {member("51"), 99, "d"});
  CHECK(tables.receipts.acknowledged_size(id) == 20);
  CHECK(tables.receipts.received(id, member("51"))->line == "b");
  CHECK(tables.receipts.received(id).size() == 3);
}

TEST_CASE_METHOD(Fixture, "rosters are kept by version", "[storage][roster]") {
  CHECK(tables.rosters.newest_version() == 0);
  tables.rosters.put(1, as_bytes("one"));
  tables.rosters.put(300, as_bytes("new"));
  CHECK(tables.rosters.newest_version() == 300);
  CHECK(tables.rosters.newest() == to_bytes("new"));
  CHECK(tables.rosters.get(1) == to_bytes("one"));
  CHECK_FALSE(tables.rosters.get(2));
}

TEST_CASE_METHOD(Fixture, "an enrolment request keeps its decision and reason",
                 "[storage][admission]") {
  Admission admission;
  random.fill(admission.key.bytes);
  admission.request = to_bytes("request");
  admission.received = at(5);
  tables.admissions.put(admission);
  CHECK(tables.admissions.get(admission.key) == admission);
  CHECK(tables.admissions.all(EnrolState::kPending).size() == 1);
  admission.state = EnrolState::kRejected;
  admission.reason = "sidik jari tidak cocok";
  admission.decided = at(9);
  tables.admissions.put(admission);
  CHECK(tables.admissions.all(EnrolState::kPending).empty());
  CHECK(tables.admissions.all() == std::vector<Admission>{admission});
  CHECK_FALSE(tables.admissions.is_retired(digest("key")));
  tables.admissions.retire(digest("key"));
  CHECK(tables.admissions.is_retired(digest("key")));
  CHECK(tables.admissions.retired().size() == 1);
}

TEST_CASE_METHOD(Fixture, "a node knows who it is", "[storage][meta]") {
  CHECK(tables.meta.own_member().empty());
  CHECK_FALSE(tables.meta.root_key());
  VerifyKey key;
  random.fill(key.bytes);
  tables.meta.set_own_member(member("51.03"));
  tables.meta.set_federation("lapor");
  tables.meta.set_root_key(key);
  tables.meta.set_instance_nonce(as_bytes("nonce"));
  CHECK(tables.meta.own_member() == member("51.03"));
  CHECK(tables.meta.federation() == "lapor");
  CHECK(tables.meta.root_key() == key);
  CHECK(tables.meta.instance_nonce() == to_bytes("nonce"));
  CHECK_FALSE(tables.meta.get("federation"));
  tables.meta.put("a/1", as_bytes("one"));
  tables.meta.put("a/2", {});
  tables.meta.put("a0", {});
  std::vector<std::string> names;
  tables.meta.visit("a/", [&](std::string_view name, BytesView value) {
    names.push_back(std::string(name) + "=" + std::string(as_text(value)));
    return true;
  });
  CHECK(names == std::vector<std::string>{"a/1=one", "a/2="});
  CHECK(tables.meta.increase("restarts") == 1);
  CHECK(tables.meta.increase("restarts", 4) == 5);
  CHECK_FALSE(tables.meta.flag("recovering"));
  tables.meta.set_flag("recovering", true);
  CHECK(tables.meta.flag("recovering"));
  tables.meta.set_flag("recovering", false);
  CHECK_FALSE(tables.meta.flag("recovering"));
}

TEST_CASE_METHOD(Fixture, "notes, alerts, imports and fork proofs stay until taken away",
                 "[storage][local]") {
  const CaseId id = CaseId::make(member("51.03"), random);
  const CaseId other = CaseId::make(member("51.03"), random);
  tables.local.add_note(id, {0, at(1), "wayan", to_bytes("satu")});
  CHECK(tables.local.add_note(id, {0, at(2), "made", to_bytes("dua")}) == 2);
  tables.local.add_note(other, {0, at(3), "made", to_bytes("tiga")});
  const auto notes = tables.local.notes(id);
  REQUIRE(notes.size() == 2);
  CHECK(notes[1] == LocalNote{2, at(2), "made", to_bytes("dua")});
  CHECK(tables.local.erase_note(id, 1));
  CHECK(tables.local.erase_notes(id) == 1);
  CHECK(tables.local.notes(other).size() == 1);

  const auto first = tables.local.add_alert({0, at(1), "fork", "text", false});
  tables.local.add_alert({0, at(2), "disk", "text", false});
  CHECK(tables.local.alerts(10).front().code == "disk");
  CHECK(tables.local.dismiss_alert(first));
  CHECK(tables.local.alerts(10).size() == 1);
  CHECK(tables.local.alerts(10, true).size() == 2);
  CHECK(tables.local.alerts(1, true).front().code == "disk");
  CHECK_FALSE(tables.local.dismiss_alert(99));

  const std::string source_key(2000, 'k');
  CHECK_FALSE(tables.local.imported(source_key));
  tables.local.set_imported(source_key, "51.03-XXXX");
  CHECK(tables.local.imported(source_key) == "51.03-XXXX");

  CHECK(tables.local.add_fork_proof(as_bytes("proof")));
  CHECK_FALSE(tables.local.add_fork_proof(as_bytes("proof")));
  CHECK(tables.local.fork_proofs() == std::vector<Bytes>{to_bytes("proof")});
  CHECK(transaction.check());
}
