#include "tests/simulation/disk.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "crypto/result.h"

namespace simpul::sim {
namespace {

DiskFault g_fault;            // what is wrong now
std::uint64_t g_refused = 0;  // since it began

// The error that a write up to `end` fails with; 0: it goes well.
int refusal(int file, off_t end) {
  switch (g_fault.kind) {
    case DiskFault::Kind::kFull: {
      struct stat info {};
      return ::fstat(file, &info) == 0 && end > info.st_size ? ENOSPC : 0;
    }
    case DiskFault::Kind::kWritesFail:
    case DiskFault::Kind::kBreaksOff:
      if (g_fault.writes == 0) return EIO;
      --g_fault.writes;
      return 0;
    default:
      return 0;
  }
}

bool is_refused(int file, off_t end) {
  const int error = refusal(file, end);
  if (error == 0) return false;
  ++g_refused;
  errno = error;
  return true;
}

}  // namespace

DiskTrouble::DiskTrouble(const DiskFault& fault) {
  SIMPUL_CHECK(g_fault.kind == DiskFault::Kind::kNone);
  g_fault = fault;
  g_refused = 0;
}

DiskTrouble::~DiskTrouble() {
  g_fault = {};
}

std::uint64_t DiskTrouble::refused() const {
  return g_refused;
}

}  // namespace simpul::sim

// In place of the C library's, for LMDB too.
extern "C" {

ssize_t pwrite(int file, const void* data, size_t size, off_t offset) {
  if (simpul::sim::is_refused(file, offset + static_cast<off_t>(size))) return -1;
  return ::syscall(SYS_pwrite64, file, data, size, offset);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  off_t end = ::lseek(file, 0, SEEK_CUR);
  for (int i = 0; i < count; ++i) end += static_cast<off_t>(parts[i].iov_len);
  if (simpul::sim::is_refused(file, end)) return -1;
  return ::syscall(SYS_writev, file, parts, count);
}

int fdatasync(int) {
  if (simpul::sim::g_fault.kind != simpul::sim::DiskFault::Kind::kSyncsFail) return 0;
  ++simpul::sim::g_refused;
  errno = EIO;
  return -1;
}
}
