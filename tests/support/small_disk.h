// A small file system of its own (tmpfs) at a directory, which fills up and can be enlarged. Needs
// root. Gone with this.
#pragma once

#include <cstddef>
#include <string>

namespace simpul {

class SmallDisk {
 public:
  // Whether this machine permits it.
  static bool possible();

  // What `directory` holds is copied in. Throws when it cannot be mounted. Also removes what runs
  // that were killed left behind.
  SmallDisk(std::string directory, std::size_t size_bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void enlarge(std::size_t size_bytes);
  std::size_t free_bytes() const;

 private:
  const std::string directory_;
};

}  // namespace simpul
