#include "node/clock.h"

#include <catch2/catch.hpp>

#include "node/clock_leap.h"

namespace simpul {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Instant kStart{hours{480'000}};

TEST_CASE("time follows the system clock while it runs evenly", "[clock]") {
  SteadiedClock clock;
  CHECK(clock.advance(kStart, seconds{1}) == kStart);
  CHECK(clock.advance(kStart + seconds{5}, seconds{6}) == kStart + seconds{5});
  CHECK_FALSE(clock.take_jump());
}

TEST_CASE("a clock set forward is followed at once and reported once", "[clock]") {
  SteadiedClock clock;
  clock.advance(kStart, seconds{0});
  CHECK(clock.advance(kStart + hours{1}, seconds{1}) == kStart + hours{1});
  CHECK(clock.take_jump() == Duration{hours{1} - seconds{1}});
  CHECK_FALSE(clock.take_jump());
}

TEST_CASE("a clock set back never takes time back, and time still passes", "[clock]") {
  SteadiedClock clock;
  clock.advance(kStart, seconds{0});
  const Instant set_back = kStart - minutes{10};
  CHECK(clock.advance(set_back, seconds{0}) == kStart);
  CHECK(clock.take_jump() == Duration{-minutes{10}});
  CHECK(clock.advance(set_back + minutes{2}, minutes{2}) == kStart + minutes{1});
  CHECK(clock.advance(set_back + minutes{30}, minutes{30}) == set_back + minutes{30});
  CHECK_FALSE(clock.take_jump());
}

TEST_CASE("a clock that was years ahead is not waited for at half speed", "[clock]") {
  SteadiedClock clock;
  clock.advance(kStart + hours{24 * 365}, seconds{0});
  clock.advance(kStart, seconds{0});
  CHECK(is_set_back_too_far(*clock.take_jump()));
  clock.advance(kStart - kClockSetBackMax, seconds{0});
  CHECK_FALSE(is_set_back_too_far(*clock.take_jump()));
  clock.advance(kStart + hours{24 * 365}, seconds{0});
  CHECK_FALSE(is_set_back_too_far(*clock.take_jump()));
}

}  // namespace
}  // namespace simpul
