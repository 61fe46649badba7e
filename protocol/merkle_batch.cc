// Batch proofs. Prover and checker walk the same path: from the peaks of the new tree, left to
// right, down only where there are leaves to prove or the known tree's edge to cross. What the
// walk does not enter travels as one node, unless it is a peak of the known tree. The nodes come
// in the order of the walk, that is by the first leaf they cover, so the checker takes them
// one by one: none can be missing, spare or repeated. Both walks cost no more than the leaves
// and nodes there are, times the 64 levels, whatever sizes are claimed.
#include <bit>

#include "protocol/merkle.h"

namespace simpul {
namespace {

std::uint64_t begin_of(NodeId id) {
  return id.index << id.level;
}

std::uint64_t end_of(NodeId id) {
  return (id.index + 1) << id.level;  // of a node within a tree: no overflow
}

NodeId left_child(NodeId id) {
  return {static_cast<std::uint8_t>(id.level - 1), id.index << 1};
}

NodeId right_child(NodeId id) {
  return {static_cast<std::uint8_t>(id.level - 1), id.index << 1 | 1};
}

// Which of the peaks of `size` the node is, counted from the largest.
std::optional<std::size_t> peak_number(NodeId id, std::uint64_t size) {
  const std::uint64_t upper = size >> id.level;
  if ((upper & 1) == 0 || id.index != upper - 1) return std::nullopt;
  return static_cast<std::size_t>(std::popcount(upper)) - 1;
}

enum class Step { kLeaf, kDescend, kKnownPeak, kGiven };

Step step_at(NodeId id, std::uint64_t known_size, bool has_leaf) {
  if (has_leaf) return id.level == 0 ? Step::kLeaf : Step::kDescend;
  if (peak_number(id, known_size)) return Step::kKnownPeak;
  const bool straddles = begin_of(id) < known_size && known_size < end_of(id);
  return straddles ? Step::kDescend : Step::kGiven;
}

std::string name_of(NodeId id) {
  return "(" + std::to_string(id.level) + ", " + std::to_string(id.index) + ")";
}

// Sizes in order; leaves sorted, distinct and inside. `index_of` reads an element's index.
template <class Leaves, class IndexOf>
Result<void> check_request(std::uint64_t known_size, std::uint64_t size, const Leaves& leaves,
                           IndexOf index_of) {
  if (known_size > size) {
    return fail(ErrorCode::kMalformed, "a tree of " + std::to_string(size) +
                                           " cannot extend one of " + std::to_string(known_size));
  }
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const bool in_order = i == 0 || index_of(leaves[i - 1]) < index_of(leaves[i]);
    if (!in_order || index_of(leaves[i]) >= size) {
      return fail(ErrorCode::kMalformed, "leaves to prove are in order, once, and in the tree");
    }
  }
  return {};
}

class Prover {
 public:
  Prover(const NodeReader& nodes, std::uint64_t known_size, std::span<const std::uint64_t> leaves)
      : nodes_(nodes), known_size_(known_size), leaves_(leaves) {}

  Result<void> visit(NodeId id) {
    const bool has_leaf = next_ < leaves_.size() && leaves_[next_] < end_of(id);
    switch (step_at(id, known_size_, has_leaf)) {
      case Step::kLeaf:
        ++next_;
        return {};
      case Step::kKnownPeak:
        return {};
      case Step::kDescend:
        SIMPUL_TRY_VOID(visit(left_child(id)));
        return visit(right_child(id));
      case Step::kGiven:
        return give(id);
    }
    return {};
  }

  std::vector<TreeNode> take() { return std::move(proof_); }

 private:
  Result<void> give(NodeId id) {
    const std::optional<Digest> hash = nodes_.node(id);
    if (!hash) return fail(ErrorCode::kNotFound, "tree node " + name_of(id) + " is not held");
    if (proof_.size() == kBatchNodesMax) {
      return fail(ErrorCode::kTooLarge,
                  "a batch proof has at most " + std::to_string(kBatchNodesMax) + " nodes");
    }
    proof_.push_back({id, *hash});
    return {};
  }

