#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>

#include "storage/lmdb_state.h"

namespace simpul {

namespace {

constexpr std::uint64_t kNearlyFullBytes = 1u << 20;

bool disk_nearly_full(const std::string& directory) {
  struct statvfs room {};
  if (statvfs(directory.c_str(), &room) != 0) return false;
  return std::uint64_t{room.f_bavail} * room.f_frsize < kNearlyFullBytes;
}

std::string advice(const std::string& directory, int code) {
  // LMDB reports a short write as EIO, and that is how a full disk most often looks.
  if (code == ENOSPC || code == EDQUOT || (code == EIO && disk_nearly_full(directory)))
    return "the disk is full; free some space and try again, nothing committed was lost";
  switch (code) {
    case MDB_MAP_FULL:
      return "the database has filled its map; restart with a larger map size, nothing "
             "committed was lost";
    case MDB_READERS_FULL:
      return "too many read transactions are open; end some or raise the number of readers";
    case MDB_INVALID:
      return "the file is not a database or its head is damaged; restore from a backup";
    case MDB_VERSION_MISMATCH:
      return "the file was written by another version of LMDB; export it there and import here";
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
      return "the database file is damaged; stop the node and restore from a backup";
    case MDB_PANIC:
      return "an earlier write failed half-way; restart the node";
    case MDB_MAP_RESIZED:
      return "another process enlarged the database; restart the node";
    case EACCES:
    case EPERM:
    case EROFS:
      return "the node may not write there; check the owner and mode of the directory";
    case EIO:
      return "the disk reports an error; check it before going on";
    case ENOMEM:
      return "not enough address space for the map; lower the map size or the limit on memory";
    default:
      return "see the cause";
  }
}

}  // namespace

Error storage_error(const std::string& directory, int code, const char* what) {
  return {ErrorCode::kStorage, std::string(what) + " in " + directory + " failed (" +
                                   mdb_strerror(code) + "): " + advice(directory, code)};
}

}  // namespace simpul
