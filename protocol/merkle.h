// The RFC 6962 Merkle tree over a journal's events: append, root, proofs. A tree is known by
// its perfect nodes: node (level, index) covers leaves [index << level, (index + 1) << level).
// Those never change once complete, so they can be stored, sent and cached. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/result.h"

namespace simpul {

struct NodeId {
  std::uint8_t level = 0;
  std::uint64_t index = 0;
  auto operator<=>(const NodeId&) const = default;
};

struct TreeNode {
  NodeId id;
  Digest hash;
  bool operator==(const TreeNode&) const = default;
};

// Reads perfect nodes of one tree. nullopt when the node is not held.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  virtual std::optional<Digest> node(NodeId id) const = 0;
};

Digest leaf_hash(BytesView event);                          // SHA-256(0x00 || event)
Digest node_hash(const Digest& left, const Digest& right);  // SHA-256(0x01 || left || right)
Digest empty_root();                                        // SHA-256("")

// Perfect nodes that together cover [0, size), largest first: the tree's peaks.
std::vector<NodeId> peaks_of(std::uint64_t size);
// Root from the peaks' hashes, in peaks_of's order.
Digest root_of_peaks(std::span<const Digest> peaks);

// The growing right edge of a tree: all that is needed to append and to know the root.
class Frontier {
 public:
  Frontier() = default;  // the empty tree
  // Error::kMalformed if the number of peaks is not popcount(size).
  static Result<Frontier> from(std::uint64_t size, std::vector<Digest> peaks);

  // Appends a leaf; calls completed(TreeNode) for the leaf and every perfect node it completes,
  // lowest first.
  template <class Completed>
  void append(const Digest& leaf, Completed&& completed);
  void append(const Digest& leaf);

  std::uint64_t size() const { return size_; }
  Digest root() const;
  const std::vector<Digest>& peaks() const { return peaks_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> peaks_;  // largest first
};

// RFC 6962 section 2.1. Error::kNotFound when a node needed is not held.
Result<Digest> tree_root(const NodeReader& nodes, std::uint64_t size);
// The peaks of the tree of `size`. Error::kNotFound when one is not held.
Result<Frontier> frontier_of(const NodeReader& nodes, std::uint64_t size);
Result<std::vector<Digest>> inclusion_proof(const NodeReader& nodes, std::uint64_t index,
                                            std::uint64_t size);
Result<std::vector<Digest>> consistency_proof(const NodeReader& nodes, std::uint64_t old_size,
                                              std::uint64_t size);
// RFC 9162 sections 2.1.3.2 and 2.1.4.2.
[[nodiscard]] bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                    std::span<const Digest> proof, const Digest& root);
[[nodiscard]] bool verify_consistency(std::uint64_t old_size, const Digest& old_root,
                                      std::uint64_t size, const Digest& root,
                                      std::span<const Digest> proof);

// Batch proofs: one set of perfect nodes, no duplicates, that proves at once that each of
// `leaves` (sorted, distinct, < size) is in the tree of `size` and that this tree extends the
// one of `known_size` (0: nothing known), given only the peaks of the known tree. In the order
// of the first leaf a node covers. Error::kNotFound, kMalformed, kTooLarge.
Result<std::vector<TreeNode>> batch_proof(const NodeReader& nodes, std::uint64_t known_size,
                                          std::uint64_t size,
                                          std::span<const std::uint64_t> leaves);

struct Leaf {
  std::uint64_t index = 0;
  Digest hash;
};

// Checks a batch proof. `known` holds the peaks of the known tree. On success every leaf is
// proved and the tree extends the known one; returns all perfect nodes now known to be of
// the tree (leaves, given and computed ones, known peaks and new ones), children before parents.
// Error::kBadSignature when the roots do not come out; kMalformed on disorder, on nodes out of
// range, or on more than kBatchNodesMax. Never trusts an unused node: an unused node is an error.
inline constexpr std::size_t kBatchNodesMax = 1 << 16;
Result<std::vector<TreeNode>> check_batch_proof(const Frontier& known, std::uint64_t size,
                                                const Digest& root, std::span<const Leaf> leaves,
                                                std::span<const TreeNode> nodes);

template <class Completed>
void Frontier::append(const Digest& leaf, Completed&& completed) {
  TreeNode node{{0, size_}, leaf};
  completed(node);
  for (std::uint64_t rest = size_; rest & 1; rest >>= 1) {
    node = {{static_cast<std::uint8_t>(node.id.level + 1), node.id.index >> 1},
            node_hash(peaks_.back(), node.hash)};
    peaks_.pop_back();
    completed(node);
  }
  peaks_.push_back(node.hash);
  ++size_;
}

}  // namespace simpul
