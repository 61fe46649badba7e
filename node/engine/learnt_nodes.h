// Tree nodes as a check of a batch proof has shown them, to compute roots and paths from. Owns
// what it was given; header only.
#pragma once

#include <map>
#include <span>

#include "protocol/merkle.h"

namespace simpul {

class LearntNodes final : public NodeReader {
 public:
  explicit LearntNodes(std::span<const TreeNode> nodes) {
    for (const TreeNode& node : nodes) nodes_[node.id] = node.hash;
  }
  std::optional<Digest> node(NodeId id) const override {
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<NodeId, Digest> nodes_;
};

}  // namespace simpul
