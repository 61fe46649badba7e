// Proofs of RFC 6962 section 2.1 from stored perfect nodes, and their checks as in RFC 9162.
#include <algorithm>
#include <bit>

#include "protocol/merkle.h"

namespace simpul {
namespace {

// The tree hash over [begin, begin + count), where begin is a multiple of the least power of
// two not below count, as it is for every subtree the RFC's recursion meets.
Result<Digest> range_root(const NodeReader& nodes, std::uint64_t begin, std::uint64_t count) {
  std::vector<Digest> hashes;
  for (const NodeId& peak : peaks_of(count)) {
    const NodeId id{peak.level, peak.index + (begin >> peak.level)};
    const std::optional<Digest> hash = nodes.node(id);
    if (!hash) {
      return fail(ErrorCode::kNotFound, "tree node (" + std::to_string(id.level) + ", " +
                                            std::to_string(id.index) + ") is not held");
    }
    hashes.push_back(*hash);
  }
  return root_of_peaks(hashes);
}

// Where the RFC splits a tree of count > 1 leaves: the largest power of two below count.
std::uint64_t split(std::uint64_t count) {
  return std::bit_floor(count - 1);
}

}  // namespace

Result<Digest> tree_root(const NodeReader& nodes, std::uint64_t size) {
  return range_root(nodes, 0, size);
}

Result<Frontier> frontier_of(const NodeReader& nodes, std::uint64_t size) {
  std::vector<Digest> peaks;
  for (const NodeId& id : peaks_of(size)) {
    const auto hash = nodes.node(id);
    if (!hash)
      return fail(ErrorCode::kNotFound, "a peak of " + std::to_string(size) + " is not held");
    peaks.push_back(*hash);
  }
  return Frontier::from(size, std::move(peaks));
}

Result<std::vector<Digest>> inclusion_proof(const NodeReader& nodes, std::uint64_t index,
                                            std::uint64_t size) {
  if (index >= size) {
    return fail(ErrorCode::kMalformed,
                "leaf " + std::to_string(index) + " is not in a tree of " + std::to_string(size));
  }
  std::vector<Digest> proof;
  std::uint64_t begin = 0;
  for (std::uint64_t count = size; count > 1;) {
    const std::uint64_t left = split(count);
    const bool go_left = index - begin < left;
    SIMPUL_TRY(sibling, go_left ? range_root(nodes, begin + left, count - left)
                                : range_root(nodes, begin, left));
    proof.push_back(sibling);
    if (!go_left) begin += left;
    count = go_left ? left : count - left;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<std::vector<Digest>> consistency_proof(const NodeReader& nodes, std::uint64_t old_size,
                                              std::uint64_t size) {
  if (old_size > size) {
    return fail(ErrorCode::kMalformed, "a tree of " + std::to_string(size) +
                                           " cannot extend one of " + std::to_string(old_size));
  }
  std::vector<Digest> proof;
  if (old_size == 0) return proof;
  std::uint64_t begin = 0;
  std::uint64_t count = size;
  while (old_size - begin != count) {
    const std::uint64_t left = split(count);
    const bool go_left = old_size - begin <= left;
    SIMPUL_TRY(sibling, go_left ? range_root(nodes, begin + left, count - left)
                                : range_root(nodes, begin, left));
    proof.push_back(sibling);
    if (!go_left) begin += left;
    count = go_left ? left : count - left;
  }
  if (begin != 0) {
    SIMPUL_TRY(last, range_root(nodes, begin, count));
    proof.push_back(last);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

bool verify_inclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Digest> proof, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      const int shift = std::countr_zero(node);  // node > 0: node == last and last > 0, or odd
      node >>= shift;
      last >>= shift;
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                        const Digest& root, std::span<const Digest> proof) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == empty_root();
  const bool starts_at_old_root = std::has_single_bit(old_size);
  if (!starts_at_old_root && proof.empty()) return false;

  std::uint64_t node = old_size - 1;
  std::uint64_t last = size - 1;
  const int shared = std::countr_one(node);
  node >>= shared;
  last >>= shared;
  Digest old_hash = starts_at_old_root ? old_root : proof[0];
  Digest new_hash = old_hash;
  for (const Digest& sibling : proof.subspan(starts_at_old_root ? 0 : 1)) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      const int shift = std::countr_zero(node);
      node >>= shift;
      last >>= shift;
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == old_root && new_hash == root;
}

}  // namespace simpul
