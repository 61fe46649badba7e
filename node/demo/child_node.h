// A node of the demo as a child process: this same program, running `run --home HOME`, with its
// output in a log. Ends with its parent, whatever becomes of that. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "crypto/result.h"

namespace simpul {

class ChildNode {
 public:
  static Result<ChildNode> start(const std::string& home, const std::string& log_path);
  ChildNode(ChildNode&& other) noexcept;
  ChildNode& operator=(ChildNode&&) = delete;
  ~ChildNode();  // kills it if it still runs

  pid_t pid() const { return pid_; }
  bool running();
  void ask_to_end();  // SIGTERM
  // Waits for the end, and past the limit enforces it. The exit status, or 128 + the signal.
  int wait(std::chrono::milliseconds limit);
  // "exit status 1, and its log ends: ..."
  std::string last_words();

 private:
  ChildNode(pid_t pid, std::string log_path) : pid_(pid), log_path_(std::move(log_path)) {}

  pid_t pid_;
  std::string log_path_;
  std::optional<int> status_;
};

}  // namespace simpul
