#include "protocol/frame.h"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <fstream>

#include "crypto/encoding.h"
#include "frame_samples.h"

// Frames are named here by the fields that matter.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace simpul {
namespace {

using namespace simpul::testing;

Bytes encoded(const Frame& frame) {
  return encode_frame(frame).value();
}

ErrorCode refusal(BytesView bytes) {
  const auto frame = decode_frame(bytes);
  REQUIRE_FALSE(frame);
  return frame.error().code;
}

ErrorCode refusal(const Frame& frame) {
  return refusal(encoded(frame));
}

std::string vector_text(const std::string& name) {
  std::ifstream file(std::string(SIMPUL_SOURCE_DIR) + "/tests/vectors/" + name);
  std::string text;
  std::getline(file, text);
  return text;
}

// A message of one segment with these words behind the header.
Bytes raw_frame(const std::vector<std::uint64_t>& words) {
  Bytes out(8 + words.size() * 8);
  const std::uint32_t header[2] = {0, static_cast<std::uint32_t>(words.size())};
  std::memcpy(out.data(), header, 8);
  if (!words.empty()) std::memcpy(out.data() + 8, words.data(), words.size() * 8);
  return out;
}

}  // namespace

TEST_CASE("every kind of frame reads back as it was written", "[frame][property]") {
  for (std::size_t kind = 0; kind < std::variant_size_v<Frame>; ++kind) {
    rc::prop("kind " + std::to_string(kind), [kind] {
      const Frame frame = *any_frame_of(kind);
      RC_ASSERT(frame.index() == kind);
      const Bytes bytes = encoded(frame);
      RC_ASSERT(bytes.size() <= encoded_size_max(frame));
      const auto back = decode_frame(bytes);
      if (!back) RC_FAIL(back.error().message);
      RC_ASSERT(*back == frame);
    });
  }
}

TEST_CASE("a frame reads the same at any alignment", "[frame]") {
  const Bytes bytes = encoded(sample_records());
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes moved(shift);
    append(moved, bytes);
    CHECK(decode_frame(BytesView(moved).subspan(shift)).value() == Frame{sample_records()});
  }
}

TEST_CASE("golden bytes of a hello and of journal records stay what they are", "[frame]") {
  CHECK(to_hex(encoded(sample_hello())) == vector_text("frame-hello.hex"));
  CHECK(to_hex(encoded(sample_records())) == vector_text("frame-journal-records.hex"));
}

TEST_CASE("golden bytes of a ping, and of one by a program that stated no time", "[frame]") {
  const Instant time{std::chrono::sys_days{std::chrono::January / 1 / 2026}};
  const Ping ping{.nonce = 7, .is_pong = true, .time = time};
  CHECK(to_hex(encoded(ping)) == vector_text("frame-ping.hex"));
  const auto earlier = from_hex(vector_text("frame-ping-without-time.hex"));
  CHECK(decode_frame(*earlier).value() == Frame{Ping{.nonce = 7, .is_pong = true}});
}

TEST_CASE("every truncation of a frame is refused", "[frame]") {
  const Bytes bytes = encoded(sample_records());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(refusal(BytesView(bytes).first(size)) == ErrorCode::kMalformed);
  }
}

TEST_CASE("trailing words and bytes are refused", "[frame]") {
  for (const std::size_t more : {1u, 7u, 8u, 800u}) {
    Bytes bytes = encoded(Ping{.nonce = 1});
    bytes.resize(bytes.size() + more);
    CHECK(refusal(bytes) == ErrorCode::kMalformed);
  }
}

TEST_CASE("a message of two segments is refused", "[frame]") {
  const Bytes one = encoded(Ping{.nonce = 1});
  const auto words = static_cast<std::uint32_t>(one.size() / 8 - 1);
  Bytes two(16);
  const std::uint32_t header[4] = {1, words, 1, 0};
  std::memcpy(two.data(), header, 16);
  append(two, BytesView(one).subspan(8));
  two.resize(two.size() + 8);
  CHECK(refusal(two) == ErrorCode::kMalformed);
}

