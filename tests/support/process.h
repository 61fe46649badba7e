// A child process of a test: started with its output in a file, ended by pid, and gone when the
// test is. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simpul {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ChildProcess {
 public:
  // `arguments[0]` is the program's path; both outputs are appended to `log_path`. `environment`
  // adds "NAME=value" to the test's own.
  ChildProcess(const std::vector<std::string>& arguments, std::string log_path,
               const std::vector<std::string>& environment = {});
  ~ChildProcess();  // kills it if it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);
  // Its exit status, or 128 + the signal that ended it; nullopt when it still runs by then.
  std::optional<int> wait(milliseconds limit);
  std::string log() const;  // of this process alone

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::string log_path_;
  std::size_t log_start_ = 0;
};

// Asks again and again until the condition holds or the limit has passed; whether it held.
bool holds_within(milliseconds limit, const std::function<bool()>& condition);

// A TCP port of 127.0.0.1 that nobody uses now.
unsigned free_port();

}  // namespace simpul
