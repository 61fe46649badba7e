#include <algorithm>
#include <catch2/catch.hpp>

#include "crypto/random.h"
#include "protocol/merkle.h"
#include "tests/support/memory_tree.h"

namespace simpul {
namespace {

struct Batch {
  Frontier known;
  std::uint64_t size = 0;
  Digest root;
  std::vector<Leaf> leaves;
  std::vector<TreeNode> nodes;

  Result<std::vector<TreeNode>> check() const {
    return check_batch_proof(known, size, root, leaves, nodes);
  }
};

// A tree of numbered leaves with every frontier it went through.
struct Grown {
  explicit Grown(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      tree.append(numbered_leaf(i));
      frontiers.push_back(tree.frontier());
    }
  }

  Batch batch(std::uint64_t known, std::uint64_t size,
              const std::vector<std::uint64_t>& wanted) const {
    Batch made{frontiers[known], size, frontiers[size].root(), {}, {}};
    for (const std::uint64_t index : wanted) made.leaves.push_back({index, numbered_leaf(index)});
    made.nodes = batch_proof(tree, known, size, wanted).value();
    return made;
  }

  MemoryTree tree;
  std::vector<Frontier> frontiers{Frontier()};
};

std::vector<std::uint64_t> some_leaves(SeededRandom& random, std::uint64_t size) {
  std::vector<std::uint64_t> some;
  const std::uint64_t one_in = 1 + random.below(8);
  for (std::uint64_t i = 0; i < size; ++i) {
    if (random.below(one_in) == 0) some.push_back(i);
  }
  return some;
}

// The definition, by brute force over all nodes: sent is what nothing below or above it gives.
std::vector<NodeId> needed(std::uint64_t known, std::uint64_t size,
                           const std::vector<std::uint64_t>& leaves) {
  const auto entered = [&](NodeId id) {
    const std::uint64_t begin = id.index << id.level;
    const std::uint64_t end = begin + (std::uint64_t{1} << id.level);
    return (begin < known && known < end) || std::ranges::any_of(leaves, [&](std::uint64_t leaf) {
             return begin <= leaf && leaf < end;
           });
  };
  const auto is_peak = [](NodeId id, std::uint64_t of) {
    const auto peaks = peaks_of(of);
    return std::ranges::find(peaks, id) != peaks.end();
  };
  std::vector<NodeId> found;
  for (std::uint8_t level = 0; level < 8; ++level) {
    for (std::uint64_t index = 0; (index + 1) << level <= size; ++index) {
      const NodeId id{level, index};
      const NodeId parent{static_cast<std::uint8_t>(level + 1), index >> 1};
      const bool reached = is_peak(id, size) || entered(parent);
      if (reached && !entered(id) && !is_peak(id, known)) found.push_back(id);
    }
  }
  return found;
}

// Every way to spoil a batch a little; none may pass.
std::vector<Batch> spoilt(const Batch& good) {
  std::vector<Batch> all;
  const auto spoil = [&](auto&& change) {
    all.push_back(good);
    change(all.back());
  };
  spoil([](Batch& b) { b.root.bytes[3] ^= 1; });
  spoil([](Batch& b) { b.nodes.push_back({{0, b.size}, empty_root()}); });
  spoil([](Batch& b) { b.nodes.insert(b.nodes.begin(), {{0, 0}, numbered_leaf(0)}); });
  for (std::size_t i = 0; i < good.nodes.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    spoil([&](Batch& b) { b.nodes[i].hash.bytes[i % 32] ^= 4; });
    spoil([&](Batch& b) { b.nodes[i].id.index ^= 1; });
    spoil([&](Batch& b) { b.nodes[i].id.level ^= 1; });
    spoil([&](Batch& b) { b.nodes.erase(b.nodes.begin() + at); });
    spoil([&](Batch& b) { b.nodes.insert(b.nodes.begin() + at, good.nodes[i]); });
    if (i > 0) spoil([&](Batch& b) { std::swap(b.nodes[i - 1], b.nodes[i]); });
  }
  for (std::size_t i = 0; i < good.leaves.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    spoil([&](Batch& b) { b.leaves[i].hash.bytes[i % 32] ^= 4; });
    spoil([&](Batch& b) { b.leaves[i].index += 1; });
    spoil([&](Batch& b) { b.leaves.erase(b.leaves.begin() + at); });
    if (i > 0) spoil([&](Batch& b) { std::swap(b.leaves[i - 1], b.leaves[i]); });
  }
  for (std::size_t i = 0; i < good.known.peaks().size(); ++i) {
    std::vector<Digest> peaks = good.known.peaks();
    peaks[i].bytes[0] ^= 1;
    spoil([&](Batch& b) { b.known = Frontier::from(good.known.size(), peaks).value(); });
  }
  return all;
}

}  // namespace