TEST_CASE("a frame past the size limit is neither read nor written", "[frame]") {
  CHECK(refusal(Bytes(kFrameSizeMax + 8)) == ErrorCode::kTooLarge);
  const auto written = encode_frame(ForkNotice{Bytes(kFrameSizeMax)});
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::kTooLarge);
}

TEST_CASE("a packed message is never unpacked", "[frame]") {
  // 0xff, then zero words by the run: 2 KiB of it would unpack to 256 KiB per KiB.
  Bytes bomb;
  while (bomb.size() < 2048) append(bomb, to_bytes(std::string_view("\x00\xff", 2)));
  CHECK(refusal(bomb) == ErrorCode::kMalformed);
}

TEST_CASE("flipped bits yield a frame or a refusal, never a crash or a larger frame",
          "[frame][property]") {
  rc::prop("of any frame", [] {
    Bytes bytes = encoded(*any_frame());
    const std::size_t size = bytes.size();
    for (int flips = *rc::gen::inRange(1, 5); flips > 0; --flips) {
      bytes[*rc::gen::inRange<std::size_t>(0, size)] ^=
          static_cast<std::uint8_t>(1u << *rc::gen::inRange(0, 8));
    }
    const auto frame = decode_frame(bytes);
    if (frame) RC_ASSERT(encoded_size_max(*frame) <= size + 512);
  });
}

TEST_CASE("arbitrary words yield a frame or a refusal", "[frame][property]") {
  rc::prop("of any words", [](const std::vector<std::uint64_t>& words) {
    const Bytes bytes = raw_frame(words);
    const auto frame = decode_frame(bytes);
    if (frame) RC_ASSERT(encode_frame(*frame));
  });
}

TEST_CASE("lists whose elements share their bytes do not amplify a frame", "[frame]") {
  // Journal records whose event pointers all name the same 4,000 bytes.
  JournalRecords records = sample_records();
  records.events.assign(1000, Bytes(17, 1));
  records.events.push_back(Bytes(4000, 2));
  Bytes bytes = encoded(records);
  REQUIRE(decode_frame(bytes));
  std::vector<std::uint64_t> words(bytes.size() / 8);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  // A data pointer: kind 1, byte elements (2), count 4000 in the upper half.
  const std::uint64_t upper = (4000ull << 3 | 2) << 32;
  std::size_t at = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if ((words[i] >> 32 << 32) == upper && (words[i] & 3) == 1) at = i;
  }
  REQUIRE(at > 1000);
  for (std::size_t i = 1; i <= 1000; ++i) words[at - i] = words[at] + (i << 2);
  std::memcpy(bytes.data(), words.data(), bytes.size());
  CHECK(refusal(bytes) == ErrorCode::kMalformed);
}

TEST_CASE("an unknown kind of frame is refused", "[frame]") {
  Bytes bytes = encoded(RosterRequest{0});
  REQUIRE(decode_frame(bytes));
  const auto at = std::find(bytes.begin() + 16, bytes.end(), 9);  // the union's discriminant
  REQUIRE(at != bytes.end());
  *at = 200;
  CHECK(refusal(bytes) == ErrorCode::kMalformed);
}

