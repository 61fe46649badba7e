#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "crypto/result.h"
#include "node/descriptor.h"

namespace simpul {
namespace {

constexpr milliseconds kAskAgain{20};

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, std::string log_path,
                           const std::vector<std::string>& environment)
    : log_path_(std::move(log_path)), log_start_(read_text(log_path_).size()) {
  std::vector<std::string> words = arguments;
  std::vector<std::string> settings;
  for (char** entry = environ; *entry; ++entry) settings.emplace_back(*entry);
  settings.insert(settings.end(), environment.begin(), environment.end());
  const auto argv = pointers_to(words);
  const auto envp = pointers_to(settings);
  const Descriptor log(::open(log_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  SIMPUL_CHECK(log);
  pid_ = ::fork();
  SIMPUL_CHECK(pid_ >= 0);
  if (pid_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(log.get(), STDOUT_FILENO);
  ::dup2(log.get(), STDERR_FILENO);
  ::execve(argv[0], argv.data(), envp.data());
  ::_exit(127);
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool ChildProcess::running() {
  return !wait(milliseconds{0});
}

void ChildProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

std::optional<int> ChildProcess::wait(milliseconds limit) {
  const auto ended = [this] {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return status_.has_value();
  };
  holds_within(limit, ended);
  return status_;
}

std::string ChildProcess::log() const {
  const std::string text = read_text(log_path_);
  return text.substr(std::min(log_start_, text.size()));
}

bool holds_within(milliseconds limit, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (condition()) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(kAskAgain);
  }
}

unsigned free_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  SIMPUL_CHECK(::bind(socket.get(), generic, size) == 0);
  SIMPUL_CHECK(::getsockname(socket.get(), generic, &size) == 0);
  return ntohs(address.sin_port);
}

}  // namespace simpul
