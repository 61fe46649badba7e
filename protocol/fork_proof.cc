#include "protocol/fork_proof.h"

#include <algorithm>

#include "protocol/checkpoint.h"

namespace simpul {
namespace {

// Stands for a tree of which only the shape matters.
class ShapeOnly final : public NodeReader {
 public:
  std::optional<Digest> node(NodeId) const override { return Digest{}; }
};

std::unexpected<Error> proves_nothing(std::string why) {
  return fail(ErrorCode::kBadSignature, "the fork proof proves nothing: " + std::move(why));
}

struct Heads {
  JournalId journal;
  Checkpoint first;
  Checkpoint second;
};

Result<Checkpoint> open_by_author(const std::string& note, const JournalId& journal,
                                  std::string_view federation, const AuthorKey& key) {
  SIMPUL_TRY(claimed, parse_checkpoint(note));
  const std::optional<VerifyKey> author = key(journal, claimed.size);
  if (!author) {
    return fail(ErrorCode::kNotFound, "no key is known for journal " + journal.text() +
                                          " at size " + std::to_string(claimed.size));
  }
  return open_checkpoint(note, checkpoint_origin(federation, journal), *author);
}

Result<Heads> open_heads(const ForkProof& proof, std::string_view federation,
                         const AuthorKey& key) {
  SIMPUL_TRY(claimed, parse_checkpoint(proof.first));
  SIMPUL_TRY(journal, journal_of_origin(federation, claimed.origin));
  SIMPUL_TRY(first, open_by_author(proof.first, journal, federation, key));
  SIMPUL_TRY(second, open_by_author(proof.second, journal, federation, key));
  return Heads{journal, first, second};
}

// Each returns the index by which the histories differ.
Result<std::uint64_t> judge(const ForkedRoots&, const Heads& heads) {
  if (heads.first.size != heads.second.size) return proves_nothing("the sizes are not equal");
  if (heads.first.root == heads.second.root) return proves_nothing("the roots are equal");
  if (heads.first.size == 0) return proves_nothing("an empty tree has no history");
  return heads.first.size - 1;
}

Result<std::uint64_t> judge(const ForkedLeaf& fork, const Heads& heads) {
  if (fork.first_leaf == fork.second_leaf) return proves_nothing("the leaves are equal");
  const bool first_in = verify_inclusion(fork.first_leaf, fork.index, heads.first.size,
                                         fork.first_path, heads.first.root);
  const bool second_in = verify_inclusion(fork.second_leaf, fork.index, heads.second.size,
                                          fork.second_path, heads.second.root);
  if (!first_in || !second_in) return proves_nothing("a leaf is not in its checkpoint's tree");
  return fork.index;
}

Result<std::uint64_t> judge(const ForkedPrefix& fork, const Heads& heads) {
  const std::uint64_t size = heads.first.size;
  if (size == 0 || size >= heads.second.size) {
    return proves_nothing("the first checkpoint is not the smaller, or is empty");
  }
  SIMPUL_TRY(head, Frontier::from(size, fork.head));
  SIMPUL_TRY(nodes, batch_proof(ShapeOnly(), size, heads.second.size, {}));
  if (nodes.size() != fork.tail.size()) {
    return fail(ErrorCode::kMalformed, "the fork proof's tail has the wrong number of hashes");
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].hash = fork.tail[i];
  if (!check_batch_proof(head, heads.second.size, heads.second.root, {}, nodes)) {
    return proves_nothing("its hashes are not of the second checkpoint's tree");
  }
  if (head.root() == heads.first.root) return proves_nothing("the checkpoints are consistent");
  return size - 1;
}

}  // namespace

Result<ForkProof> prove_fork(std::string_view first, std::string_view second,
                             const NodeReader& second_tree) {
  SIMPUL_TRY(small, parse_checkpoint(first));
  SIMPUL_TRY(large, parse_checkpoint(second));
  ForkProof proof{std::string(first), std::string(second), ForkedRoots{}};
  if (small.size == large.size) return proof;
  ForkedPrefix prefix;
  SIMPUL_TRY(tail, batch_proof(second_tree, small.size, large.size, {}));
  for (const TreeNode& node : tail) prefix.tail.push_back(node.hash);
  for (const NodeId& peak : peaks_of(small.size)) {
    const std::optional<Digest> hash = second_tree.node(peak);
    if (!hash) return fail(ErrorCode::kNotFound, "a peak of the smaller size is not held");
    prefix.head.push_back(*hash);
  }
  proof.evidence = std::move(prefix);
  return proof;
}

Result<Fork> check_fork_proof(BytesView bytes, std::string_view federation, const AuthorKey& key,
                              std::uint64_t common_size) {
  SIMPUL_TRY(proof, decode_fork_proof(bytes));
  SIMPUL_TRY(heads, open_heads(proof, federation, key));
  SIMPUL_TRY(differs_by, std::visit([&](const auto& evidence) { return judge(evidence, heads); },
                                    proof.evidence));
  const bool exact = std::holds_alternative<ForkedLeaf>(proof.evidence);
  return Fork{heads.journal, differs_by, exact ? differs_by : std::min(common_size, differs_by)};
}

}  // namespace simpul
