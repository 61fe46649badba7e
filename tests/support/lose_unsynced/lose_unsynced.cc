// A preloaded library that remembers how to undo what a process wrote to its database but never
// synced. SIGKILL leaves the page cache in place, so it alone never shows a missing fsync; with
// this, the tests take the unsynced writes back after the kill, as a power cut would.
//
// Every write to a file named data.mdb is preceded by its before-image in data.mdb.undo (records
// as in undo_record.h). fdatasync and fsync empty the undo file; a write through a descriptor
// opened with O_DSYNC or O_SYNC takes only its own record back. What the undo file holds when the
// process dies is what a power cut may lose; tests/support/power_cut.h applies it.
//
// SIMPUL_LIE_ABOUT_SYNC=1: syncs succeed without making anything durable, as if the program had
// forgotten them. Then the tests that use this must fail.
//
// SIMPUL_FAIL_SYNC=PATH: while a file is at PATH, syncs fail with EIO and make nothing durable;
// while one is at PATH-head, so do writes through a descriptor opened with O_DSYNC or O_SYNC,
// though the bytes are written.
//
// Knows what LMDB does on Linux without WRITEMAP: open, write, pwrite, writev at the file's
// position, fdatasync, O_DSYNC for the meta pages. Mapped writes are not seen.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/lose_unsynced/undo_record.h"

namespace {

constexpr int kDescriptorsMax = 4096;
constexpr std::string_view kDatabase = "/data.mdb";

enum class Watched : unsigned char { kNot, kPlain, kSynchronous };

std::mutex mutex;
Watched watched[kDescriptorsMax];
int undo = -1;
off_t undo_size = 0;

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

bool lies() {
  static const bool lying = std::getenv("SIMPUL_LIE_ABOUT_SYNC") != nullptr;
  return lying;
}

bool fails(const char* suffix) {
  static const char* const path = std::getenv("SIMPUL_FAIL_SYNC");
  return path != nullptr && ::access((path + std::string(suffix)).c_str(), F_OK) == 0;
}

ssize_t real_pwrite(int file, const void* data, std::size_t size, off_t offset) {
  static const auto function = next<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
  return function(file, data, size, offset);
}

void must(bool ok) {
  if (!ok) std::abort();
}

Watched kind_of(int file) {
  return file >= 0 && file < kDescriptorsMax ? watched[file] : Watched::kNot;
}

void remember_open(int file, const char* path, int flags) {
  if (file < 0 || file >= kDescriptorsMax) return;
  const std::lock_guard lock(mutex);
  watched[file] = Watched::kNot;
  if (!std::string_view(path).ends_with(kDatabase)) return;
  if ((flags & O_ACCMODE) == O_RDONLY) return;
  watched[file] = (flags & (O_DSYNC | O_SYNC)) != 0 ? Watched::kSynchronous : Watched::kPlain;
  if (undo >= 0) return;
  static const auto real_open = next<int (*)(const char*, int, ...)>("open");
  undo = real_open((std::string(path) + ".undo").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
                   0600);
  must(undo >= 0);
}

// Page by page, because a power cut may keep one page and lose the next.
void save_before_image(int file, off_t offset, std::size_t size) {
  struct stat info {};
  must(::fstat(file, &info) == 0);
  static const auto real_open = next<int (*)(const char*, int, ...)>("open");
  // The database's descriptor for meta pages is for writing only.
  const int reader =
      real_open(("/proc/self/fd/" + std::to_string(file)).c_str(), O_RDONLY | O_CLOEXEC);
  must(reader >= 0);
  std::vector<char> record;
  for (std::size_t done = 0; done < size;) {
    const off_t at = offset + static_cast<off_t>(done);
    const std::size_t room = kUndoPage - static_cast<std::size_t>(at) % kUndoPage;
    const std::size_t part = std::min(size - done, room);
    UndoRecord head{kUndoMagic, static_cast<std::uint64_t>(at), part, 0,
                    static_cast<std::uint64_t>(info.st_size)};
    std::vector<char> before(part);
    const ssize_t held = ::pread(reader, before.data(), part, at);
    must(held >= 0);
    head.held = static_cast<std::uint64_t>(held);
    const auto* bytes = reinterpret_cast<const char*>(&head);
    record.insert(record.end(), bytes, bytes + sizeof head);
    record.insert(record.end(), before.begin(), before.begin() + held);
    done += part;
  }
  ::close(reader);
  const auto wrote = real_pwrite(undo, record.data(), record.size(), undo_size);
  must(wrote == static_cast<ssize_t>(record.size()));
  undo_size += wrote;
}

void forget_after(off_t size) {
  undo_size = size;
  must(::ftruncate(undo, size) == 0);
}

template <class Write>
ssize_t watched_write(int file, off_t offset, std::size_t size, const Write& write) {
  const std::lock_guard lock(mutex);
  const off_t before = undo_size;
  save_before_image(file, offset, size);
  const ssize_t written = write();
  if (kind_of(file) != Watched::kSynchronous || written < 0 || lies()) return written;
  if (fails("-head")) {
    errno = EIO;
    return -1;
  }
  forget_after(before);
  return written;
}

template <class Sync>
int watched_sync(int file, const Sync& sync) {
  if (kind_of(file) == Watched::kNot) return sync();
  if (lies()) return 0;
  if (fails("")) {
    errno = EIO;
    return -1;
  }
  const std::lock_guard lock(mutex);
  const int code = sync();
  if (code == 0) forget_after(0);
  return code;
}

template <class Open>
int watched_open(const char* path, int flags, const Open& open) {
  const int file = open();
  remember_open(file, path, flags);
  return file;
}

std::size_t total_of(const iovec* parts, int count) {
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += parts[i].iov_len;
  return size;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, ...)>("open");
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  return watched_open(path, flags, [&] { return real(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, ...)>("open64");
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  return watched_open(path, flags, [&] { return real(path, flags, mode); });
}

int close(int file) {
  static const auto real = next<int (*)(int)>("close");
  if (kind_of(file) != Watched::kNot) {
    const std::lock_guard lock(mutex);
    watched[file] = Watched::kNot;
  }
  return real(file);
}

ssize_t pwrite(int file, const void* data, std::size_t size, off_t offset) {
  const auto write = [&] { return real_pwrite(file, data, size, offset); };
  if (kind_of(file) == Watched::kNot) return write();
  return watched_write(file, offset, size, write);
}

ssize_t pwrite64(int file, const void* data, std::size_t size, off_t offset) {
  return pwrite(file, data, size, offset);
}

ssize_t write(int file, const void* data, std::size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  const auto write = [&] { return real(file, data, size); };
  if (kind_of(file) == Watched::kNot) return write();
  return watched_write(file, ::lseek(file, 0, SEEK_CUR), size, write);
}

ssize_t writev(int file, const iovec* parts, int count) {
  static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
  const auto write = [&] { return real(file, parts, count); };
  if (kind_of(file) == Watched::kNot) return write();
  return watched_write(file, ::lseek(file, 0, SEEK_CUR), total_of(parts, count), write);
}

ssize_t pwritev(int file, const iovec* parts, int count, off_t offset) {
  static const auto real = next<ssize_t (*)(int, const iovec*, int, off_t)>("pwritev");
  const auto write = [&] { return real(file, parts, count, offset); };
  if (kind_of(file) == Watched::kNot) return write();
  return watched_write(file, offset, total_of(parts, count), write);
}

int fdatasync(int file) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return watched_sync(file, [&] { return real(file); });
}

int fsync(int file) {
  static const auto real = next<int (*)(int)>("fsync");
  return watched_sync(file, [&] { return real(file); });
}

}  // extern "C"
