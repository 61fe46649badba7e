#include "node/engine/intake.h"

#include <algorithm>
#include <iterator>

#include "node/engine/author.h"
#include "node/engine/consistency.h"
#include "node/engine/done_notices.h"
#include "node/engine/forks.h"
#include "node/engine/generations.h"
#include "node/engine/key_requests.h"
#include "node/engine/learnt_nodes.h"
#include "node/engine/revocation.h"
#include "node/engine/router.h"
#include "node/engine/settlement.h"
#include "node/engine/substance.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

IntakeVerdict taken() {
  return {};
}

IntakeVerdict again(std::string why) {
  return {.kind = IntakeVerdict::Kind::kAgain, .reason = std::move(why)};
}

IntakeVerdict skipped(std::string why) {
  return {.kind = IntakeVerdict::Kind::kSkipped, .reason = std::move(why)};
}

IntakeVerdict close_with(ByeCode code, std::string reason) {
  return {.kind = IntakeVerdict::Kind::kClose, .code = code, .reason = std::move(reason)};
}

// The checkpoint in `note`, opened with the author's key of that time.
Result<Checkpoint> open_note(const Step& step, const JournalId& journal, const std::string& note) {
  const Member* author = step.roster.find(journal.member);
  if (!author) {
    return fail(ErrorCode::kNotYet, journal.member.text() + " is not in the roster held here");
  }
  SIMPUL_TRY(unverified, parse_checkpoint(note));
  return open_checkpoint(note, checkpoint_origin(step.self.federation, journal),
                         author->signing_key(journal.generation, unverified.size));
}

IntakeVerdict refuse(const Step& step, const Peer& peer, const Error& error) {
  const bool unknown = error.code == ErrorCode::kNotYet || peer.knows_newer_than(step.roster);
  return close_with(unknown ? ByeCode::kStaleRoster : ByeCode::kMalformed, error.message);
}

// The line that this node gave before, with whatever key it had.
std::optional<std::string> receipt_given(const Step& step, const std::string& note,
                                         const std::string& name) {
  const auto now = cosignature_line(note, name, step.self.keys.signing.verify_key());
  if (now) return *now;
  const Member* self = step.roster.find(step.self.member);
  if (!self) return std::nullopt;
  for (const SigningPeriod& period : self->signing) {
    if (const auto line = cosignature_line(note, name, period.key)) return *line;
  }
  return std::nullopt;
}

Result<Envelope> envelope_at(BytesView bytes, const JournalId& journal, std::uint64_t index) {
  SIMPUL_TRY(envelope, decode_envelope(bytes));
  if (envelope.position != EventPosition{journal, index}) {
    return fail(ErrorCode::kMalformed, "the event at " + EventPosition{journal, index}.text() +
                                           " says it is " + envelope.position.text());
  }
  return std::move(envelope);
}

// Whose journals a link may bring whole: its own; a hub brings anyone's.
bool may_bring(const Step& step, const Peer& peer, const JournalId& journal) {
  return journal.member == peer.member || step.roster.is_hub(peer.member);
}

// Whatever comes of the group: a hub that brings what is here may hold its texts for this node.
void say_again_what_is_here(Step& step, const Peer& peer, const ProvedGroup& group) {
  if (!step.roster.is_hub(peer.member)) return;
  for (const SparseEvent& event : group.events) {
    const auto held = step.tables.journals.event(group.journal, event.index);
    if (held && *held == event.bytes) note_done_again(step, peer.member, event.bytes);
  }
}

}  // namespace

std::string give_receipt(Step& step, const JournalId& journal, std::uint64_t size,
                         const std::string& note) {
  const std::string name = cosigner_name(step.self.federation, step.self.member);
  const auto held = step.tables.journals.checkpoint_at(journal, size);
  if (const auto given = receipt_given(step, held.value_or(note), name)) return *given;
  const std::string line = cosign(note, name, step.self.keys.signing, step.now);
  auto cosigned = add_signature(held.value_or(note), line);
  if (!cosigned) {  // filled up by whoever brought it
    cosigned = add_signature(without_cosignatures(note).value(), line);
  }
  SIMPUL_CHECK(cosigned);
  step.tables.journals.store_checkpoint(journal, size, *cosigned);
  return line;
}

