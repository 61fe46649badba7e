#include "node/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "node/descriptor.h"

namespace simpul {
namespace {

Result<void> write_whole(const Descriptor& file, BytesView content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(file_error("write", path));
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

Result<void> sync_directory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0) {
    return std::unexpected(file_error("sync", path));
  }
  return {};
}

}  // namespace

Error file_error(const std::string& what, const std::string& path) {
  const int number = errno;
  const auto code = number == ENOENT                      ? ErrorCode::kNotFound
                    : number == EACCES || number == EPERM ? ErrorCode::kNotAllowed
                                                          : ErrorCode::kUnavailable;
  return {code, "cannot " + what + " " + path + ": " + std::strerror(number)};
}

Result<void> make_private_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  if (errno != EEXIST) return std::unexpected(file_error("make directory", path));
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::unexpected(file_error("look at", path));
  if (!S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kConflict, path + " is in the way: it is not a directory");
  }
  if ((status.st_mode & 0777) != 0700 && ::chmod(path.c_str(), 0700) != 0) {
    return std::unexpected(file_error("make private", path));
  }
  return {};
}

Result<Bytes> read_file(const std::string& path, std::size_t size_max) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::unexpected(file_error("open", path));
  Bytes content;
  for (;;) {
    const std::size_t had = content.size();
    content.resize(had + 64 * 1024);
    const ssize_t count = ::read(file.get(), content.data() + had, content.size() - had);
    content.resize(had + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(file_error("read", path));
    if (count == 0) return content;
    if (content.size() > size_max) {
      return fail(ErrorCode::kTooLarge,
                  path + " is larger than " + std::to_string(size_max) + " bytes");
    }
  }
}

Result<void> replace_file(const std::string& path, BytesView content, Durability durability) {
  const std::string temporary = path + ".tmp";
  {
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) return std::unexpected(file_error("write", temporary));
    if (::fchmod(file.get(), 0600) != 0) {
      return std::unexpected(file_error("make private", temporary));
    }
    SIMPUL_TRY_VOID(write_whole(file, content, temporary));
    if (durability == Durability::kSynced && ::fsync(file.get()) != 0) {
      return std::unexpected(file_error("sync", temporary));
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return std::unexpected(file_error("replace", path));
  }
  if (durability == Durability::kUnsynced) return {};
  return sync_directory(directory_of(path));
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

Result<void> check_private(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::unexpected(file_error("look at", path));
  if (S_ISREG(status.st_mode) && (status.st_mode & 0077) != 0) {
    return fail(ErrorCode::kNotAllowed,
                "others may read " + path + "; make it private: chmod 600 " + path);
  }
  return {};
}

}  // namespace simpul
