#include "tests/support/power_cut.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "crypto/result.h"
#include "node/descriptor.h"
#include "tests/support/lose_unsynced/undo_record.h"

namespace simpul {
namespace {

struct Undo {
  UndoRecord head;
  std::string before;
};

// A record that was cut off belongs to a write that had not begun.
std::vector<Undo> read_undo(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::vector<Undo> undo;
  for (std::size_t at = 0; at + sizeof(UndoRecord) <= bytes.size();) {
    UndoRecord head{};
    std::memcpy(&head, bytes.data() + at, sizeof head);
    SIMPUL_CHECK(head.magic == kUndoMagic);
    at += sizeof head;
    if (bytes.size() - at < head.held) break;
    undo.push_back({head, bytes.substr(at, head.held)});
    at += head.held;
  }
  return undo;
}

void take_back(int file, const Undo& undo) {
  std::string page = undo.before;
  page.resize(undo.head.size);  // what was not there before reads as zeros
  const auto wrote = ::pwrite(file, page.data(), page.size(), static_cast<off_t>(undo.head.offset));
  SIMPUL_CHECK(wrote == static_cast<ssize_t>(page.size()));
}

}  // namespace

std::string lose_unsynced_setting() {
  return std::string("LD_PRELOAD=") + LOSE_UNSYNCED_LIBRARY;
}

std::string fail_sync_setting(const std::string& path) {
  return "SIMPUL_FAIL_SYNC=" + path;
}

std::size_t cut_power(const std::string& data_directory, Loss loss, std::uint64_t seed) {
  const std::string path = data_directory + "/data.mdb";
  const std::vector<Undo> undo = read_undo(path + ".undo");
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  SIMPUL_CHECK(file);
  std::mt19937_64 draw(seed);
  std::size_t lost = 0;
  for (auto record = undo.rbegin(); record != undo.rend(); ++record) {
    if (loss == Loss::kSome && draw() % 2 == 0) continue;
    take_back(file.get(), *record);
    ++lost;
  }
  // The file's length is lost with everything that made it grow.
  if (loss == Loss::kEverything && !undo.empty()) {
    SIMPUL_CHECK(::ftruncate(file.get(), static_cast<off_t>(undo.front().head.file_size)) == 0);
  }
  std::filesystem::remove(path + ".undo");
  return lost;
}

}  // namespace simpul