  const NodeReader& nodes_;
  std::uint64_t known_size_;
  std::span<const std::uint64_t> leaves_;
  std::size_t next_ = 0;
  std::vector<TreeNode> proof_;
};

class Checker {
 public:
  Checker(const Frontier& known, std::span<const Leaf> leaves, std::span<const TreeNode> nodes)
      : known_(known), leaves_(leaves), nodes_(nodes) {
    learnt_.reserve(2 * (leaves.size() + nodes.size() + known.peaks().size()));
  }

  Result<Digest> visit(NodeId id) {
    const bool has_leaf = next_leaf_ < leaves_.size() && leaves_[next_leaf_].index < end_of(id);
    switch (step_at(id, known_.size(), has_leaf)) {
      case Step::kLeaf:
        return settle(id, leaves_[next_leaf_++].hash);
      case Step::kKnownPeak:
        return settle(id, known_.peaks()[*peak_number(id, known_.size())]);
      case Step::kDescend: {
        SIMPUL_TRY(left, visit(left_child(id)));
        SIMPUL_TRY(right, visit(right_child(id)));
        return settle(id, node_hash(left, right));
      }
      case Step::kGiven:
        break;
    }
    if (next_node_ == nodes_.size() || nodes_[next_node_].id != id) {
      return fail(ErrorCode::kMalformed, "the proof lacks tree node " + name_of(id));
    }
    return settle(id, nodes_[next_node_++].hash);
  }

  bool all_used() const { return next_node_ == nodes_.size(); }
  std::vector<TreeNode> take() { return std::move(learnt_); }

 private:
  // A known peak that was descended into must come out as it is known.
  Result<Digest> settle(NodeId id, const Digest& hash) {
    const auto number = peak_number(id, known_.size());
    if (number && known_.peaks()[*number] != hash) {
      return fail(ErrorCode::kBadSignature,
                  "tree node " + name_of(id) + " contradicts the known tree");
    }
    learnt_.push_back({id, hash});
    return hash;
  }

  const Frontier& known_;
  std::span<const Leaf> leaves_;
  std::span<const TreeNode> nodes_;
  std::size_t next_leaf_ = 0;
  std::size_t next_node_ = 0;
  std::vector<TreeNode> learnt_;
};

}  // namespace

Result<std::vector<TreeNode>> batch_proof(const NodeReader& nodes, std::uint64_t known_size,
                                          std::uint64_t size,
                                          std::span<const std::uint64_t> leaves) {
  SIMPUL_TRY_VOID(check_request(known_size, size, leaves, [](std::uint64_t i) { return i; }));
  Prover prover(nodes, known_size, leaves);
  for (const NodeId& peak : peaks_of(size)) SIMPUL_TRY_VOID(prover.visit(peak));
  return prover.take();
}

Result<std::vector<TreeNode>> check_batch_proof(const Frontier& known, std::uint64_t size,
                                                const Digest& root, std::span<const Leaf> leaves,
                                                std::span<const TreeNode> nodes) {
  SIMPUL_TRY_VOID(
      check_request(known.size(), size, leaves, [](const Leaf& leaf) { return leaf.index; }));
  if (nodes.size() > kBatchNodesMax) {
    return fail(ErrorCode::kMalformed,
                "a batch proof has at most " + std::to_string(kBatchNodesMax) + " nodes");
  }
  Checker checker(known, leaves, nodes);
  std::vector<Digest> peaks;
  for (const NodeId& peak : peaks_of(size)) {
    SIMPUL_TRY(hash, checker.visit(peak));
    peaks.push_back(hash);
  }
  if (!checker.all_used()) {
    return fail(ErrorCode::kMalformed, "the proof holds nodes that prove nothing");
  }
  if (root_of_peaks(peaks) != root) {
    return fail(ErrorCode::kBadSignature, "the proof leads to another root than the checkpoint's");
  }
  return checker.take();
}

}  // namespace simpul
