// What happened in a run, in order: hashed as a whole, so that two runs can be compared to the
// byte, and the last of it kept in words, to be printed when an invariant breaks. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/hash.h"

namespace simpul::sim {

class History {
 public:
  // `bytes`: what was carried, stored or said; hashed, not kept.
  void add(std::int64_t time_ms, std::string_view node, std::string_view kind,
           std::string_view words, BytesView bytes = {});

  std::uint64_t size() const { return size_; }
  // Of everything so far, in hex; does not change it.
  std::string digest() const;
  // The last entries that hold `word`, oldest first.
  std::vector<std::string> last(std::size_t count, std::string_view word = {}) const;
  // Prints every entry as it is added.
  void set_loud(bool loud) { loud_ = loud; }

 private:
  static constexpr std::size_t kKept = 20'000;
  Sha256 hash_;
  std::uint64_t size_ = 0;
  std::deque<std::string> kept_;
  bool loud_ = false;
};

// "day 3 14:05:09.120"
std::string clock_text(std::int64_t time_ms);

}  // namespace simpul::sim
