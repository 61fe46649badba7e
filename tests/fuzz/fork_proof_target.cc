// Fork proofs. One that is accepted is written again to the same value. Whatever the evidence, two
// honest checkpoints of one journal convict nobody: the input chooses which honest heads are named
// and what is put forward against them.
#include "protocol/fork_proof.h"

#include "protocol/checkpoint.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"
#include "tests/support/memory_tree.h"

namespace simpul::fuzz {

namespace {

constexpr std::size_t kHonestSize = 24;

struct HonestJournal {
  std::vector<Digest> leaves;
  MemoryTree tree;
  std::vector<std::string> notes;  // by size

  HonestJournal() {
    for (std::size_t size = 0; size <= kHonestSize; ++size) {
      const Digest root = tree.frontier().root();
      notes.push_back(sign_checkpoint({"simpul/pilot/51/1", size, root}, signing_key(kAuthorKey)));
      leaves.push_back(numbered_leaf(size));
      tree.append(leaves.back());
    }
  }
};

const HonestJournal& honest_journal() {
  static const HonestJournal journal;
  return journal;
}

std::optional<VerifyKey> key_of_author(const JournalId&, std::uint64_t) {
  return signing_key(kAuthorKey).verify_key();
}

Digest put_forward(Script& script) {
  const HonestJournal& journal = honest_journal();
  const std::size_t level = script.below(6);
  if (level < 5) {
    const auto node =
        journal.tree.node({static_cast<std::uint8_t>(level), script.below(kHonestSize)});
    if (node) return *node;
  }
  return sha256(script.take(2));
}

std::vector<Digest> several(Script& script) {
  std::vector<Digest> hashes(script.below(8));
  for (Digest& hash : hashes) hash = put_forward(script);
  return hashes;
}

ForkProof slander(Script& script) {
  const HonestJournal& journal = honest_journal();
  ForkProof proof{journal.notes[script.below(kHonestSize + 1)],
                  journal.notes[script.below(kHonestSize + 1)],
                  {}};
  switch (script.below(3)) {
    case 0:
      break;
    case 1: {
      ForkedLeaf forked{.index = script.below(kHonestSize)};
      forked.first_leaf = put_forward(script);
      forked.first_path = several(script);
      forked.second_leaf = put_forward(script);
      forked.second_path = several(script);
      proof.evidence = forked;
      break;
    }
    default:
      proof.evidence = ForkedPrefix{several(script), several(script)};
  }
  return proof;
}

void check_conviction(const Fork& fork) {
  SIMPUL_CHECK(fork.void_from <= fork.differs_by && !fork.journal.member.empty());
}

}  // namespace

void fuzz_fork_proof(BytesView input) {
  const auto proof = decode_fork_proof(input);
  const Unaligned moved(input);
  SIMPUL_CHECK(decode_fork_proof(moved.view()).has_value() == proof.has_value());
  if (proof) {
    const auto encoded = encode_fork_proof(*proof);
    if (encoded) {
      SIMPUL_CHECK(encoded->size() <= kForkProofSizeMax);
      SIMPUL_CHECK(decode_fork_proof(*encoded).value() == *proof);
    } else {
      SIMPUL_CHECK(encoded.error().code == ErrorCode::kTooLarge);
    }
  }
  const auto fork = check_fork_proof(input, kFederation, key_of_author, 0);
  SIMPUL_CHECK(proof.has_value() || !fork.has_value());
  if (fork) check_conviction(*fork);
}

void fuzz_slander(BytesView input) {
  Script script(input);
  for (int tries = 0; tries < 4 && !script.done(); ++tries) {
    const Bytes bytes = encode_fork_proof(slander(script)).value();
    const auto fork =
        check_fork_proof(bytes, kFederation, key_of_author, script.below(kHonestSize));
    SIMPUL_CHECK(!fork);
  }
}

}  // namespace simpul::fuzz
