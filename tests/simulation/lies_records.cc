// Records that their author never wrote, and records that their author keeps back.
#include "protocol/checkpoint.h"
#include "protocol/fork_proof.h"
#include "tests/simulation/liar.h"

namespace simpul::sim {
namespace {

struct Reading {
  explicit Reading(MemberNode& node) : transaction(node.store->read()), tables(transaction) {}
  ReadTransaction transaction;
  Tables tables;
};

// A member whose name the liar takes.
MemberNode& draw_victim(LieStage& stage, Liar& liar) {
  for (;;) {
    MemberNode& node = *liar.random.pick(stage.world.nodes());
    if (&node != &liar.node) return node;
  }
}

std::string note_by(const Liar& liar, const JournalId& journal, std::uint64_t size,
                    const Digest& root) {
  return sign_checkpoint({checkpoint_origin(liar.node.identity.federation, journal), size, root},
                         liar.node.identity.keys.signing);
}

// An event that stands alone in its journal, or claims to.
Bytes made_up_event(Liar& liar, const EventPosition& position, MemberNode& names) {
  Event event;
  event.position = position;
  event.time = Instant(Duration(kEpochMs));
  event.case_id = CaseId::make(position.journal.member, liar.random);
  event.kind = EventKind::kOpened;
  event.body = Opened{.region = "51", .category = "water"};
  event.state_changing = true;
  if (liar.random.percent(50)) {
    event.kind = EventKind::kForwarded;
    event.body = Forwarded{.to = names.identity.member, .due = event.time, .reason = "x"};
    event.epoch = sha256(liar.random.bytes(8));
  }
  auto bytes = encode_event(event, liar.random);
  SIMPUL_CHECK(bytes.has_value());
  return *std::move(bytes);
}

// The whole journal under a root of the liar's, with the liar's signature.
ProvedGroup signed_by_liar(Liar& liar, const JournalId& journal, MemberNode& names) {
  const Bytes event = made_up_event(liar, {journal, 0}, names);
  return {.journal = journal,
          .checkpoint = note_by(liar, journal, 1, leaf_hash(event)),
          .events = {{0, event}}};
}

// What the author did sign, with another event under it.
std::optional<ProvedGroup> under_a_true_head(Liar& liar, const JournalId& journal,
                                             MemberNode& names) {
  const Reading at(liar.node);
  const auto note = at.tables.journals.newest_checkpoint(journal);
  const auto head = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  if (!head || head->size == 0) return std::nullopt;
  const std::uint64_t index = liar.random.under(head->size);
  ProvedGroup group{.journal = journal, .checkpoint = *note};
  const JournalNodes nodes(at.tables.journals.transaction(), journal);
  if (auto proof = batch_proof(nodes, 0, head->size, std::span(&index, 1))) group.nodes = *proof;
  group.events.push_back({index, made_up_event(liar, {journal, index}, names)});
  return group;
}

KeyPacket made_up_packet(Liar& liar, MemberNode& pretended, MemberNode& to) {
  KeyPacket packet{.enclosure = sha256(liar.random.bytes(8)),
                   .case_id = CaseId::make(pretended.identity.member, liar.random),
                   .from = pretended.identity.member,
                   .to = to.identity.member,
                   .sealed = liar.random.bytes(80)};
  sign_packet(packet, liar.node.identity.keys.signing);
  return packet;
}

void add_forgery(LieStage& stage, Liar& liar, MemberNode& to, MailboxRecords& records) {
  MemberNode& pretended = draw_victim(stage, liar);
  const auto generation = static_cast<std::uint32_t>(1 + liar.random.under(3));
  const JournalId theirs{pretended.identity.member, generation};
  const std::uint64_t draw = liar.random.under(6);
  if (draw == 0) {
    records.groups.push_back(signed_by_liar(liar, theirs, to));
  } else if (draw == 1) {
    if (auto group = under_a_true_head(liar, theirs, to)) records.groups.push_back(*group);
  } else if (draw == 2) {  // of a member that is in no roster
    records.groups.push_back(signed_by_liar(liar, {*MemberId::parse("99.99"), 1}, to));
  } else if (draw == 3 && !records.groups.empty() && !records.groups.front().events.empty()) {
    Bytes& event = records.groups.front().events.front().bytes;
    event[liar.random.under(kEventSaltSize)] ^= 1;
  } else if (draw == 4 && !records.groups.empty()) {
    records.groups.front().journal = theirs;
  } else {
    records.packets.push_back(made_up_packet(liar, pretended, to));
  }
}

// What the liar sends anyhow, with something in it that is not so.
bool forge(LieStage& stage, Liar& liar, MemberNode& to, LinkId, Bytes& bytes) {
  if (!liar.random.percent(30)) return true;
  auto frame = decode_frame(bytes);
  if (!frame) return true;
  if (auto* mailbox = std::get_if<MailboxRecords>(&*frame)) {
    add_forgery(stage, liar, to, *mailbox);
  } else if (auto* records = std::get_if<JournalRecords>(&*frame)) {
    const JournalId theirs{draw_victim(stage, liar).identity.member, 1};
    if (liar.random.percent(50)) {
      records->journal = theirs;
    } else {
      records->events.back() =
          made_up_event(liar, {theirs, records->first + records->events.size() - 1}, to);
    }
  } else if (auto* ack = std::get_if<Ack>(&*frame)) {
    if (ack->stream.is_mailbox || ack->receipt.empty()) return true;
    ack->receipt =
        liar.random.percent(50)
            ? "\xE2\x80\x94 forged AAAA\n"
            : cosign(note_by(liar, ack->stream.journal, ack->cursor, Digest{}),
                     cosigner_name(liar.node.identity.federation, liar.node.identity.member),
                     liar.node.identity.keys.signing, Instant(Duration(kEpochMs)));
  } else if (auto* hello = std::get_if<Hello>(&*frame)) {
    hello->held_of_you =
        note_by(liar, {to.identity.member, 1}, 1 + liar.random.under(5'000), Digest{});
    if (liar.random.percent(20)) hello->member = draw_victim(stage, liar).identity.member;
  } else {
    return true;
  }
  auto forged = encode_frame(*frame);
  if (!forged) return true;
  stage.count("lie-forged");
  bytes = *std::move(forged);
  return true;
}

// Accuses somebody honest, with a proof made up under its name.
void accuse(LieStage& stage, Liar& liar) {
  MemberNode* to = stage.draw_peer(liar);
  if (to == nullptr) return;
  MemberNode& accused = draw_victim(stage, liar);
  const JournalId journal{accused.identity.member, 1};
  std::string first = note_by(liar, journal, 9, sha256(as_bytes("one")));
  std::string second = note_by(liar, journal, 9, sha256(as_bytes("other")));
  const Reading at(liar.node);
  if (const auto real = at.tables.journals.newest_checkpoint(journal)) {
    first = *real;
    if (liar.random.percent(50)) second = *real;
  }
  const auto proof = encode_fork_proof({first, second, ForkedRoots{}});
  if (proof && stage.send(liar, *to, ForkNotice{*proof})) stage.count("lie-accused");
}

void choose_kept_from(LieStage& stage, Liar& liar) {
  liar.kept_from.clear();
  for (const auto& node : stage.world.nodes()) {
    if (liar.random.percent(60)) liar.kept_from.insert(node->index);
  }
}

// Its journal's tail, proofs of consistency, and what it should have confirmed.
bool withhold(LieStage& stage, Liar& liar, MemberNode& to, LinkId, Bytes& bytes) {
  if (!liar.kept_from.contains(to.index)) return true;
  const auto mailbox = frame_as<MailboxRecords>(bytes);
  const bool is_answer = mailbox && mailbox->is_reply;
  const bool is_tail = frame_as<JournalRecords>(bytes).has_value();
  const bool is_receipt = frame_as<Ack>(bytes) && liar.random.percent(30);
  const bool kept = is_tail || is_answer || is_receipt || (mailbox && liar.random.percent(20));
  if (kept) stage.count("lie-withheld");
  return !kept;
}

}  // namespace

std::vector<Lie> record_lies() {
  return {
      {"lie-forged", false, 2 * kHour, nullptr, 10 * kMinute, forge},
      {"lie-accused", false, 3 * kHour, accuse, 0, nullptr},
      {"lie-withheld", false, 3 * kHour, choose_kept_from, 20 * kMinute, withhold},
  };
}

}  // namespace simpul::sim
