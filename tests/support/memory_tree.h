// Trees for tests: MemoryTree keeps every perfect node it was given, NaiveTree computes
// everything from the leaves by RFC 6962's own recursion, slowly and without sharing code.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "protocol/merkle.h"

namespace simpul {

class MemoryTree final : public NodeReader {
 public:
  void append(const Digest& leaf) {
    frontier_.append(leaf, [this](const TreeNode& node) { nodes_[node.id] = node.hash; });
  }
  std::optional<Digest> node(NodeId id) const override {
    const auto found = nodes_.find(id);
    if (found == nodes_.end()) return std::nullopt;
    return found->second;
  }
  void forget(NodeId id) { nodes_.erase(id); }
  const Frontier& frontier() const { return frontier_; }

 private:
  Frontier frontier_;
  std::map<NodeId, Digest> nodes_;
};

class NaiveTree {
 public:
  using Leaves = std::span<const Digest>;

  static Digest root(Leaves leaves) {
    if (leaves.empty()) return sha256(BytesView{});
    if (leaves.size() == 1) return leaves[0];
    const std::size_t left = split(leaves.size());
    return join(root(leaves.first(left)), root(leaves.subspan(left)));
  }

  static std::vector<Digest> path(std::size_t index, Leaves leaves) {
    if (leaves.size() == 1) return {};
    const std::size_t left = split(leaves.size());
    if (index < left) {
      return with(path(index, leaves.first(left)), root(leaves.subspan(left)));
    }
    return with(path(index - left, leaves.subspan(left)), root(leaves.first(left)));
  }

  static std::vector<Digest> consistency(std::size_t old_size, Leaves leaves) {
    return sub_proof(old_size, leaves, true);
  }

 private:
  static std::vector<Digest> sub_proof(std::size_t old_size, Leaves leaves, bool whole) {
    if (old_size == leaves.size()) {
      return whole ? std::vector<Digest>{} : std::vector<Digest>{root(leaves)};
    }
    const std::size_t left = split(leaves.size());
    if (old_size <= left) {
      return with(sub_proof(old_size, leaves.first(left), whole), root(leaves.subspan(left)));
    }
    return with(sub_proof(old_size - left, leaves.subspan(left), false), root(leaves.first(left)));
  }
  static std::size_t split(std::size_t count) {
    std::size_t left = 1;
    while (left * 2 < count) left *= 2;
    return left;
  }
  static Digest join(const Digest& left, const Digest& right) {
    const std::uint8_t prefix = 1;
    return sha256(BytesView(&prefix, 1), left.view(), right.view());
  }
  static std::vector<Digest> with(std::vector<Digest> list, const Digest& last) {
    list.push_back(last);
    return list;
  }
};

// The leaf hash of "leaf <number>", for trees whose content does not matter.
inline Digest numbered_leaf(std::uint64_t number, std::string_view branch = "leaf") {
  return leaf_hash(as_bytes(std::string(branch) + " " + std::to_string(number)));
}

}  // namespace simpul