TEST_CASE("a batch proof holds what is needed and teaches the true nodes", "[merkle][batch]") {
  const Grown grown(64);
  SeededRandom random(11);
  for (std::uint64_t size = 0; size <= 64; ++size) {
    for (std::uint64_t known = 0; known <= size; ++known) {
      const auto wanted = some_leaves(random, size);
      const Batch batch = grown.batch(known, size, wanted);
      const auto learnt = batch.check();
      REQUIRE(learnt);
      for (const TreeNode& node : *learnt) REQUIRE(grown.tree.node(node.id) == node.hash);
      for (const NodeId& peak : peaks_of(size)) {
        REQUIRE(std::ranges::find(*learnt, peak, &TreeNode::id) != learnt->end());
      }
      std::vector<NodeId> sent;
      for (const TreeNode& node : batch.nodes) sent.push_back(node.id);
      std::ranges::sort(sent);
      REQUIRE(sent == needed(known, size, wanted));
    }
  }
}

TEST_CASE("a spoilt batch proof never passes", "[merkle][batch]") {
  const Grown grown(40);
  SeededRandom random(12);
  for (std::uint64_t size = 1; size <= 40; size += 3) {
    for (std::uint64_t known = 0; known <= size; known += 2) {
      const Batch batch = grown.batch(known, size, some_leaves(random, size));
      REQUIRE(batch.check());
      for (const Batch& bad : spoilt(batch)) REQUIRE_FALSE(bad.check());
    }
  }
}

TEST_CASE("a batch that contradicts the known tree is told from a malformed one",
          "[merkle][batch]") {
  const Grown grown(20);
  Batch batch = grown.batch(12, 20, {3, 15});
  batch.leaves[0].hash = numbered_leaf(99);
  CHECK(batch.check().error().code == ErrorCode::kBadSignature);
  batch = grown.batch(12, 20, {3, 15});
  batch.root = empty_root();
  CHECK(batch.check().error().code == ErrorCode::kBadSignature);
  batch.nodes.pop_back();
  CHECK(batch.check().error().code == ErrorCode::kMalformed);
}

TEST_CASE("the next leaves of a complete journal need no proof nodes", "[merkle][batch]") {
  const Grown grown(500);
  std::vector<std::uint64_t> next;
  for (std::uint64_t i = 123; i < 500; ++i) next.push_back(i);
  const Batch batch = grown.batch(123, 500, next);
  CHECK(batch.nodes.empty());
  CHECK(batch.check());
}

TEST_CASE("what cannot be asked of a batch proof is refused", "[merkle][batch]") {
  const Grown grown(8);
  const auto refusal = [&](std::uint64_t known, std::uint64_t size,
                           const std::vector<std::uint64_t>& leaves) {
    return batch_proof(grown.tree, known, size, leaves).error().code;
  };
  CHECK(refusal(9, 8, {}) == ErrorCode::kMalformed);
  CHECK(refusal(0, 8, {8}) == ErrorCode::kMalformed);
  CHECK(refusal(0, 8, {2, 2}) == ErrorCode::kMalformed);
  CHECK(refusal(0, 8, {3, 2}) == ErrorCode::kMalformed);
  CHECK(refusal(0, 9, {}) == ErrorCode::kNotFound);
  Batch batch = grown.batch(0, 8, {});
  batch.nodes.resize(kBatchNodesMax + 1, batch.nodes[0]);
  CHECK(batch.check().error().code == ErrorCode::kMalformed);
}

TEST_CASE("an absurd tree size costs a checker next to nothing", "[merkle][batch]") {
  const Frontier known = Grown(5).frontiers.back();
  for (const std::uint64_t size : {~std::uint64_t{0}, std::uint64_t{1} << 63}) {
    const std::vector<Leaf> leaves{{size - 1, empty_root()}};
    CHECK_FALSE(check_batch_proof(known, size, empty_root(), leaves, {}));
    CHECK_FALSE(check_batch_proof(known, size, empty_root(), {}, {}));
  }
}

TEST_CASE("a batch proof over a huge tree follows its sparse nodes", "[merkle][batch]") {
  // A reader of a tree nobody could hold: every node has a hash made from its name.
  struct Endless final : NodeReader {
    std::optional<Digest> node(NodeId id) const override {
      return numbered_leaf(id.index, std::to_string(id.level));
    }
  };
  constexpr std::uint64_t kSize = ~std::uint64_t{0};
  const std::vector<std::uint64_t> wanted{0, std::uint64_t{1} << 62, kSize - 1};
  const auto proof = batch_proof(Endless(), 3, kSize, wanted).value();
  CHECK(proof.size() < 64 * 4);
  const std::vector<Leaf> leaves{
      {wanted[0], empty_root()}, {wanted[1], empty_root()}, {wanted[2], empty_root()}};
  const auto known = Frontier::from(3, {empty_root(), empty_root()}).value();
  CHECK(check_batch_proof(known, kSize, empty_root(), leaves, proof).error().code ==
        ErrorCode::kBadSignature);
}

}  // namespace simpul
