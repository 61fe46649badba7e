#include "node/input_queue.h"

#include <catch2/catch.hpp>

namespace simpul {
namespace {

constexpr Duration kNoWait{0};

FrameIn frame(std::size_t bytes) {
  return {.link = 1, .bytes = Bytes(bytes)};
}

CommandInput command(std::uint64_t id) {
  return {.id = id, .name = "status", .arguments = Json::object()};
}

TEST_CASE("inputs come out in order, in batches of bounded number and bytes", "[input-queue]") {
  InputQueue queue({.batch_inputs_max = 3, .batch_bytes_max = 100});
  for (const std::size_t bytes : {10u, 20u, 30u, 60u, 60u, 500u}) queue.push(frame(bytes));
  CHECK(queue.take(kNoWait).inputs.size() == 3);
  CHECK(queue.take(kNoWait).inputs.size() == 1);
  CHECK(queue.take(kNoWait).inputs.size() == 1);
  const auto last = queue.take(kNoWait).inputs;
  REQUIRE(last.size() == 1);
  CHECK(std::get<FrameIn>(last[0]).bytes.size() == 500);
  CHECK(queue.take(kNoWait).inputs.empty());
}

TEST_CASE("a full queue says enough until half of it is taken", "[input-queue]") {
  InputQueue queue({.inputs_max = 4, .batch_inputs_max = 1});
  CHECK(queue.push(frame(1)));
  CHECK(queue.push(frame(1)));
  CHECK(queue.push(frame(1)));
  CHECK_FALSE(queue.push(frame(1)));
  CHECK_FALSE(queue.push(LinkDown{.link = 1, .reason = "ended"}));  // taken all the same
  CHECK(queue.size() == 5);
  CHECK_FALSE(queue.take(kNoWait).resume);
  CHECK_FALSE(queue.take(kNoWait).resume);
  CHECK(queue.take(kNoWait).resume);
  CHECK_FALSE(queue.take(kNoWait).resume);
}

TEST_CASE("bytes fill the queue as numbers do", "[input-queue]") {
  InputQueue queue({.bytes_max = 1000});
  CHECK(queue.push(frame(999)));
  CHECK_FALSE(queue.push(frame(1)));
  CHECK(queue.take(kNoWait).resume);
}

TEST_CASE("too many commands are refused and frames are not", "[input-queue]") {
  InputQueue queue({.commands_max = 2});
  CHECK(queue.push(command(1), 10));
  CHECK(queue.push(command(2), 10));
  const auto refused = queue.push(command(3), 10);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  CHECK(queue.push(frame(1)));
  queue.take(kNoWait);
  CHECK(queue.push(command(4), 10));
}

TEST_CASE("a closed queue hands out what it has and then says so", "[input-queue]") {
  InputQueue queue;
  REQUIRE(queue.push(command(1), 10));
  queue.close();
  CHECK_FALSE(queue.push(command(2), 10));
  const auto first = queue.take(kNoWait);
  CHECK(first.inputs.size() == 1);
  CHECK_FALSE(first.closing);
  CHECK(queue.take(std::chrono::hours{1}).closing);
}

}  // namespace
}  // namespace simpul
