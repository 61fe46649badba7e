// The few things done to files, done so that a crash or a curious neighbour does no harm:
// whole files are read with a limit and replaced atomically. Thread-safe: no state.
#pragma once

#include <string>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace simpul {

enum class Durability {
  kSynced,    // on the disk, name included, when the call returns
  kUnsynced,  // replaced in one piece, but a power cut may bring the old one back, or nothing
};

// A directory with mode 0700. One that exists is given that mode if it is ours; its parents must
// exist.
Result<void> make_private_directory(const std::string& path);

// Error::kNotFound when there is no such file, kTooLarge past `size_max`, else kUnavailable.
Result<Bytes> read_file(const std::string& path, std::size_t size_max);

// Replaces or makes `path` with mode 0600: a temporary file beside it, fsync, rename, fsync of the
// directory. A reader sees the old or the new one, never a part.
Result<void> replace_file(const std::string& path, BytesView content,
                          Durability durability = Durability::kSynced);

bool file_exists(const std::string& path);

// Error::kNotAllowed when others than the owner may read this regular file.
Result<void> check_private(const std::string& path);

// "cannot WHAT PATH: <errno in words>".
Error file_error(const std::string& what, const std::string& path);

}  // namespace simpul
