// Fork proofs: portable evidence that an author signed two histories of one journal. Whoever
// has the author's keys convicts without asking anyone. Refusing to prove consistency, or
// failing to, is never a proof. Pure and thread-safe. Byte format: SPEC.md, "Fork proofs".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "protocol/ids.h"
#include "protocol/merkle.h"

namespace simpul {

inline constexpr std::size_t kForkProofSizeMax = 32 * 1024;  // two notes and four paths fit
inline constexpr std::size_t kPathHashesMax = 64;            // no tree is deeper

// Two checkpoints of one size have different roots.
struct ForkedRoots {
  bool operator==(const ForkedRoots&) const = default;
};

// Different leaves at one index, each with its inclusion proof in one of the checkpoints.
struct ForkedLeaf {
  std::uint64_t index = 0;
  Digest first_leaf;
  std::vector<Digest> first_path;
  Digest second_leaf;
  std::vector<Digest> second_path;
  bool operator==(const ForkedLeaf&) const = default;
};

// The second, larger checkpoint's tree holds at its beginning another tree than the first
// checkpoint's: `head` are the peaks of the first size as they are in the second tree, `tail`
// the hashes of batch_proof(first size, second size, no leaves).
struct ForkedPrefix {
  std::vector<Digest> head;
  std::vector<Digest> tail;
  bool operator==(const ForkedPrefix&) const = default;
};

struct ForkProof {
  std::string first;   // a checkpoint as signed by the author, the whole note
  std::string second;  // another of the same journal
  std::variant<ForkedRoots, ForkedLeaf, ForkedPrefix> evidence;
  bool operator==(const ForkProof&) const = default;
};

// What a valid proof says.
struct Fork {
  JournalId journal;
  // The histories differ at some index not above this one: the forked leaf's own index, or the
  // last index of the smaller of the two trees.
  std::uint64_t differs_by = 0;
  // Events from here on are void until settled: the forked leaf's index, or, since roots do not
  // say where they part, the common size handed in (not above differs_by).
  std::uint64_t void_from = 0;
  bool operator==(const Fork&) const = default;
};

// The key that signs the journal's checkpoint of `size`; nullopt if its member is unknown.
using AuthorKey =
    std::function<std::optional<VerifyKey>(const JournalId& journal, std::uint64_t size)>;

// Error::kTooLarge past kForkProofSizeMax.
Result<Bytes> encode_fork_proof(const ForkProof& proof);
// Any alignment. Error::kMalformed, kTooLarge. Says nothing of truth: see check_fork_proof.
Result<ForkProof> decode_fork_proof(BytesView bytes);

// Makes the proof that fits, from the tree that belongs to the second checkpoint: roots when
// the sizes are equal, else the prefix. Error::kNotFound when nodes are not held, kMalformed
// when the first is the larger. The result is not checked.
Result<ForkProof> prove_fork(std::string_view first, std::string_view second,
                             const NodeReader& second_tree);

// Checks everything: both signatures by the author's key, both checkpoints of one journal of
// the federation, and that the evidence contradicts. `common_size` is the largest size up to
// which the histories are known to agree, 0 if nothing is known.
// Error::kMalformed, kTooLarge, kNotFound (author unknown), kBadSignature (proves nothing).
Result<Fork> check_fork_proof(BytesView bytes, std::string_view federation, const AuthorKey& key,
                              std::uint64_t common_size);

}  // namespace simpul