TEST_CASE("counts past their limits are refused", "[frame]") {
  JournalRecords records = sample_records();
  records.events.assign(kRecordsPerFrameMax + 1, Bytes(17, 1));
  CHECK(refusal(records) == ErrorCode::kTooLarge);

  MailboxRecords mailbox;
  mailbox.groups.assign(kGroupsPerFrameMax + 1, ProvedGroup{.journal = {sample_member("51"), 1}});
  CHECK(refusal(mailbox) == ErrorCode::kTooLarge);

  // Each group within the limit, all together past it.
  ProvedGroup group{.journal = {sample_member("51"), 1}};
  group.events.assign(kRecordsPerFrameMax / 2 + 1, SparseEvent{1, Bytes(17, 1)});
  mailbox.groups.assign(2, group);
  CHECK(refusal(mailbox) == ErrorCode::kTooLarge);
  group.events.clear();
  group.nodes.assign(kNodesPerFrameMax / 2 + 1, TreeNode{});
  mailbox.groups.assign(2, group);
  CHECK(refusal(mailbox) == ErrorCode::kTooLarge);

  CHECK(refusal(EnclosureRequest{{}, 0, kChunksPerRequestMax + 1}) == ErrorCode::kTooLarge);
  CHECK(refusal(EnclosureRequest{{}, 0, 0}) == ErrorCode::kMalformed);
  CHECK(refusal(Enrol{Bytes(kEnrolmentSizeMax + 1)}) == ErrorCode::kTooLarge);
  CHECK(refusal(Bye{ByeCode::kIdle, std::string(kReasonSizeMax + 1, 'a')}) == ErrorCode::kTooLarge);
}

TEST_CASE("events are longer than their salt and no longer than an event may be", "[frame]") {
  JournalRecords records = sample_records();
  records.events = {Bytes(kEventSizeMax, 1)};
  CHECK(decode_frame(encoded(records)));
  records.events = {Bytes(kEventSizeMax + 1, 1)};
  CHECK(refusal(records) == ErrorCode::kTooLarge);
  records.events = {Bytes(kEventSaltSize, 1)};
  CHECK(refusal(records) == ErrorCode::kMalformed);
  records.events = {Bytes{}};
  CHECK(refusal(records) == ErrorCode::kMalformed);
}

TEST_CASE("texts that are not UTF-8 or hold control characters are refused", "[frame]") {
  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x80",
                           "\x80", "\x1b[2J", "a\nb", "\x7f"}) {
    CHECK(refusal(Bye{ByeCode::kIdle, text}) == ErrorCode::kMalformed);
  }
  for (const char* text : {"", "Diterima \u2014 selesai", "\U0010ffff", "\u0800"}) {
    CHECK(decode_frame(encoded(Bye{ByeCode::kIdle, text})));
  }
}

TEST_CASE("frames that name no member, journal or case are refused", "[frame]") {
  Hello hello = sample_hello();
  hello.member = {};
  CHECK(refusal(hello) == ErrorCode::kMalformed);
  CHECK(refusal(Subscribe{.stream = {.is_mailbox = false, .journal = {sample_member("51"), 0}}}) ==
        ErrorCode::kMalformed);
  CHECK(refusal(CaseRequest{}) == ErrorCode::kMalformed);
  const JournalId journal{sample_member("51"), 1};
  CHECK(refusal(ConsistencyRequest{journal, 0, 2}) == ErrorCode::kMalformed);
  CHECK(refusal(ConsistencyRequest{journal, 2, 2}) == ErrorCode::kMalformed);
}

TEST_CASE("records never run past the last index, nor a mailbox backwards", "[frame]") {
  JournalRecords records = sample_records();
  records.first = ~std::uint64_t{0};
  CHECK(refusal(records) == ErrorCode::kMalformed);
  CHECK(refusal(MailboxRecords{.first = 5, .last = 4}) == ErrorCode::kMalformed);
}

TEST_CASE("an absent chunk has no content, a withdrawn packet no key", "[frame]") {
  CHECK(refusal(EnclosureChunk{.absent = true, .bytes = Bytes(1)}) == ErrorCode::kMalformed);
  KeyPacket packet{
      .case_id = sample_case(), .from = sample_member("51"), .to = sample_member("51.03")};
  packet.sealed = Bytes(80, 1);
  CHECK(decode_frame(encoded(MailboxRecords{.packets = {packet}})));
  packet.withdrawn = true;
  CHECK(refusal(MailboxRecords{.packets = {packet}}) == ErrorCode::kMalformed);
}

}  // namespace simpul
