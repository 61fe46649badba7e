// How the preloaded library and the test that cuts the power talk: data.mdb.undo is a sequence of
// records, oldest first, each a head in the machine's own order followed by `held` bytes.
#pragma once

#include <cstddef>
#include <cstdint>

inline constexpr std::uint64_t kUndoMagic = 0x6f646e752d786d73;
inline constexpr std::size_t kUndoPage = 4096;  // a record never crosses a page

struct UndoRecord {
  std::uint64_t magic;
  std::uint64_t offset;     // of the write
  std::uint64_t size;       // of the write
  std::uint64_t held;       // bytes that were there before, fewer than size at the file's end
  std::uint64_t file_size;  // before the write
};
