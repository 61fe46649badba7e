// Events from strangers: whatever the bytes, decoding answers.
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "protocol/event.h"
#include "tests/unit/protocol/random_event.h"

using namespace simpul;

namespace {

// Offsets in the bytes of an event (SPEC section "Events").
constexpr std::size_t kTable = kEventSaltSize;
constexpr std::size_t kRoot = kTable + 8;
constexpr std::size_t kKind = kRoot + 8 + 2;
constexpr std::size_t kPointers = kRoot + 8 + 40;  // after the data words
constexpr std::size_t kAfter = kPointers + 8 * 5;
constexpr std::size_t kBody = kPointers + 8 * 7;

Bytes encoded(std::uint64_t seed) {
  RandomEvents events(seed);
  return encode_event(events.next(), events.random()).value();
}

// Decoding must answer, and the envelope's checks are a subset of the event's.
void check_answers(BytesView bytes) {
  const auto envelope = decode_envelope(bytes);
  const auto event = decode_event(bytes);
  if (event && !envelope) FAIL("an event was read whose envelope was refused");
}

}  // namespace

TEST_CASE("any flipped byte or cut of an event is answered", "[event]") {
  rc::check("flips and cuts", [](std::uint64_t seed, std::uint8_t flip) {
    Bytes bytes = encoded(seed);
    for (std::size_t at = 0; at < bytes.size(); at += 1 + at / 64) {
      bytes[at] ^= static_cast<std::uint8_t>(flip | 1);
      check_answers(bytes);
      bytes[at] ^= static_cast<std::uint8_t>(flip | 1);
      RC_ASSERT_FALSE(decode_event(BytesView(bytes).first(at)).has_value());
    }
  });
}

TEST_CASE("a flipped pointer anywhere in an event is answered", "[event]") {
  rc::check("several flips in the pointer section", [](std::uint64_t seed) {
    Bytes bytes = encoded(seed);
    SeededRandom random(seed);
    for (int i = 0; i < 200; ++i) {
      Bytes damaged = bytes;
      for (std::uint64_t n = 1 + random.below(4); n > 0; --n) {
        const std::size_t at = kPointers + random.below(64);
        damaged[at] = static_cast<std::uint8_t>(random.next_u64());
      }
      check_answers(damaged);
    }
  });
}

TEST_CASE("noise is answered", "[event]") {
  rc::check("bytes", [](const Bytes& bytes) {
    check_answers(bytes);
    Bytes framed(kTable, 0);
    const std::size_t words = bytes.size() / 8;
    framed.insert(framed.end(), {0, 0, 0, 0, static_cast<std::uint8_t>(words), 0, 0, 0});
    framed.insert(framed.end(), bytes.begin(), bytes.begin() + static_cast<long>(8 * words));
    check_answers(framed);
  });
}

TEST_CASE("an event is read at any alignment", "[event]") {
  RandomEvents events(21);
  const Event event = events.next(1);
  const Bytes bytes = encode_event(event, events.random()).value();
  for (std::size_t shift = 0; shift < 16; ++shift) {
    Bytes shifted(shift, 0xee);
    append(shifted, bytes);
    REQUIRE(decode_event(BytesView(shifted).subspan(shift)) == event);
    REQUIRE(decode_envelope(BytesView(shifted).subspan(shift))->case_id == event.case_id);
  }
}

TEST_CASE("trailing words and further segments are refused", "[event]") {
  Bytes bytes = encoded(22);
  REQUIRE(decode_event(bytes));

  Bytes trailing = bytes;
  trailing.resize(bytes.size() + 8);
  CHECK_FALSE(decode_event(trailing));
  CHECK_FALSE(decode_envelope(trailing));

  Bytes byte_more = bytes;
  byte_more.push_back(0);
  CHECK_FALSE(decode_event(byte_more));

  // The same message with an empty second segment, as Cap'n Proto itself would accept.
  Bytes two(bytes.begin(), bytes.begin() + kTable);
  append(two, Bytes{1, 0, 0, 0});
  append(two, BytesView(bytes).subspan(kTable + 4, 4));
  append(two, Bytes(8, 0));
  append(two, BytesView(bytes).subspan(kRoot));
  CHECK_FALSE(decode_event(two));
  CHECK_FALSE(decode_envelope(two));
}

TEST_CASE("an event past the size limit is refused unread", "[event]") {
  const Bytes large(kEventSizeMax + 1, 0);
  CHECK(decode_event(large).error().code == ErrorCode::kTooLarge);
  CHECK(decode_envelope(large).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("a list that claims more than the message holds is refused", "[event]") {
  RandomEvents events(23);
  Event event = events.next(2);
  event.after = {events.digest()};
  Bytes bytes = encode_event(event, events.random()).value();
  // A list pointer's upper half is its element size (3 bits) and count: claim 2^28 words.
  for (const std::size_t at : {kAfter + 4, kAfter + 5, kAfter + 6, kAfter + 7}) bytes[at] |= 0xf0;
  CHECK_FALSE(decode_event(bytes));

  // A million elements of no size: a short list on the wire, a long loop for the careless.
  bytes = encode_event(event, events.random()).value();
  const std::uint32_t many = (1u << 20) << 3;
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[kAfter + 4 + i] = static_cast<std::uint8_t>(many >> (8 * i));
  }
  CHECK_FALSE(decode_event(bytes));
}

TEST_CASE("a body that points back at the event is refused or read, never followed", "[event]") {
  RandomEvents events(24);
  Bytes bytes = encode_event(events.next(14), events.random()).value();
  // A struct pointer with a negative offset: the body is the event itself.
  const std::int32_t back = -static_cast<std::int32_t>((kBody - kRoot) / 8);
  const std::uint32_t pointer = static_cast<std::uint32_t>(back) << 2;
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[kBody + i] = static_cast<std::uint8_t>(pointer >> (8 * i));
  }
  check_answers(bytes);
}

TEST_CASE("a known kind without its body is refused", "[event]") {
  RandomEvents events(25);
  for (std::uint64_t place = 1; place <= RandomEvents::kKinds; ++place) {
    Bytes bytes = encode_event(events.next(place), events.random()).value();
    for (std::size_t i = 0; i < 8; ++i) bytes[kBody + i] = 0;
    CHECK_FALSE(decode_event(bytes));
    CHECK(decode_envelope(bytes));
  }
}

TEST_CASE("an unknown kind is read with its author's flag and its bytes stay", "[event]") {
  RandomEvents events(26);
  for (const bool state_changing : {true, false}) {
    const Event known = events.next(state_changing ? 3 : 20);
    for (const unsigned kind : {15u, 99u, 65535u}) {
      Bytes bytes = encode_event(known, events.random()).value();
      bytes[kKind] = static_cast<std::uint8_t>(kind);
      bytes[kKind + 1] = static_cast<std::uint8_t>(kind >> 8);
      const auto event = decode_event(bytes);
      REQUIRE(event);
      CHECK(event->kind == static_cast<EventKind>(kind));
      CHECK(event->state_changing == state_changing);
      CHECK(std::holds_alternative<UnknownBody>(event->body));
      CHECK(event->enclosures == known.enclosures);
      CHECK(event->epoch == known.epoch);
      CHECK(decode_envelope(bytes)->kind == event->kind);
    }
  }
}

TEST_CASE("no event has kind zero", "[event]") {
  Bytes bytes = encoded(27);
  bytes[kKind] = bytes[kKind + 1] = 0;
  CHECK_FALSE(decode_event(bytes));
  CHECK_FALSE(decode_envelope(bytes));
}
