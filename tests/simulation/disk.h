// The disk under a node's database, below LMDB: while a Trouble lives, what this process writes and
// syncs goes as on a disk that is full, failing or losing power. Without one a sync costs nothing:
// the process may end, the machine that simulates does not.
//
// Made of the system calls that LMDB uses (pwrite, writev, fdatasync), which this program has of
// its own. One at a time, on one thread.
#pragma once

#include <cstdint>

namespace simpul::sim {

struct DiskFault {
  enum class Kind : std::uint8_t {
    kNone,
    kWritesFail,  // after some writes no other goes well
    kSyncsFail,   // what was written may or may not be there
    kFull,        // files do not grow
    kBreaksOff,   // the same, and the power is gone with it
  };
  Kind kind = Kind::kNone;
  std::uint64_t steps = 0;   // for how many of the node's steps; 0: until it is mended
  std::uint64_t writes = 0;  // kWritesFail, kBreaksOff: that still go well
};

class DiskTrouble {
 public:
  explicit DiskTrouble(const DiskFault& fault);
  ~DiskTrouble();
  DiskTrouble(const DiskTrouble&) = delete;
  DiskTrouble& operator=(const DiskTrouble&) = delete;

  // How many calls failed by it.
  std::uint64_t refused() const;
};

}  // namespace simpul::sim
