#include "node/demo/child_node.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>
#include <thread>
#include <utility>

#include "node/descriptor.h"
#include "node/files.h"

namespace simpul {
namespace {

constexpr std::size_t kLinesShown = 12;
constexpr std::chrono::milliseconds kLookForExit{10};

// In the child, where only what is safe after fork may be called.
[[noreturn]] void become_node(pid_t parent, int null, int log, char* const* words) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  ::setpgid(0, 0);  // Ctrl-C is the parent's to handle
  ::dup2(null, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv("/proc/self/exe", words);
  ::_exit(127);
}

}  // namespace

Result<ChildNode> ChildNode::start(const std::string& home, const std::string& log_path) {
  const Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Descriptor log(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!null || !log) return std::unexpected(file_error("open", log_path));
  std::string program = "simpul", command = "run", option = "--home", path = home;
  const std::array<char*, 5> words = {program.data(), command.data(), option.data(), path.data(),
                                      nullptr};
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    return fail(ErrorCode::kUnavailable,
                std::string("cannot start another process: ") + std::strerror(errno));
  }
  if (pid == 0) become_node(parent, null.get(), log.get(), words.data());
  return ChildNode(pid, log_path);
}

ChildNode::ChildNode(ChildNode&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      log_path_(std::move(other.log_path_)),
      status_(other.status_) {}

ChildNode::~ChildNode() {
  if (pid_ <= 0 || !running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool ChildNode::running() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return !status_;
}

void ChildNode::ask_to_end() {
  if (running()) ::kill(pid_, SIGTERM);
}

int ChildNode::wait(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (running()) {
    if (std::chrono::steady_clock::now() > deadline) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(kLookForExit);
  }
  return *status_;
}

std::string ChildNode::last_words() {
  std::ifstream log(log_path_);
  std::deque<std::string> lines;
  for (std::string line; std::getline(log, line);) {
    lines.push_back(line);
    if (lines.size() > kLinesShown) lines.pop_front();
  }
  std::string text = running() ? "it runs" : "exit status " + std::to_string(*status_);
  text += "; " + log_path_ + (lines.empty() ? " is empty" : " ends:");
  for (const std::string& line : lines) text += "\n    " + line;
  return text;
}

}  // namespace simpul
