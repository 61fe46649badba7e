// This folder's door to Cap'n Proto: reading messages from strangers and writing our own.
// Included by protocol/*.cc only.
#pragma once

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/result.h"

namespace simpul {

inline constexpr std::size_t kWordSize = sizeof(capnp::word);
inline constexpr std::size_t kSegmentTableSize = 8;  // of a message with one segment
inline constexpr int kNestingMax = 12;               // pointers deep; ours need 5

// Error::kMalformed unless `message` is one segment, whole, with nothing behind it.
Result<void> check_single_segment(BytesView message);

// The words of a message wherever its bytes lie: themselves if aligned, else a copy.
class AlignedWords {
 public:
  explicit AlignedWords(BytesView message);
  AlignedWords(const AlignedWords&) = delete;
  AlignedWords& operator=(const AlignedWords&) = delete;
  kj::ArrayPtr<const capnp::word> words() const { return words_; }

 private:
  static constexpr std::size_t kSmall = 512;
  alignas(kWordSize) std::array<std::uint8_t, kSmall * kWordSize> small_;  // left unset
  std::unique_ptr<std::uint64_t[]> large_;
  kj::ArrayPtr<const capnp::word> words_;
};

// Calls `read` (returning a Result) with the root of `message`, with the work that it may cause
// bounded by the message's own size. Error::kMalformed for whatever is no such message.
template <class Root, class Read>
auto read_message(BytesView message, Read&& read)
    -> decltype(read(std::declval<typename Root::Reader>())) {
  SIMPUL_TRY_VOID(check_single_segment(message));
  const AlignedWords aligned(message);
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 2 * aligned.words().size();  // envelopes are read twice
  options.nestingLimit = kNestingMax;
  try {
    capnp::FlatArrayMessageReader reader(aligned.words(), options);
    return read(reader.getRoot<Root>());
  } catch (const kj::Exception&) {
    return fail(ErrorCode::kMalformed, "a pointer in the message leads outside its limits");
  }
}

// `builder` as one segment behind `prefix`. Error::kTooLarge if it has grown a second one.
Result<Bytes> write_message(BytesView prefix, capnp::MessageBuilder& builder);

inline std::string_view view_of(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}
inline BytesView view_of(capnp::Data::Reader data) {
  return {data.begin(), data.size()};
}
// Whole, also where it holds a zero byte.
inline capnp::Text::Reader text_of(const std::string& text) {
  return {text.c_str(), text.size()};
}
inline capnp::Data::Reader data_of(BytesView bytes) {
  return {bytes.data(), bytes.size()};
}

// 32 bytes from and to the four little-endian words that wire structs hold them in.
template <class Reader>
std::array<std::uint8_t, 32> words_of(const Reader& from) {
  const std::array<std::uint64_t, 4> words{from.getW0(), from.getW1(), from.getW2(), from.getW3()};
  std::array<std::uint8_t, 32> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 8] >> (8 * (i % 8)));
  }
  return bytes;
}

template <class Builder>
void set_words(Builder to, const std::array<std::uint8_t, 32>& bytes) {
  std::array<std::uint64_t, 4> words{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    words[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
  }
  to.setW0(words[0]);
  to.setW1(words[1]);
  to.setW2(words[2]);
  to.setW3(words[3]);
}

}  // namespace simpul
