// Keys whose byte order is the order of what they are made of: integers big-endian and of fixed
// width, texts ended by a zero byte (so they must hold none), raw bytes of fixed length as they
// are. Building past kKeySizeMax is a bug and ends the process. Values are written with codec.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/result.h"
#include "storage/table.h"

namespace simpul {

class Key {
 public:
  Key() = default;

  Key& u8(std::uint8_t value);
  Key& u32(std::uint32_t value);
  Key& u64(std::uint64_t value);
  Key& text(std::string_view text);  // with its end
  Key& raw(BytesView bytes);
  Key& digest(const Digest& digest) { return raw(digest.view()); }

  BytesView view() const { return {bytes_, size_}; }
  operator BytesView() const { return view(); }  // keys are handed to tables

 private:
  std::uint8_t bytes_[kKeySizeMax];
  std::size_t size_ = 0;
};

// Of a table whose entries are numbered one after another.
inline Key sequence_key(std::uint64_t number) {
  Key key;
  key.u64(number);
  return key;
}

// Takes a key apart again, front to back. A key that is too short gives zeros and good() false.
class KeyReader {
 public:
  explicit KeyReader(BytesView key) : rest_(key) {}

  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u64();
  std::string_view text();
  Digest digest();
  bool good() const { return good_; }

 private:
  BytesView take(std::size_t count);
  BytesView rest_;
  bool good_ = true;
};

}  // namespace simpul
