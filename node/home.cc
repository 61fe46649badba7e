#include "node/home.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "node/files.h"

namespace simpul {

Result<void> Home::create() const {
  SIMPUL_TRY_VOID(make_private_directory(path_));
  SIMPUL_TRY_VOID(make_private_directory(keys()));
  return make_private_directory(data());
}

Result<HomeLock> HomeLock::take(const Home& home) {
  const std::string path = home.lock();
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return std::unexpected(file_error("open", path));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return std::unexpected(file_error("lock", path));
    const auto holder = read_file(path, 64);
    const std::string who = holder && !holder->empty() ? std::string(as_text(*holder)) : "unknown";
    return fail(ErrorCode::kConflict, "another simpul process (pid " + who + ") runs in " +
                                          home.path() + "; stop it first");
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) != 0 ||
      ::pwrite(file.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return std::unexpected(file_error("write", path));
  }
  return HomeLock(std::move(file));
}

}  // namespace simpul
