#include "protocol/stream.h"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "protocol/backoff.h"
#include "protocol/token_bucket.h"

namespace simpul {

namespace {

const StreamId kMailbox{.is_mailbox = true, .journal = {}, .mailbox_generation = 3};

}  // namespace

TEST_CASE("a stream sends what follows its cursor, within credit", "[stream]") {
  OutStream stream(kMailbox, 10);
  CHECK_FALSE(stream.next(20));
  stream.grant(100);
  CHECK(stream.next(20) == CursorSpan{10, 20});
  CHECK_FALSE(stream.next(10));
  CHECK(stream.send({11, 12}, 10).error().code == ErrorCode::kConflict);
  CHECK(stream.send({10, 20}, 101).error().code == ErrorCode::kUnavailable);
  REQUIRE(stream.send({10, 20}, 100));
  CHECK(stream.sent() == 20);
  CHECK_FALSE(stream.next(30));
}

TEST_CASE("an ack ahead of what was sent is an error, one behind is ignored", "[stream]") {
  OutStream stream(kMailbox, 10);
  stream.grant(100);
  REQUIRE(stream.send({10, 20}, 50));
  CHECK(stream.acknowledge(15).value());
  CHECK_FALSE(stream.acknowledge(12).value());
  CHECK(stream.acked() == 15);
  CHECK(stream.acknowledge(21).error().code == ErrorCode::kConflict);
  CHECK(stream.acked() == 15);
}

TEST_CASE("after a restart an ack of earlier sending moves the stream on", "[stream]") {
  OutStream stream(kMailbox, 0);
  stream.grant(100);
  REQUIRE(stream.send({0, 20}, 50));
  stream.restart(kMailbox, 5);
  CHECK(stream.acknowledge(20).value());
  CHECK(stream.sent() == 20);
  CHECK(stream.acknowledge(21).error().code == ErrorCode::kConflict);
}

TEST_CASE("cursors never go back and credit is never exceeded, whatever happens",
          "[stream][property]") {
  rc::prop("of a sender and its receiver", [] {
    const std::uint64_t window = 1000;
    OutStream out(kMailbox, 0);
    InStream in(window);
    out.grant(in.subscribe(0));
    std::uint64_t granted = out.credit();
    std::uint64_t spent = 0;
    for (int step = 0; step < 60; ++step) {
      const auto acked = out.acked();
      const auto sent = out.sent();
      if (*rc::gen::arbitrary<bool>()) {
        const auto bytes = *rc::gen::inRange<std::uint64_t>(1, 400);
        const CursorSpan span{sent, sent + *rc::gen::inRange<std::uint64_t>(0, 5)};
        if (out.send(span, bytes)) {
          spent += bytes;
          RC_ASSERT(in.receive(span.to, bytes));
        } else {
          RC_ASSERT(bytes > out.credit());
        }
      } else {
        const auto cursor = *rc::gen::inRange<std::uint64_t>(0, sent + 3);
        if (cursor > sent) {
          RC_ASSERT_FALSE(out.acknowledge(cursor));
        } else {
          const auto credit = in.acknowledge(cursor);
          granted += credit;
          out.grant(credit);
          RC_ASSERT(out.acknowledge(cursor));
        }
      }
      RC_ASSERT(out.acked() >= acked);
      RC_ASSERT(out.sent() >= sent);
      RC_ASSERT(out.acked() <= out.sent());
      RC_ASSERT(spent <= granted);
      RC_ASSERT(out.credit() == in.granted());
      RC_ASSERT(in.granted() + in.waiting() == window);
    }
  });
}

TEST_CASE("a receiver refuses what it never granted", "[stream]") {
  InStream in(100);
  CHECK(in.receive(1, 1).error().code == ErrorCode::kTooLarge);
  CHECK(in.subscribe(0) == 100);
  REQUIRE(in.receive(1, 60));
  CHECK(in.receive(2, 41).error().code == ErrorCode::kTooLarge);
  CHECK(in.acknowledge(1) == 60);
  CHECK(in.receive(2, 100));
}

TEST_CASE("a grant is cut to what a sender keeps", "[stream]") {
  OutStream out(kMailbox, 0);
  out.grant(~std::uint64_t{0});
  out.grant(~std::uint64_t{0});
  CHECK(out.credit() == kCreditBytesMax);
}

TEST_CASE("a token bucket allows its burst, then its rate, and nothing for a clock set back",
          "[limits]") {
  TokenBucket bucket({.burst = 2, .per_second = 1});
  const Instant start{std::chrono::seconds{1000}};
  CHECK(bucket.take(start));
  CHECK(bucket.take(start));
  CHECK_FALSE(bucket.take(start));
  CHECK_FALSE(bucket.take(start - std::chrono::hours{1}));
  CHECK(bucket.take(start + std::chrono::seconds{1}));
}

TEST_CASE("reconnect delays stay below a ceiling that doubles up to a minute", "[backoff]") {
  SeededRandom random(7);
  Backoff backoff;
  Duration ceiling{500};
  Duration longest{0};
  for (int i = 0; i < 200; ++i) {
    const Duration delay = backoff.next(random);
    CHECK(delay >= Duration{0});
    CHECK(delay <= ceiling);
    longest = std::max(longest, delay);
    ceiling = std::min(Duration{60'000}, 2 * ceiling);
  }
  CHECK(longest > Duration{50'000});
  backoff.reset();
  CHECK(backoff.next(random) <= Duration{500});
}

}  // namespace simpul
