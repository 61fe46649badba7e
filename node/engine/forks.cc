#include "node/engine/forks.h"

#include <algorithm>

#include "protocol/fork_proof.h"

namespace simpul {
namespace {

// Every node must void the same events, so it may not depend on what each happens to hold.
constexpr std::uint64_t kNothingInCommon = 0;

IntakeVerdict quarantined(std::string reason) {
  return {IntakeVerdict::Kind::kClose, ByeCode::kQuarantined, std::move(reason)};
}

AuthorKey author_keys(const Roster& roster) {
  return [&roster](const JournalId& journal, std::uint64_t size) -> std::optional<VerifyKey> {
    const Member* member = roster.find(journal.member);
    if (!member) return std::nullopt;
    return member->signing_key(journal.generation, size);
  };
}

void quarantine(Step& step, const Fork& fork) {
  const auto head = step.tables.journals.head(fork.journal);
  const std::uint64_t from =
      head && head->disputed_from ? std::min(*head->disputed_from, fork.void_from) : fork.void_from;
  step.tables.journals.ensure(fork.journal);
  step.tables.journals.set_disputed_from(fork.journal, from);
  step.tables.cases.visit_ids([&](const CaseId& id) {
    const auto positions = step.tables.cases.positions_of(id);
    const bool touched = std::ranges::any_of(positions, [&](const EventPosition& position) {
      return position.journal == fork.journal && position.index >= from;
    });
    if (touched) step.recheck.insert(id);
    return true;
  });
  step.alert("fork", fork.journal.text() + " was forked by its author: its events from index " +
                         std::to_string(from) +
                         " on no longer count until the ruling hub settles it. The proof is kept.");
}

// Tries to make a proof of the note held at or after the offered checkpoint's size.
std::optional<Bytes> prove(Step& step, const JournalId& journal, std::string_view offered_note,
                           std::uint64_t offered_size) {
  const auto held = step.tables.journals.first_checkpoint_at_or_after(journal, offered_size);
  if (!held) return std::nullopt;
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  const auto proof = prove_fork(offered_note, *held, nodes);
  if (!proof) return std::nullopt;
  const auto bytes = encode_fork_proof(*proof);
  if (!bytes) return std::nullopt;
  return *bytes;
}

}  // namespace

IntakeVerdict suspect_history(Step& step, const MemberId& from, const JournalId& journal,
                              const Checkpoint& checkpoint, const std::string& note) {
  if (const auto proof = prove(step, journal, note, checkpoint.size)) {
    if (receive_fork_proof(step, *proof)) {
      return quarantined(journal.text() + " has two histories; the proof is kept");
    }
  }
  step.alert("withheld", from.text() + " brought a head of " + journal.text() + " at size " +
                             std::to_string(checkpoint.size) +
                             " that the events do not add up to; nothing of it was taken.");
  return quarantined("the records of " + journal.text() + " do not add up to their checkpoint");
}

IntakeVerdict compare_with_held(Step& step, const MemberId& from, const ProvedGroup& group,
                                const Checkpoint& checkpoint, std::span<const Leaf> leaves) {
  for (const Leaf& leaf : leaves) {
    const auto held = step.tables.journals.event(group.journal, leaf.index);
    if (held && leaf_hash(*held) != leaf.hash) {
      return suspect_history(step, from, group.journal, checkpoint, group.checkpoint);
    }
  }
  const auto head = step.tables.journals.head(group.journal);
  if (!head || head->size == 0) return {};
  const JournalNodes nodes(step.tables.journals.transaction(), group.journal);
  const auto root = tree_root(nodes, checkpoint.size);
  if (root && *root != checkpoint.root) {
    return suspect_history(step, from, group.journal, checkpoint, group.checkpoint);
  }
  return {};
}

Result<void> receive_fork_proof(Step& step, BytesView proof) {
  SIMPUL_TRY(fork, check_fork_proof(proof, step.self.federation, author_keys(step.roster),
                                    kNothingInCommon));
  if (step.tables.local.add_fork_proof(proof)) quarantine(step, fork);
  return {};
}

Result<Frontier> known_frontier(Step& step, const JournalId& journal, std::uint64_t size) {
  if (size == 0) return Frontier{};
  const JournalNodes nodes(step.tables.journals.transaction(), journal);
  std::vector<Digest> peaks;
  for (const NodeId& id : peaks_of(size)) {
    const auto hash = nodes.node(id);
    if (!hash) {
      return fail(ErrorCode::kNotFound, "the peer builds on size " + std::to_string(size) + " of " +
                                            journal.text() + ", which is not held here");
    }
    peaks.push_back(*hash);
  }
  return Frontier::from(size, std::move(peaks));
}

Frontier frontier_from(std::span<const TreeNode> nodes, std::uint64_t size) {
  std::vector<Digest> peaks;
  for (const NodeId& id : peaks_of(size)) {
    const auto found =
        std::ranges::find_if(nodes, [&](const TreeNode& node) { return node.id == id; });
    SIMPUL_CHECK(found != nodes.end());
    peaks.push_back(found->hash);
  }
  auto frontier = Frontier::from(size, std::move(peaks));
  SIMPUL_CHECK(frontier);
  return std::move(*frontier);
}

}  // namespace simpul
