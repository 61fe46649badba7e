// Writes signed checkpoints, cosignatures and proofs for tests/go/check.go to verify, one
// fact a line: `key`, `cokey`, `note SIZE`, `record INDEX SIZE`, `tree OLD SIZE`.
#include <iostream>

#include "crypto/encoding.h"
#include "protocol/checkpoint.h"
#include "tests/support/memory_tree.h"

namespace simpul {
namespace {

constexpr std::uint64_t kSizes[] = {1, 2, 3, 7, 8, 9, 64, 100, 255, 256, 1000};
constexpr std::uint64_t kIndices[] = {0, 1, 2, 6, 7, 8, 63, 98, 99, 200, 255, 512, 998, 999};

SigningKey key_of(std::uint8_t seed) {
  return SigningKey::from_seed(Bytes(32, seed)).value();
}

std::string event_text(std::uint64_t index) {
  return "event number " + std::to_string(index);
}

void print_hashes(const std::vector<Digest>& hashes) {
  for (const Digest& hash : hashes) std::cout << ' ' << to_base64(hash.view());
  std::cout << '\n';
}

// The note at every size of kSizes, cosigned by a hub.
void emit_notes(MemoryTree& tree, std::string_view origin, std::string_view hub) {
  const SigningKey author = key_of(1);
  const SigningKey witness = key_of(2);
  std::cout << "key " << note_verifier_key(origin, author.verify_key()) << '\n'
            << "cokey " << cosignature_verifier_key(hub, witness.verify_key()) << '\n';
  for (const std::uint64_t size : kSizes) {
    while (tree.frontier().size() < size) {
      const std::string text = event_text(tree.frontier().size());
      tree.append(leaf_hash(as_bytes(text)));
    }
    const std::string note =
        sign_checkpoint({std::string(origin), size, tree.frontier().root()}, author);
    const Instant time{std::chrono::seconds(1'700'000'000 + static_cast<std::int64_t>(size))};
    const std::string whole = add_signature(note, cosign(note, hub, witness, time)).value();
    std::cout << "note " << size << ' ' << to_base64(as_bytes(whole)) << '\n';
  }
}

void emit_proofs(const MemoryTree& tree) {
  for (const std::uint64_t size : kSizes) {
    for (const std::uint64_t index : kIndices) {
      if (index >= size) continue;
      const std::string text = event_text(index);
      std::cout << "record " << index << ' ' << size << ' ' << to_base64(as_bytes(text));
      print_hashes(inclusion_proof(tree, index, size).value());
    }
    for (const std::uint64_t old_size : kSizes) {
      if (old_size > size) continue;
      std::cout << "tree " << old_size << ' ' << size;
      print_hashes(consistency_proof(tree, old_size, size).value());
    }
  }
}

}  // namespace
}  // namespace simpul

int main() {
  simpul::MemoryTree tree;
  simpul::emit_notes(tree, "simpul/demo/51.03/1", "simpul/demo/hub");
  simpul::emit_proofs(tree);
}
