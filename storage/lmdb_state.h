// What an Environment is inside. Private to environment.cc, transaction.cc and table.cc: the one
// door through which LMDB's header comes in.
#pragma once

#include <lmdb.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <utility>

#include "storage/environment.h"
#include "storage/table.h"

namespace simpul {

struct Environment::State {
  std::string directory;
  Options options;
  MDB_env* env = nullptr;
  std::array<MDB_dbi, kTreeCount> trees{};
  std::pair<std::uint64_t, std::uint64_t> identity{};  // device and inode of the directory
  bool registered = false;
  std::mutex mutex;         // over counting and map growth
  unsigned open_count = 0;  // transactions, under the mutex
  std::atomic<bool> writing = false;
};

inline MDB_val as_val(BytesView bytes) {
  return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}
inline BytesView as_view(const MDB_val& value) {
  return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

// What an LMDB or system error means for whoever runs the node, and what to do.
Error storage_error(const std::string& directory, int code, const char* what);

}  // namespace simpul