void Intake::record(Step& step, const Envelope& envelope, BytesView bytes, const Digest& leaf) {
  if (envelope.kind == EventKind::kSettled) take_settlement(step, envelope, bytes);
  if (envelope.kind == EventKind::kKeyRotated) take_key_request(step, envelope.position);
  if (envelope.kind == EventKind::kGenerationOpened) take_generation(step, envelope, bytes);
  if (envelope.case_id.empty()) return;
  files_.note(envelope.case_id, envelope.position, leaf, step.now);
  route_event(step, envelope);
}

IntakeVerdict Intake::receive(Step& step, Peer& peer, const JournalRecords& records) {
  const JournalId& journal = records.journal;
  if (!may_bring(step, peer, journal)) {
    return close_with(ByeCode::kNotEntitled,
                      peer.member.text() + " sent records of " + journal.text());
  }
  const auto checkpoint = open_note(step, journal, records.checkpoint);
  if (!checkpoint) return refuse(step, peer, checkpoint.error());
  if (checkpoint->size != records.first + records.events.size() || records.events.empty()) {
    return close_with(ByeCode::kMalformed, "a checkpoint does not end where its records end");
  }
  const auto head = step.tables.journals.bare_head(journal);
  const std::uint64_t held = head ? head->held : 0;
  if (records.first > held) {
    const std::string reason = "records of " + journal.text() + " leave a gap";
    // After what was skipped as of another history: it would come again, and be skipped again.
    return shows_two_faces(step, journal) ? skipped(reason) : again(reason);
  }
  if (checkpoint->size <= held) return acknowledge_duplicate(step, peer, records, *checkpoint);

  const std::size_t known = static_cast<std::size_t>(held - records.first);
  const std::size_t count = records.events.size() - known;
  Frontier frontier = head ? head->held_frontier : Frontier{};
  std::vector<BytesView> views;
  std::vector<Digest> leaves;
  std::vector<Envelope> envelopes;
  views.reserve(count);
  leaves.reserve(count);
  envelopes.reserve(count);
  for (std::size_t i = known; i < records.events.size(); ++i) {
    auto envelope = envelope_at(records.events[i], journal, records.first + i);
    if (!envelope) return close_with(ByeCode::kMalformed, envelope.error().message);
    views.push_back(records.events[i]);
    leaves.push_back(leaf_hash(records.events[i]));
    frontier.append(leaves.back());
    const bool reaches_head = head && frontier.size() == head->size;
    if (reaches_head && frontier.root() != head->frontier.root()) {
      return suspect_records(step, peer.member, records, *checkpoint);
    }
    envelopes.push_back(std::move(*envelope));
  }
  if (frontier.root() != checkpoint->root) {
    return suspect_records(step, peer.member, records, *checkpoint);
  }
  // Events that came out of sequence before are stored and filed already.
  std::vector<bool> is_new(count, true);
  if (head && !head->complete) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto before = step.tables.journals.event(journal, held + i);
      if (before && leaf_hash(*before) != leaves[i]) {
        return suspect_records(step, peer.member, records, *checkpoint);
      }
      is_new[i] = !before;
    }
  }
  step.tables.journals.append_run(journal, held, views, leaves, frontier, records.checkpoint);
  step.tables.arrivals.append({.journal = step.tables.journals.ensure(journal),
                               .first = held,
                               .count = count,
                               .received = step.now});
  for (std::size_t i = 0; i < count; ++i) {
    if (is_new[i]) record(step, envelopes[i], views[i], leaves[i]);
  }
  heed_revocation(step, journal);
  heed_settlement(step, journal);
  return acknowledge(step, peer, journal, records.checkpoint, checkpoint->size);
}

IntakeVerdict Intake::acknowledge(Step& step, Peer& peer, const JournalId& journal,
                                  const std::string& note, std::uint64_t size) {
  const StreamId stream{.journal = journal};
  if (journal.member == step.self.member) {  // our own, fetched back: no receipt to ourselves
    step.frames.emplace_back(peer.link, Ack{.stream = stream, .cursor = size});
    return taken();
  }
  step.frames.emplace_back(
      peer.link,
      Ack{.stream = stream, .cursor = size, .receipt = give_receipt(step, journal, size, note)});
  return taken();
}

