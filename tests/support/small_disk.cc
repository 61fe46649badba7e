#include "tests/support/small_disk.h"

#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "tests/support/scratch_directory.h"

namespace simpul {
namespace {

constexpr const char* kMountPrefix = "simpul-test-";

std::string source_name() {
  return kMountPrefix + std::to_string(::getpid());
}

std::string size_option(std::size_t bytes) {
  return "mode=0700,size=" + std::to_string(bytes);
}

void unmount_leftovers() {
  std::ifstream mounts("/proc/self/mounts");
  std::vector<std::string> stale;
  for (std::string source, place, rest; mounts >> source >> place && std::getline(mounts, rest);) {
    if (!source.starts_with(kMountPrefix)) continue;
    const std::string owner = source.substr(std::strlen(kMountPrefix));
    if (!std::filesystem::exists("/proc/" + owner)) stale.push_back(place);
  }
  for (const std::string& place : stale) ::umount2(place.c_str(), MNT_DETACH);
}

}  // namespace

bool SmallDisk::possible() {
  const ScratchDirectory scratch;
  if (::mount(source_name().c_str(), scratch.path().c_str(), "tmpfs", 0, "size=4096") != 0) {
    return false;
  }
  return ::umount2(scratch.path().c_str(), MNT_DETACH) == 0;
}

SmallDisk::SmallDisk(std::string directory, std::size_t size_bytes)
    : directory_(std::move(directory)) {
  unmount_leftovers();
  const ScratchDirectory aside;
  const auto how = std::filesystem::copy_options::recursive;
  std::filesystem::copy(directory_, aside / "all", how);
  if (::mount(source_name().c_str(), directory_.c_str(), "tmpfs", 0,
              size_option(size_bytes).c_str()) != 0) {
    throw std::runtime_error("no small disk at " + directory_ + ": " + std::strerror(errno));
  }
  std::filesystem::copy(aside / "all", directory_,
                        how | std::filesystem::copy_options::overwrite_existing);
}

SmallDisk::~SmallDisk() {
  ::umount2(directory_.c_str(), MNT_DETACH);
}

void SmallDisk::enlarge(std::size_t size_bytes) {
  if (::mount(source_name().c_str(), directory_.c_str(), "tmpfs", MS_REMOUNT,
              size_option(size_bytes).c_str()) != 0) {
    throw std::runtime_error("the disk cannot be enlarged: " + std::string(std::strerror(errno)));
  }
}

std::size_t SmallDisk::free_bytes() const {
  struct statvfs room {};
  if (::statvfs(directory_.c_str(), &room) != 0) return 0;
  return room.f_bavail * room.f_frsize;
}

}  // namespace simpul
