#include "tests/simulation/history.h"

#include <algorithm>
#include <cstdio>

#include "crypto/encoding.h"

namespace simpul::sim {

std::string clock_text(std::int64_t time_ms) {
  const auto part = [&](std::int64_t unit, std::int64_t modulus) {
    return static_cast<int>(time_ms / unit % modulus);
  };
  char text[64];
  std::snprintf(text, sizeof text, "day %d %02d:%02d:%02d.%03d",
                static_cast<int>(time_ms / 86'400'000), part(3'600'000, 24), part(60'000, 60),
                part(1'000, 60), part(1, 1'000));
  return text;
}

void History::add(std::int64_t time_ms, std::string_view node, std::string_view kind,
                  std::string_view words, BytesView bytes) {
  std::string line = clock_text(time_ms);
  for (const std::string_view part : {node, kind, words}) line.append("  ").append(part);
  line += '\n';
  hash_.update(as_bytes(line)).update(bytes);
  line.pop_back();
  if (loud_) std::fprintf(stderr, "%s\n", line.c_str());
  kept_.push_back(std::move(line));
  if (kept_.size() > kKept) kept_.pop_front();
  ++size_;
}

std::string History::digest() const {
  Sha256 copy = hash_;
  return to_hex(copy.finish().view());
}

std::vector<std::string> History::last(std::size_t count, std::string_view word) const {
  std::vector<std::string> found;
  for (auto line = kept_.rbegin(); line != kept_.rend() && found.size() < count; ++line) {
    if (!word.empty() ? line->find(word) != std::string::npos
                      : line->find("  frame  ") == std::string::npos)
      found.push_back(*line);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace simpul::sim
