#include "protocol/merkle.h"

#include <algorithm>
#include <array>
#include <bit>

namespace simpul {
namespace {

constexpr std::array<std::uint8_t, 1> kLeafPrefix{0};
constexpr std::uint8_t kNodePrefix = 1;

}  // namespace

Digest leaf_hash(BytesView event) {
  return sha256(kLeafPrefix, event);
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 1 + 2 * Digest::kSize> input;
  input[0] = kNodePrefix;
  std::copy(left.bytes.begin(), left.bytes.end(), input.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(), input.begin() + 1 + Digest::kSize);
  return sha256(input);
}

Digest empty_root() {
  return sha256(BytesView{});
}

std::vector<NodeId> peaks_of(std::uint64_t size) {
  std::vector<NodeId> peaks;
  peaks.reserve(static_cast<std::size_t>(std::popcount(size)));
  for (std::uint64_t rest = size; rest != 0; rest &= ~std::bit_floor(rest)) {
    const auto level = static_cast<std::uint8_t>(std::bit_width(rest) - 1);
    peaks.push_back({level, (size >> level) - 1});
  }
  return peaks;
}

Digest root_of_peaks(std::span<const Digest> peaks) {
  if (peaks.empty()) return empty_root();
  Digest root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i-- > 0;) root = node_hash(peaks[i], root);
  return root;
}

Result<Frontier> Frontier::from(std::uint64_t size, std::vector<Digest> peaks) {
  if (peaks.size() != static_cast<std::size_t>(std::popcount(size))) {
    return fail(ErrorCode::kMalformed, "a tree of " + std::to_string(size) + " leaves has " +
                                           std::to_string(std::popcount(size)) + " peaks, not " +
                                           std::to_string(peaks.size()));
  }
  Frontier frontier;
  frontier.size_ = size;
  frontier.peaks_ = std::move(peaks);
  return frontier;
}

void Frontier::append(const Digest& leaf) {
  append(leaf, [](const TreeNode&) {});
}

Digest Frontier::root() const {
  return root_of_peaks(peaks_);
}

}  // namespace simpul
