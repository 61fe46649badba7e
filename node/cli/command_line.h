// From words on the command line to a command with arguments. Reads the files and the standard
// input that the words name, nothing else. Not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/cli/command_table.h"
#include "node/engine.h"

namespace simpul {

struct GlobalOptions {
  std::string home;
  bool json = false;
  bool quiet = false;
  Language language = Language::kIndonesian;
  Zone zone;
  std::string passphrase_file;
  std::int64_t timeout_seconds = 60;
};

struct Invocation {
  const CommandSpec* command = nullptr;
  Json arguments = Json::object();
  GlobalOptions globals;
};

// Where the parser gets what words refer to. "-" is the standard input.
using ReadSource = std::function<Result<Bytes>(const std::string& path)>;
Result<Bytes> read_source(const std::string& path);

// Why there is nothing to run: help asked for (code 0) or wrong usage (code 2).
struct NoInvocation {
  int code = 2;
  std::string text;  // for standard output when the code is 0, else for standard error
};

// `words` without the program's name.
std::expected<Invocation, NoInvocation> parse_command_line(const std::vector<std::string>& words,
                                                           const ReadSource& read);

// "image/jpeg" for "photo.JPG"; "application/octet-stream" when it cannot be told.
std::string media_type_of(std::string_view file_name);

}  // namespace simpul
