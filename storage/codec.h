// How values are written: integers as LEB128 varints, texts and byte strings with their length in
// front, optional values behind a byte of 0 or 1. Private to storage/*.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "protocol/event.h"
#include "protocol/ids.h"

namespace simpul {

class ValueWriter {
 public:
  ValueWriter& u8(std::uint8_t value);
  ValueWriter& number(std::uint64_t value);
  ValueWriter& flag(bool value) { return u8(value ? 1 : 0); }
  ValueWriter& raw(BytesView bytes);  // fixed length: no prefix
  ValueWriter& bytes(BytesView bytes);
  ValueWriter& text(std::string_view text) { return bytes(as_bytes(text)); }
  ValueWriter& digest(const Digest& digest) { return raw(digest.view()); }
  ValueWriter& member(const MemberId& member) { return text(member.text()); }
  ValueWriter& instant(Instant instant);
  ValueWriter& instant(const std::optional<Instant>& instant);
  ValueWriter& head(const HeadRef& head);

  BytesView view() const { return out_; }
  operator BytesView() const { return out_; }  // values are handed to tables
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

// Reads what ValueWriter wrote. After the first thing that cannot be, good() is false and all else
// comes out empty.
class ValueReader {
 public:
  explicit ValueReader(BytesView value) : rest_(value) {}

  std::uint8_t u8();
  std::uint64_t number();
  std::uint32_t number32();
  bool flag() { return u8() != 0; }
  // A number from 0 to that of `last`.
  template <class Enum>
  Enum choice(Enum last) {
    const std::uint8_t value = u8();
    if (value > static_cast<std::uint8_t>(last)) spoil();
    return good_ ? static_cast<Enum>(value) : Enum{};
  }
  BytesView raw(std::size_t count);
  Bytes bytes();
  std::string text();
  Digest digest();
  MemberId member();  // may be empty
  CaseId case_id();   // may be empty
  Instant instant();
  std::optional<Instant> optional_instant();
  HeadRef head();

  // All of it was read, and all of it made sense.
  bool good() const { return good_ && rest_.empty(); }
  bool good_so_far() const { return good_; }
  std::size_t left() const { return rest_.size(); }
  void spoil() { good_ = false, rest_ = {}; }

 private:
  BytesView rest_;
  bool good_ = true;
};

// The refusal of a value that does not decode: what of, and what to do.
Error damaged(std::string_view what);

}  // namespace simpul
