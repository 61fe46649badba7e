#include "protocol/fork_proof.h"

#include <catch2/catch.hpp>

#include "protocol/checkpoint.h"
#include "tests/support/memory_tree.h"

namespace simpul {
namespace {

SigningKey forker_key(std::uint8_t seed) {
  return SigningKey::from_seed(Bytes(32, seed)).value();
}

// An author whose leaves from `parts_at` on depend on the branch.
struct Branch {
  Branch(std::string_view name, std::uint64_t parts_at, std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      tree.append(numbered_leaf(i, i < parts_at ? "leaf" : name));
    }
  }
  std::string note(std::uint8_t seed = 1, std::string_view origin = "simpul/id/51.03/1") const {
    const Frontier& head = tree.frontier();
    return sign_checkpoint({std::string(origin), head.size(), head.root()}, forker_key(seed));
  }
  MemoryTree tree;
};

const AuthorKey kAuthor = [](const JournalId& journal, std::uint64_t) -> std::optional<VerifyKey> {
  if (journal.text() != "51.03/1") return std::nullopt;
  return forker_key(1).verify_key();
};

Result<Fork> check(const ForkProof& proof, std::uint64_t common = 0) {
  return check_fork_proof(encode_fork_proof(proof).value(), "id", kAuthor, common);
}

ErrorCode refusal(const ForkProof& proof) {
  const auto checked = check(proof);
  REQUIRE_FALSE(checked);
  return checked.error().code;
}

ForkedLeaf forked_leaf(const Branch& one, const Branch& other, std::uint64_t index) {
  const auto path = [&](const Branch& of) {
    return inclusion_proof(of.tree, index, of.tree.frontier().size()).value();
  };
  return {index, *one.tree.node({0, index}), path(one), *other.tree.node({0, index}), path(other)};
}

JournalId journal() {
  return JournalId::parse("51.03/1").value();
}

}  // namespace

TEST_CASE("two roots of one size convict their author", "[fork]") {
  const Branch one("one", 4, 9);
  const Branch other("other", 4, 9);
  const auto proof = prove_fork(one.note(), other.note(), other.tree).value();
  CHECK(check(proof).value() == Fork{journal(), 8, 0});
  CHECK(check(proof, 4).value() == Fork{journal(), 8, 4});
  CHECK(check(proof, 100).value() == Fork{journal(), 8, 8});
}

TEST_CASE("two leaves at one index convict their author from that index", "[fork]") {
  const Branch one("one", 4, 9);
  const Branch other("other", 4, 30);
  ForkProof proof{one.note(), other.note(), forked_leaf(one, other, 5)};
  CHECK(check(proof).value() == Fork{journal(), 5, 5});
  proof.evidence = forked_leaf(one, other, 3);
  CHECK(refusal(proof) == ErrorCode::kBadSignature);
  ForkedLeaf moved = forked_leaf(one, other, 5);
  moved.index = 6;
  proof.evidence = moved;
  CHECK(refusal(proof) == ErrorCode::kBadSignature);
}

TEST_CASE("a tree that holds another beginning convicts its author", "[fork]") {
  for (std::uint64_t size = 2; size <= 33; ++size) {
    for (std::uint64_t small = 1; small < size; ++small) {
      const Branch one("one", small / 2, small);
      const Branch other("other", small / 2, size);
      const auto proof = prove_fork(one.note(), other.note(), other.tree).value();
      REQUIRE(check(proof, small / 2).value() == Fork{journal(), small - 1, small / 2});
    }
  }
}

TEST_CASE("an honest author is never convicted", "[fork]") {
  const Branch small("same", 20, 7);
  const Branch large("same", 20, 20);
  CHECK(refusal(prove_fork(small.note(), large.note(), large.tree).value()) ==
        ErrorCode::kBadSignature);
  CHECK(refusal(prove_fork(large.note(), large.note(), large.tree).value()) ==
        ErrorCode::kBadSignature);
  CHECK(refusal({small.note(), large.note(), ForkedRoots{}}) == ErrorCode::kBadSignature);
  CHECK(refusal({small.note(), large.note(), forked_leaf(small, large, 3)}) ==
        ErrorCode::kBadSignature);
  // Somebody else's tree of the right shape is no evidence.
  const Branch invented("invented", 0, 20);
  CHECK(refusal(prove_fork(small.note(), large.note(), invented.tree).value()) ==
        ErrorCode::kBadSignature);
}

