#include "protocol/capnp_message.h"

namespace simpul {
namespace {

std::uint32_t load_u32(BytesView bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
         static_cast<std::uint32_t>(bytes[at + 2]) << 16 |
         static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

void store_u32(Bytes& to, std::size_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

Result<void> check_single_segment(BytesView message) {
  if (message.size() < kSegmentTableSize + kWordSize || message.size() % kWordSize != 0) {
    return fail(ErrorCode::kMalformed, "a message is a segment table and at least one word");
  }
  if (load_u32(message, 0) != 0) {
    return fail(ErrorCode::kMalformed, "a message has exactly one segment");
  }
  if (load_u32(message, 4) != message.size() / kWordSize - 1) {
    return fail(ErrorCode::kMalformed, "a message ends where its segment ends");
  }
  return {};
}

AlignedWords::AlignedWords(BytesView message) {
  const void* start = message.data();
  if (reinterpret_cast<std::uintptr_t>(start) % kWordSize != 0) {
    void* copy = small_.data();
    if (message.size() > small_.size()) {
      large_ = std::make_unique_for_overwrite<std::uint64_t[]>(message.size() / kWordSize);
      copy = large_.get();
    }
    std::memcpy(copy, start, message.size());
    start = copy;
  }
  words_ = kj::arrayPtr(static_cast<const capnp::word*>(start), message.size() / kWordSize);
}

Result<Bytes> write_message(BytesView prefix, capnp::MessageBuilder& builder) {
  const auto segments = builder.getSegmentsForOutput();
  if (segments.size() != 1) {
    return fail(ErrorCode::kTooLarge, "the message does not fit one segment of its size limit");
  }
  const auto segment = segments[0].asBytes();
  Bytes out;
  out.reserve(prefix.size() + kSegmentTableSize + segment.size());
  append(out, prefix);
  store_u32(out, 0);
  store_u32(out, segments[0].size());
  append(out, {segment.begin(), segment.size()});
  return out;
}

}  // namespace simpul
