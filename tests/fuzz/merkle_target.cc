// Proofs against a naive tree. The input chooses a tree, what is to be proved and a damage to the
// true proof. A proof is accepted exactly if it is the true one; whatever a batch proof teaches is
// of the true tree.
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memory_tree.h"

namespace simpul::fuzz {

namespace {

constexpr std::size_t kLeavesMax = 48;

// Leaves 0 to kLeavesMax - 1, and what grows from them.
struct Grown {
  std::vector<Digest> leaves;
  std::vector<MemoryTree> trees;  // by size

  Grown() {
    trees.emplace_back();
    for (std::size_t i = 0; i < kLeavesMax; ++i) {
      leaves.push_back(numbered_leaf(i));
      trees.push_back(trees.back());
      trees.back().append(leaves.back());
    }
  }
  NaiveTree::Leaves first(std::size_t count) const {
    return NaiveTree::Leaves(leaves).first(count);
  }
};

const Grown& grown() {
  static const Grown all;
  return all;
}

// Hashes that a liar may have: true ones of other places, or made up.
Digest some_hash(Script& script) {
  const std::size_t from = script.below(kLeavesMax + 1);
  if (from == kLeavesMax) return sha256(script.take(4));
  return grown().leaves[from];
}

void damage_hashes(Script& script, std::vector<Digest>& proof) {
  for (std::size_t left = script.below(3); left > 0 && !script.done(); --left) {
    const std::size_t at = proof.empty() ? 0 : script.u8() % proof.size();
    switch (script.below(5)) {
      case 0:
        if (!proof.empty()) proof[at] = some_hash(script);
        break;
      case 1:
        if (!proof.empty()) proof.erase(proof.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        proof.insert(proof.begin() + static_cast<std::ptrdiff_t>(at), some_hash(script));
        break;
      case 3:
        if (!proof.empty()) proof[at].bytes[script.below(32)] ^= script.u8();
        break;
      default:
        if (!proof.empty()) std::swap(proof[at], proof[script.u8() % proof.size()]);
    }
  }
}

// Mostly a true size, sometimes any.
std::uint64_t size_claimed(Script& script, std::uint64_t truth) {
  return script.below(8) == 0 ? script.u64() : truth;
}

bool is_path_of_any(const Digest& leaf, const std::vector<Digest>& path, NaiveTree::Leaves leaves) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (leaf == leaves[i] && path == NaiveTree::path(i, leaves)) return true;
  }
  return false;
}

void try_inclusion(Script& script) {
  const std::size_t size = 1 + script.below(kLeavesMax);
  const std::size_t index = script.below(size);
  const auto leaves = grown().first(size);
  const auto truth = NaiveTree::path(index, leaves);
  SIMPUL_CHECK(inclusion_proof(grown().trees[size], index, size).value() == truth);
  const Digest root = NaiveTree::root(leaves);
  SIMPUL_CHECK(verify_inclusion(leaves[index], index, size, truth, root));
  auto proof = truth;
  damage_hashes(script, proof);
  const std::uint64_t claimed_index = size_claimed(script, index);
  const std::uint64_t claimed_size = size_claimed(script, size);
  const Digest leaf = script.below(4) == 0 ? some_hash(script) : leaves[index];
  const bool accepted = verify_inclusion(leaf, claimed_index, claimed_size, proof, root);
  if (claimed_size == size) {
    const bool is_true = claimed_index < size && leaf == leaves[claimed_index] &&
                         proof == NaiveTree::path(claimed_index, leaves);
    SIMPUL_CHECK(accepted == is_true);
  } else if (accepted) {
    // Trees of other sizes have paths of the same length; but the leaf is one of ours all the same.
    SIMPUL_CHECK(claimed_index < claimed_size && is_path_of_any(leaf, proof, leaves));
  }
}

void try_consistency(Script& script) {
  const std::size_t size = 1 + script.below(kLeavesMax);
  const std::size_t old_size = 1 + script.below(size);
  const auto leaves = grown().first(size);
  const auto truth = NaiveTree::consistency(old_size, leaves);
  SIMPUL_CHECK(consistency_proof(grown().trees[size], old_size, size).value() == truth);
  const Digest root = NaiveTree::root(leaves);
  Digest old_root = NaiveTree::root(leaves.first(old_size));
  SIMPUL_CHECK(verify_consistency(old_size, old_root, size, root, truth));
  auto proof = truth;
  damage_hashes(script, proof);
  const bool lies = script.below(4) == 0;
  if (lies) old_root = some_hash(script);
  const bool is_true = proof == truth && old_root == NaiveTree::root(leaves.first(old_size));
  SIMPUL_CHECK(verify_consistency(old_size, old_root, size, root, proof) == is_true);
  (void)verify_consistency(script.u64(), old_root, script.u64(), root, proof);
}

void damage_nodes(Script& script, std::vector<TreeNode>& nodes) {
  for (std::size_t left = script.below(3); left > 0 && !script.done(); --left) {
    const std::size_t at = nodes.empty() ? 0 : script.u8() % nodes.size();
    switch (script.below(5)) {
      case 0:
        if (!nodes.empty()) nodes[at].hash = some_hash(script);
        break;
      case 1:
        if (!nodes.empty()) nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        nodes.insert(
            nodes.begin() + static_cast<std::ptrdiff_t>(at),
            {{static_cast<std::uint8_t>(script.below(64)), script.below(64)}, some_hash(script)});
        break;
      case 3:
        if (!nodes.empty()) nodes[at].id = {static_cast<std::uint8_t>(script.u8()), script.u64()};
        break;
      default:
        if (!nodes.empty()) std::swap(nodes[at], nodes[script.u8() % nodes.size()]);
    }
  }
}

void try_batch(Script& script) {
  const std::size_t size = 1 + script.below(kLeavesMax);
  const std::size_t known_size = script.below(size + 1);
  const MemoryTree& tree = grown().trees[size];
  std::vector<std::uint64_t> indexes;
  for (std::uint64_t index = script.below(size); index < size && indexes.size() < 6;
       index += 1 + script.below(16)) {
    indexes.push_back(index);
  }
  const auto truth = batch_proof(tree, known_size, size, indexes).value();
  std::vector<Leaf> leaves;
  for (const std::uint64_t index : indexes) leaves.push_back({index, grown().leaves[index]});
  const Frontier& known = grown().trees[known_size].frontier();
  const Digest root = tree.frontier().root();
  SIMPUL_CHECK(check_batch_proof(known, size, root, leaves, truth).has_value());

  auto nodes = truth;
  damage_nodes(script, nodes);
  const std::uint64_t claimed_size = size_claimed(script, size);
  bool lies = false;
  if (script.below(4) == 0 && !leaves.empty()) {
    Leaf& leaf = leaves[script.u8() % leaves.size()];
    leaf.hash = some_hash(script);
    lies = leaf.hash != grown().leaves[leaf.index];
  }
  const auto learnt = check_batch_proof(known, claimed_size, root, leaves, nodes);
  if (!learnt) {
    SIMPUL_CHECK(nodes != truth || claimed_size != size || lies);
    return;
  }
  if (claimed_size != size) return;
  SIMPUL_CHECK(nodes == truth && !lies);
  for (const TreeNode& node : *learnt) SIMPUL_CHECK(tree.node(node.id) == node.hash);
}

}  // namespace

void fuzz_merkle(BytesView input) {
  Script script(input);
  for (int tries = 0; tries < 8 && !script.done(); ++tries) {
    switch (script.below(3)) {
      case 0:
        try_inclusion(script);
        break;
      case 1:
        try_consistency(script);
        break;
      default:
        try_batch(script);
    }
  }
}

}  // namespace simpul::fuzz