TEST_CASE("an empty tree has no history to fork", "[fork]") {
  const std::string first =
      sign_checkpoint({"simpul/id/51.03/1", 0, numbered_leaf(1)}, forker_key(1));
  const Branch large("one", 0, 5);
  CHECK(refusal(prove_fork(first, large.note(), large.tree).value()) == ErrorCode::kBadSignature);
  CHECK(refusal({first, Branch("x", 0, 0).note(), ForkedRoots{}}) == ErrorCode::kBadSignature);
}

TEST_CASE("both checkpoints must be the author's own of one journal", "[fork]") {
  const Branch one("one", 4, 9);
  const Branch other("other", 4, 9);
  CHECK(refusal({one.note(), other.note(2), ForkedRoots{}}) == ErrorCode::kBadSignature);
  CHECK(refusal({one.note(2), other.note(), ForkedRoots{}}) == ErrorCode::kBadSignature);
  CHECK(refusal({one.note(), other.note(1, "simpul/id/51.03/2"), ForkedRoots{}}) ==
        ErrorCode::kBadSignature);
  CHECK(refusal({one.note(1, "simpul/id/51.03/2"), other.note(), ForkedRoots{}}) ==
        ErrorCode::kNotFound);
  CHECK(refusal({one.note(1, "simpul/other/51.03/1"), other.note(), ForkedRoots{}}) ==
        ErrorCode::kMalformed);
}

TEST_CASE("every hash of a prefix proof matters", "[fork]") {
  const Branch one("one", 4, 11);
  const Branch other("other", 4, 30);
  const ForkProof good = prove_fork(one.note(), other.note(), other.tree).value();
  const auto& prefix = std::get<ForkedPrefix>(good.evidence);
  for (std::size_t i = 0; i < prefix.head.size() + prefix.tail.size(); ++i) {
    ForkProof bad = good;
    auto& spoilt = std::get<ForkedPrefix>(bad.evidence);
    auto& hash = i < prefix.head.size() ? spoilt.head[i] : spoilt.tail[i - prefix.head.size()];
    hash.bytes[7] ^= 1;
    REQUIRE(refusal(bad) == ErrorCode::kBadSignature);
  }
  ForkProof longer = good;
  std::get<ForkedPrefix>(longer.evidence).tail.push_back(empty_root());
  CHECK(refusal(longer) == ErrorCode::kMalformed);
  ForkProof shorter = good;
  std::get<ForkedPrefix>(shorter.evidence).head.pop_back();
  CHECK(refusal(shorter) == ErrorCode::kMalformed);
}

TEST_CASE("fork proofs survive their encoding and damage to it is refused", "[fork]") {
  const Branch one("one", 4, 11);
  const Branch other("other", 4, 30);
  const std::vector<ForkProof> proofs{{one.note(), other.note(), ForkedRoots{}},
                                      {one.note(), other.note(), forked_leaf(one, other, 5)},
                                      prove_fork(one.note(), other.note(), other.tree).value()};
  for (const ForkProof& proof : proofs) {
    const Bytes bytes = encode_fork_proof(proof).value();
    CHECK(decode_fork_proof(bytes).value() == proof);
    Bytes shifted{0};
    append(shifted, bytes);
    CHECK(decode_fork_proof(BytesView(shifted).subspan(1)).value() == proof);
    Bytes trailing = bytes;
    trailing.resize(bytes.size() + 8);
    CHECK(decode_fork_proof(trailing).error().code == ErrorCode::kMalformed);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      REQUIRE_FALSE(decode_fork_proof(BytesView(bytes).first(size)));
    }
  }
  CHECK(decode_fork_proof(Bytes(kForkProofSizeMax + 8)).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("no damaged byte of a fork proof convicts another journal or place", "[fork]") {
  const Branch one("one", 4, 11);
  const Branch other("other", 4, 30);
  const Bytes good =
      encode_fork_proof({one.note(), other.note(), forked_leaf(one, other, 5)}).value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 0x10;
    const auto checked = check_fork_proof(bad, "id", kAuthor, 0);
    REQUIRE((!checked || *checked == Fork{journal(), 5, 5}));
  }
}

}  // namespace simpul