IntakeVerdict Intake::acknowledge_duplicate(Step& step, Peer& peer, const JournalRecords& records,
                                            const Checkpoint& checkpoint) {
  const JournalNodes nodes(step.tables.journals.transaction(), records.journal);
  const auto root = tree_root(nodes, checkpoint.size);
  if (!root || *root != checkpoint.root) {
    return suspect_records(step, peer.member, records, checkpoint);
  }
  return acknowledge(step, peer, records.journal, records.checkpoint, checkpoint.size);
}

IntakeVerdict Intake::receive(Step& step, Peer& peer, const MailboxRecords& records) {
  const InboundCursor cursor = step.tables.mailboxes.inbound(peer.member);
  if (!records.is_reply) {
    const bool restarted = cursor.generation != records.generation && records.first == 0;
    const bool follows =
        cursor.generation == records.generation && records.first <= cursor.sequence;
    if (!restarted && !follows) return again("mailbox records leave a gap");
  }
  IntakeVerdict result = taken();
  for (const ProvedGroup& group : records.groups) {
    const bool is_answer = records.is_reply && group.events.empty();
    auto verdict = is_answer ? receive_answer(step, peer, group) : receive_group(step, peer, group);
    std::ranges::move(verdict.fork_proofs, std::back_inserter(result.fork_proofs));
    if (verdict.kind == IntakeVerdict::Kind::kTaken) continue;
    result.kind = verdict.kind;
    result.code = verdict.code;
    result.reason = std::move(verdict.reason);
    if (result.kind != IntakeVerdict::Kind::kSkipped) return result;
  }
  for (const KeyPacket& packet : records.packets) {
    const auto received = receive_packet(step, peer.member, packet);
    if (received) continue;
    if (peer.knows_newer_than(step.roster)) return refuse(step, peer, received.error());
    step.log(LogLevel::kWarning, "packet-refused", received.error().message);
  }
  if (records.is_reply) return result;
  const std::uint64_t last = cursor.generation == records.generation
                                 ? std::max(cursor.sequence, records.last)
                                 : records.last;
  step.tables.mailboxes.set_inbound(peer.member, {records.generation, last});
  step.frames.emplace_back(
      peer.link, Ack{.stream = {.is_mailbox = true, .mailbox_generation = records.generation},
                     .cursor = last});
  return result;
}

IntakeVerdict Intake::receive_answer(Step& step, Peer& peer, const ProvedGroup& group) {
  const auto checkpoint = open_note(step, group.journal, group.checkpoint);
  if (!checkpoint) return refuse(step, peer, checkpoint.error());
  return consistency_.receive(step, peer, group, *checkpoint);
}

// A relay may then build on the other one: that is not its fault.
bool Intake::shows_two_faces(Step& step, const JournalId& journal) const {
  const auto head = step.tables.journals.bare_head(journal);
  return consistency_.is_split(journal) || (head && head->disputed_from);
}

