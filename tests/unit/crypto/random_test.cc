#include "crypto/random.h"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <set>

#include "crypto/encoding.h"

using namespace simpul;

namespace {

// Gives what it is told to, to steer below().
class Scripted final : public Random {
 public:
  explicit Scripted(std::vector<std::uint64_t> values) : values_(std::move(values)) {}
  void fill(std::span<std::uint8_t> out) override {
    const std::uint64_t value = values_.at(used++);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
  }
  std::size_t used = 0;

 private:
  std::vector<std::uint64_t> values_;
};

}  // namespace

TEST_CASE("a seeded random is the ChaCha20 stream of its seed", "[crypto][random]") {
  // The key stream of draft-agl-tls-chacha20poly1305 section 7: zero key, zero nonce.
  SeededRandom random(std::array<std::uint8_t, 32>{});
  CHECK(to_hex(random.bytes(64)) ==
        "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
        "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
}

TEST_CASE("a seeded random repeats for its seed and never for itself", "[crypto][random]") {
  SeededRandom one(7);
  SeededRandom same(7);
  SeededRandom other(8);
  std::set<Bytes> seen;
  for (std::size_t size = 16; size < 200; ++size) {
    const Bytes drawn = one.bytes(size);
    CHECK(drawn == same.bytes(size));
    CHECK(drawn != other.bytes(size));
    CHECK(seen.insert(Bytes(drawn.begin(), drawn.begin() + 16)).second);
  }
}

TEST_CASE("a seeded random overwrites what was in the buffer", "[crypto][random]") {
  SeededRandom one(7);
  SeededRandom same(7);
  Bytes filled(40, 0xaa);
  one.fill(filled);
  CHECK(filled == same.bytes(40));
  CHECK(one.bytes(0).empty());
}

TEST_CASE("next_u64 reads its bytes little-endian", "[crypto][random]") {
  Scripted random({0x0123456789abcdef});
  CHECK(random.next_u64() == 0x0123456789abcdef);
}

TEST_CASE("below draws again rather than favour small values", "[crypto][random]") {
  // 2^64 mod 10 is 6: 0 to 5 would come up once too often.
  Scripted random({0, 5, 6});
  CHECK(random.below(10) == 6);
  CHECK(random.used == 3);
  Scripted power({3});
  CHECK(power.below(16) == 3);
}

TEST_CASE("below stays below and reaches every value", "[crypto][random]") {
  SeededRandom random(1);
  std::array<int, 7> counts{};
  for (int i = 0; i < 7000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) CHECK(count > 800);
  CHECK(random.below(1) == 0);
  rc::prop("any bound", [](std::uint64_t seed, std::uint64_t bound) {
    RC_PRE(bound > 0);
    SeededRandom drawn(seed);
    RC_ASSERT(drawn.below(bound) < bound);
  });
}
