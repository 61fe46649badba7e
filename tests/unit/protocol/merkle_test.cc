#include "protocol/merkle.h"

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "crypto/encoding.h"
#include "crypto/random.h"
#include "tests/support/memory_tree.h"

namespace simpul {
namespace {

// The reference vectors of the Certificate Transparency project.
const std::vector<std::string> kLeaves = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

struct ProofVector {
  std::uint64_t first;  // the leaf, or the old size
  std::uint64_t size;
  std::vector<std::string> proof;
};
const std::vector<ProofVector> kInclusions = {
    {0, 1, {}},
    {0,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {5,
     8,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {1,
     5,
     {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}}};
const std::vector<ProofVector> kConsistencies = {
    {1, 1, {}},
    {1,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {6,
     8,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {2,
     5,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}}};

Digest digest_of(const std::string& hex) {
  const Bytes bytes = from_hex(hex).value();
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

std::vector<Digest> digests_of(const std::vector<std::string>& texts) {
  std::vector<Digest> digests;
  for (const std::string& text : texts) digests.push_back(digest_of(text));
  return digests;
}

Digest reference_leaf(std::size_t index) {
  return leaf_hash(from_hex(kLeaves[index]).value());
}

// What must not verify: each hash altered, dropped, one more, a wrong place.
std::vector<std::vector<Digest>> damaged(const std::vector<Digest>& proof) {
  std::vector<std::vector<Digest>> all;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    all.push_back(proof);
    all.back()[i].bytes[i % Digest::kSize] ^= 1;
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
  }
  all.push_back(proof);
  all.back().push_back(empty_root());
  all.push_back(proof);
  all.back().insert(all.back().begin(), empty_root());
  return all;
}

}  // namespace

TEST_CASE("roots are those of the Certificate Transparency reference", "[merkle]") {
  CHECK(Frontier().root() == sha256(BytesView{}));
  MemoryTree tree;
  for (std::size_t i = 0; i < kLeaves.size(); ++i) {
    tree.append(reference_leaf(i));
    CHECK(to_hex(tree.frontier().root().view()) == kRoots[i]);
    CHECK(tree_root(tree, i + 1).value() == digest_of(kRoots[i]));
  }
}

TEST_CASE("proofs are those of the Certificate Transparency reference", "[merkle]") {
  MemoryTree tree;
  for (std::size_t i = 0; i < kLeaves.size(); ++i) tree.append(reference_leaf(i));
  for (const ProofVector& vector : kInclusions) {
    const auto proof = inclusion_proof(tree, vector.first, vector.size).value();
    CHECK(proof == digests_of(vector.proof));
    CHECK(verify_inclusion(reference_leaf(vector.first), vector.first, vector.size, proof,
                           digest_of(kRoots[vector.size - 1])));
  }
  for (const ProofVector& vector : kConsistencies) {
    const auto proof = consistency_proof(tree, vector.first, vector.size).value();
    CHECK(proof == digests_of(vector.proof));
    CHECK(verify_consistency(vector.first, digest_of(kRoots[vector.first - 1]), vector.size,
                             digest_of(kRoots[vector.size - 1]), proof));
  }
}

TEST_CASE("every tree up to 300 leaves has the root of the plain recursion", "[merkle]") {
  MemoryTree tree;
  std::vector<Digest> leaves;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    REQUIRE(tree.frontier().root() == NaiveTree::root(leaves));
    REQUIRE(tree_root(tree, size).value() == NaiveTree::root(leaves));
    const auto peaks = peaks_of(size);
    REQUIRE(peaks.size() == tree.frontier().peaks().size());
    for (std::size_t i = 0; i < peaks.size(); ++i) {
      REQUIRE(tree.node(peaks[i]) == tree.frontier().peaks()[i]);
    }
    leaves.push_back(numbered_leaf(size));
    tree.append(leaves.back());
  }
}

TEST_CASE("every proof up to 300 leaves is that of the plain recursion", "[merkle]") {
  MemoryTree tree;
  std::vector<Digest> leaves;
  std::vector<Digest> roots{empty_root()};
  for (std::uint64_t size = 1; size <= 300; ++size) {
    leaves.push_back(numbered_leaf(size));
    tree.append(leaves.back());
    roots.push_back(tree.frontier().root());
    for (std::uint64_t first = 0; first < size; ++first) {
      const auto path = inclusion_proof(tree, first, size).value();
      REQUIRE(path == NaiveTree::path(first, leaves));
      REQUIRE(verify_inclusion(leaves[first], first, size, path, roots[size]));
      const auto consistency = consistency_proof(tree, first + 1, size).value();
      REQUIRE(consistency == NaiveTree::consistency(first + 1, leaves));
      REQUIRE(verify_consistency(first + 1, roots[first + 1], size, roots[size], consistency));
    }
  }
}

TEST_CASE("a damaged proof never verifies", "[merkle]") {
  MemoryTree tree;
  std::vector<Digest> roots{empty_root()};
  for (std::uint64_t size = 1; size <= 40; ++size) {
    tree.append(numbered_leaf(size - 1));
    roots.push_back(tree.frontier().root());
    for (std::uint64_t first = 0; first < size; ++first) {
      const auto path = inclusion_proof(tree, first, size).value();
      for (const auto& bad : damaged(path)) {
        REQUIRE_FALSE(verify_inclusion(numbered_leaf(first), first, size, bad, roots[size]));
      }
      REQUIRE_FALSE(verify_inclusion(numbered_leaf(99), first, size, path, roots[size]));
      REQUIRE_FALSE(verify_inclusion(numbered_leaf(first), size, size, path, roots[size]));
      const auto consistency = consistency_proof(tree, first, size).value();
      for (const auto& bad : damaged(consistency)) {
        REQUIRE_FALSE(verify_consistency(first, roots[first], size, roots[size], bad));
      }
      REQUIRE_FALSE(verify_consistency(first, numbered_leaf(1), size, roots[size], consistency));
    }
  }
}

TEST_CASE("proofs hold in large trees", "[merkle]") {
  constexpr std::uint64_t kSize = 20'011;
  MemoryTree tree;
  std::vector<Digest> roots{empty_root()};
  for (std::uint64_t i = 0; i < kSize; ++i) {
    tree.append(numbered_leaf(i));
    roots.push_back(tree.frontier().root());
  }
  SeededRandom random(7);
  for (int round = 0; round < 500; ++round) {
    const std::uint64_t size = 1 + random.below(kSize);
    const std::uint64_t first = random.below(size);
    const auto path = inclusion_proof(tree, first, size).value();
    REQUIRE(verify_inclusion(numbered_leaf(first), first, size, path, roots[size]));
    const auto consistency = consistency_proof(tree, first, size).value();
    REQUIRE(verify_consistency(first, roots[first], size, roots[size], consistency));
  }
}

TEST_CASE("any proof in a tree of thousands is that of the plain recursion", "[merkle][property]") {
  constexpr std::uint64_t kSize = 5'000;
  MemoryTree tree;
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < kSize; ++i) {
    leaves.push_back(numbered_leaf(i));
    tree.append(leaves.back());
  }
  rc::prop("of a leaf and of an older size", [&] {
    const auto size = *rc::gen::inRange<std::uint64_t>(1, kSize + 1);
    const auto first = *rc::gen::inRange<std::uint64_t>(0, size);
    const std::vector<Digest> then(leaves.begin(),
                                   leaves.begin() + static_cast<std::ptrdiff_t>(size));
    const std::vector<Digest> before(leaves.begin(),
                                     leaves.begin() + static_cast<std::ptrdiff_t>(first + 1));
    const Digest root = NaiveTree::root(then);
    RC_ASSERT(tree_root(tree, size).value() == root);
    const auto path = inclusion_proof(tree, first, size).value();
    RC_ASSERT(path == NaiveTree::path(first, then));
    RC_ASSERT(verify_inclusion(leaves[first], first, size, path, root));
    const auto consistency = consistency_proof(tree, first + 1, size).value();
    RC_ASSERT(consistency == NaiveTree::consistency(first + 1, then));
    RC_ASSERT(verify_consistency(first + 1, NaiveTree::root(before), size, root, consistency));
  });
}

TEST_CASE("a restored frontier goes on as the one it was taken from", "[merkle]") {
  Frontier frontier;
  for (std::uint64_t i = 0; i < 77; ++i) frontier.append(numbered_leaf(i));
  Frontier restored = Frontier::from(77, frontier.peaks()).value();
  for (std::uint64_t i = 77; i < 200; ++i) {
    frontier.append(numbered_leaf(i));
    restored.append(numbered_leaf(i));
    REQUIRE(restored.root() == frontier.root());
  }
  const auto wrong = Frontier::from(78, Frontier().peaks());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::kMalformed);
}

TEST_CASE("what a tree cannot prove is refused", "[merkle]") {
  MemoryTree tree;
  for (std::uint64_t i = 0; i < 8; ++i) tree.append(numbered_leaf(i));
  CHECK(inclusion_proof(tree, 8, 8).error().code == ErrorCode::kMalformed);
  CHECK(consistency_proof(tree, 9, 8).error().code == ErrorCode::kMalformed);
  CHECK(tree_root(tree, 9).error().code == ErrorCode::kNotFound);
  tree.forget({1, 1});
  CHECK(inclusion_proof(tree, 0, 8).error().code == ErrorCode::kNotFound);
  CHECK(consistency_proof(tree, 2, 8).error().code == ErrorCode::kNotFound);
}

TEST_CASE("sizes at the end of 64 bits are handled", "[merkle]") {
  constexpr std::uint64_t kHuge = ~std::uint64_t{0};
  const auto peaks = peaks_of(kHuge);
  REQUIRE(peaks.size() == 64);
  CHECK(peaks.front() == NodeId{63, 0});
  CHECK(peaks.back() == NodeId{0, kHuge - 1});
  const std::vector<Digest> none;
  const std::vector<Digest> many(64, empty_root());
  for (const std::uint64_t size : {kHuge, kHuge - 1, std::uint64_t{1} << 63}) {
    CHECK_FALSE(verify_inclusion(empty_root(), size - 1, size, none, empty_root()));
    CHECK_FALSE(verify_inclusion(empty_root(), size - 1, size, many, empty_root()));
    CHECK_FALSE(verify_consistency(size - 1, empty_root(), size, empty_root(), none));
    CHECK_FALSE(verify_consistency(size - 1, empty_root(), size, empty_root(), many));
  }
}

}  // namespace simpul