IntakeVerdict Intake::receive_group(Step& step, Peer& peer, const ProvedGroup& group) {
  const auto checkpoint = open_note(step, group.journal, group.checkpoint);
  if (!checkpoint) return refuse(step, peer, checkpoint.error());
  say_again_what_is_here(step, peer, group);
  const auto known = known_frontier(step, group.journal, group.known_size);
  if (!known) {
    if (shows_two_faces(step, group.journal)) return skipped(known.error().message);
    return close_with(ByeCode::kProtocol, known.error().message);
  }

  std::vector<Leaf> leaves;
  std::vector<Envelope> envelopes;
  for (const SparseEvent& event : group.events) {
    auto envelope = envelope_at(event.bytes, group.journal, event.index);
    if (!envelope) return close_with(ByeCode::kMalformed, envelope.error().message);
    leaves.push_back({event.index, leaf_hash(event.bytes)});
    envelopes.push_back(std::move(*envelope));
  }
  const auto learnt =
      check_batch_proof(*known, checkpoint->size, checkpoint->root, leaves, group.nodes);
  if (!learnt) {
    if (shows_two_faces(step, group.journal)) return skipped(learnt.error().message);
    return close_with(ByeCode::kMalformed, "records of " + group.journal.text() +
                                               " are not proved: " + learnt.error().message);
  }
  // What is proved here must agree with what was proved before.
  if (auto verdict = compare_with_held(step, peer.member, group, *checkpoint, leaves, *learnt);
      verdict.kind != IntakeVerdict::Kind::kTaken) {
    return verdict;
  }
  if (auto verdict = consistency_.receive_head(step, peer, group, *checkpoint)) {
    return std::move(*verdict);
  }
  const auto standing = consistency_.note(step, peer, group, *checkpoint, *known, *learnt);
  if (standing == Consistency::Standing::kContradicts) {
    return skipped("a head of " + group.journal.text() + " contradicts what is held");
  }
  std::vector<bool> is_new;
  for (const Leaf& leaf : leaves) {
    is_new.push_back(!step.tables.journals.has(group.journal, leaf.index));
  }
  const auto after = frontier_of(LearntNodes(*learnt), checkpoint->size);
  SIMPUL_CHECK(after);
  step.tables.journals.put_sparse(group.journal, group.events, *learnt, *after, group.checkpoint);
  const auto number = step.tables.journals.ensure(group.journal);
  const MemberId& author = group.journal.member;
  const bool author_may_lack_it =
      step.is_hub() && author != step.self.member && has_left(step, group.journal);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!is_new[i]) continue;
    step.tables.arrivals.append(
        {.journal = number, .first = leaves[i].index, .count = 1, .received = step.now});
    record(step, envelopes[i], group.events[i].bytes, leaves[i].hash);
    if (author_may_lack_it) step.tables.mailboxes.append(author, envelopes[i].position);
  }
  heed_revocation(step, group.journal);
  heed_settlement(step, group.journal);
  return taken();
}

IntakeVerdict Intake::receive(Step& step, Peer& peer, const Ack& ack) {
  if (ack.stream.is_mailbox) {
    if (ack.stream.mailbox_generation == step.tables.mailboxes.generation()) {
      step.tables.mailboxes.set_acked(peer.member, ack.cursor);
    }
    return taken();
  }
  const JournalId& journal = ack.stream.journal;
  if (journal.member != step.self.member) return taken();
  const Member* by = step.roster.find(peer.member);
  const auto note = sign_own_checkpoint(step.tables, step.self, journal, ack.cursor);
  if (!by) return close_with(ByeCode::kProtocol, "a receipt of no member");
  if (!note) {  // for more than is held here: this node's data is older than that
    peer.early_receipts[journal] = ack;
    return taken();
  }
  const auto cosigned = add_signature(*note, ack.receipt);
  const bool valid = cosigned && has_cosigned(*by, step.self.federation, *cosigned);
  if (!valid) {
    const std::string reason = "a receipt for " + std::to_string(ack.cursor) + " events of " +
                               journal.text() + " is not for those held here";
    if (peer.knows_newer_than(step.roster))
      return refuse(step, peer, Error{ErrorCode::kBadSignature, reason});
    // As from a hub that holds another history: the link must stay, for that to be found out.
    return skipped(reason);
  }
  step.tables.receipts.receive(journal, {peer.member, ack.cursor, ack.receipt});
  const auto held = step.tables.journals.checkpoint_at(journal, ack.cursor);
  if (!held && !signs_now(step.roster, step.self, journal)) return taken();
  if (const auto merged = add_signature(held.value_or(*note), ack.receipt)) {
    step.tables.journals.store_checkpoint(journal, ack.cursor, *merged);
  }
  return taken();
}

IntakeVerdict Intake::receive_early(Step& step, Peer& peer) {
  std::vector<Ack> due;
  std::erase_if(peer.early_receipts, [&](const auto& early) {
    const auto head = step.tables.journals.bare_head(early.first);
    const bool held = head && head->held >= early.second.cursor;
    if (held) due.push_back(early.second);
    return held;
  });
  for (const Ack& ack : due) {
    if (auto verdict = receive(step, peer, ack); verdict.kind != IntakeVerdict::Kind::kTaken) {
      return verdict;
    }
  }
  return taken();
}

}  // namespace simpul
