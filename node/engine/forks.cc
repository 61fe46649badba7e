#include "node/engine/forks.h"

#include "node/engine/learnt_nodes.h"
#include "node/engine/settlement.h"
#include "protocol/fork_proof.h"

namespace simpul {
namespace {

// Every node must void the same events, so it may not depend on what each happens to hold.
constexpr std::uint64_t kNothingInCommon = 0;
constexpr std::size_t kCheckpointsTriedMax = 64;  // held ones, for one that proves a leaf

// Once its journal is settled its author may write in its next one, so it must be heard.
IntakeVerdict quarantined(Step& step, const MemberId& from, const JournalId& journal,
                          std::string reason) {
  const bool by_author = from == journal.member && !is_settled(step, journal);
  return {.kind = by_author ? IntakeVerdict::Kind::kClose : IntakeVerdict::Kind::kSkipped,
          .code = ByeCode::kQuarantined,
          .reason = std::move(reason)};
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
  if (head && head->disputed_from && *head->disputed_from <= fork.void_from) return;
  const std::uint64_t from = fork.void_from;
  step.tables.journals.ensure(fork.journal);
  step.tables.journals.set_disputed_from(fork.journal, from);
  recheck_cases_of(step, fork.journal, from);
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

struct HeldProof {
  Digest hash;
  std::uint64_t void_from = 0;
};

// The one that voids the most is held, of each journal.
std::optional<HeldProof> held_proof(Step& step, const JournalId& journal) {
  const std::string origin = checkpoint_origin(step.self.federation, journal);
  for (const Bytes& bytes : step.tables.local.fork_proofs()) {
    const auto proof = decode_fork_proof(bytes);
    const auto first = proof ? parse_checkpoint(proof->first) : fail(ErrorCode::kNotFound, "");
    if (!first || first->origin != origin) continue;
    const auto* leaf = std::get_if<ForkedLeaf>(&proof->evidence);
    return HeldProof{sha256(bytes), leaf ? leaf->index : kNothingInCommon};
  }
  return std::nullopt;
}

// A head that was offered, and the nodes known of its tree.
struct Offered {
  const JournalId& journal;
  const std::string& note;
  std::uint64_t size = 0;
  LearntNodes nodes;
};

// Two leaves at one index: the sharpest proof, for it says from where on the histories differ.
std::optional<Bytes> prove_leaf(Step& step, const Offered& offered, const Leaf& leaf,
                                const Digest& held_leaf) {
  const auto path = inclusion_proof(offered.nodes, leaf.index, offered.size);
  if (!path) return std::nullopt;
  const JournalNodes nodes(step.tables.journals.transaction(), offered.journal);
  std::optional<Bytes> found;
  std::size_t tries = 0;
  step.tables.journals.visit_checkpoints(
      offered.journal, leaf.index + 1, [&](std::uint64_t size, std::string_view note) {
        const auto held_path = inclusion_proof(nodes, leaf.index, size);
        if (!held_path) return ++tries < kCheckpointsTriedMax;
        const ForkProof proof{offered.note, std::string(note),
                              ForkedLeaf{leaf.index, leaf.hash, *path, held_leaf, *held_path}};
        if (const auto bytes = encode_fork_proof(proof)) found = *bytes;
        return false;
      });
  return found;
}

// The tree that records claim, as far as they and what is held before them show it.
std::vector<TreeNode> nodes_of(Step& step, const JournalRecords& records) {
  std::vector<TreeNode> nodes;
  const auto before = known_frontier(step, records.journal, records.first);
  if (!before) return nodes;
  const auto ids = peaks_of(records.first);
  for (std::size_t i = 0; i < ids.size(); ++i) nodes.push_back({ids[i], before->peaks()[i]});
  Frontier frontier = *before;
  for (const Bytes& event : records.events) {
    frontier.append(leaf_hash(event), [&](const TreeNode& node) { nodes.push_back(node); });
  }
  return nodes;
}

}  // namespace

std::optional<IntakeVerdict> convict(Step& step, const MemberId& from, const JournalId& journal,
                                     const std::optional<Bytes>& proof) {
  const auto taken = proof ? receive_fork_proof(step, *proof) : fail(ErrorCode::kNotFound, "");
  if (!taken) return std::nullopt;
  auto verdict =
      quarantined(step, from, journal, journal.text() + " has two histories; the proof is kept");
  if (*taken) verdict.fork_proofs.push_back(*proof);
  return verdict;
}

void recheck_cases_of(Step& step, const JournalId& journal, std::uint64_t from) {
  step.tables.journals.visit(journal, from, [&](std::uint64_t index, BytesView event) {
    const auto envelope = decode_envelope(event);
    if (!envelope || envelope->case_id.empty()) return true;
    // What is not in its case yet is judged when it is put there.
    if (step.tables.cases.has_event(envelope->case_id, {journal, index})) {
      step.recheck.insert(envelope->case_id);
    }
    return true;
  });
}

IntakeVerdict suspect_history(Step& step, const MemberId& from, const JournalId& journal,
                              const Checkpoint& checkpoint, const std::string& note) {
  const auto proof = prove(step, journal, note, checkpoint.size);
  if (auto verdict = convict(step, from, journal, proof)) return std::move(*verdict);
  if (!is_settled(step, journal)) {
    step.alert("withheld", from.text() + " brought a head of " + journal.text() +
                               " that the events do not add up to; nothing of it was taken.");
  }
  return quarantined(step, from, journal,
                     "the records of " + journal.text() +
                         " do not add up to their checkpoint of size " +
                         std::to_string(checkpoint.size));
}

IntakeVerdict suspect_records(Step& step, const MemberId& from, const JournalRecords& records,
                              const Checkpoint& checkpoint) {
  for (std::size_t i = 0; i < records.events.size(); ++i) {
    const Leaf leaf{records.first + i, leaf_hash(records.events[i])};
    const auto held = step.tables.journals.event(records.journal, leaf.index);
    if (!held || leaf_hash(*held) == leaf.hash) continue;
    const Offered offered{records.journal, records.checkpoint, checkpoint.size,
                          LearntNodes(nodes_of(step, records))};
    const auto proof = prove_leaf(step, offered, leaf, leaf_hash(*held));
    if (auto verdict = convict(step, from, records.journal, proof)) return std::move(*verdict);
    break;
  }
  return suspect_history(step, from, records.journal, checkpoint, records.checkpoint);
}

IntakeVerdict compare_with_held(Step& step, const MemberId& from, const ProvedGroup& group,
                                const Checkpoint& checkpoint, std::span<const Leaf> leaves,
                                std::span<const TreeNode> learnt) {
  for (const Leaf& leaf : leaves) {
    const auto held = step.tables.journals.event(group.journal, leaf.index);
    if (!held || leaf_hash(*held) == leaf.hash) continue;
    const Offered offered{group.journal, group.checkpoint, checkpoint.size, LearntNodes(learnt)};
    const auto proof = prove_leaf(step, offered, leaf, leaf_hash(*held));
    if (auto verdict = convict(step, from, group.journal, proof)) return std::move(*verdict);
    return suspect_history(step, from, group.journal, checkpoint, group.checkpoint);
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

Result<bool> receive_fork_proof(Step& step, BytesView proof) {
  SIMPUL_TRY(fork, check_fork_proof(proof, step.self.federation, author_keys(step.roster),
                                    kNothingInCommon));
  const auto held = held_proof(step, fork.journal);
  if (held && held->void_from <= fork.void_from) return false;
  if (held) step.tables.local.drop_fork_proof(held->hash);
  step.tables.local.add_fork_proof(proof);
  quarantine(step, fork);
  return true;
}

bool is_forked(Step& step, const JournalId& journal) {
  return held_proof(step, journal).has_value();
}

Result<Frontier> known_frontier(Step& step, const JournalId& journal, std::uint64_t size) {
  auto frontier = frontier_of(JournalNodes(step.tables.journals.transaction(), journal), size);
  if (frontier) return frontier;
  return fail(ErrorCode::kNotFound, "the peer builds on size " + std::to_string(size) + " of " +
                                        journal.text() + ", which is not held here");
}

}  // namespace simpul
