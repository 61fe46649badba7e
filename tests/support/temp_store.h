// A store in a directory of its own, unsynced, and names for tests to fill it with.
#pragma once

#include <string>
#include <string_view>

#include "storage/store.h"
#include "tests/support/temp_directory.h"

namespace simpul::test {

inline Environment::Options small_options() {
  return {.map_size_bytes = 1ull << 30, .readers_max = 126, .sync = false};
}

template <class T>
T must(Result<T> result) {
  if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
  SIMPUL_CHECK(result.has_value());
  return *std::move(result);
}

inline MemberId member(std::string_view text) {
  return must(MemberId::parse(text));
}
inline JournalId journal(std::string_view text) {
  return must(JournalId::parse(text));
}
inline Instant at(std::int64_t milliseconds) {
  return Instant(Duration(milliseconds));
}

struct TempStore {
  TempDirectory directory;
  Store store = must(Store::open(directory / "db", small_options()));
};

}  // namespace simpul::test
