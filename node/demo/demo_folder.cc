#include "node/demo/demo_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "node/demo/interrupt.h"
#include "node/files.h"

namespace simpul {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMark = ".simpul-demo";
constexpr const char* kMarkText = "Made by simpul demo, which removes this folder.\n";
constexpr std::size_t kTextMax = 1 << 20;
constexpr std::chrono::seconds kEndLimit{15};
constexpr std::chrono::milliseconds kLookForEnd{50};

struct Recorded {
  pid_t pid = 0;
  std::string start_time, role;
};

// Empty when it cannot be read: what /proc tells of a process ends with the process, at times
// between opening and reading (ESRCH).
std::string text_of(const std::string& path) {
  const auto content = read_file(path, kTextMax);
  return content ? std::string(content->begin(), content->end()) : "";
}

// When the kernel started this process, in its ticks: with the pid it names one process for as
// long as the machine runs. Empty when there is none.
std::string start_time_of(pid_t pid) {
  const std::string stat = text_of("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) fields >> field;
  return field;
}

std::vector<std::string> words_of(pid_t pid) {
  std::istringstream line(text_of("/proc/" + std::to_string(pid) + "/cmdline"));
  std::vector<std::string> words;
  for (std::string word; std::getline(line, word, '\0');) words.push_back(word);
  return words;
}

bool is_ours(const Recorded& recorded, const std::string& home) {
  if (recorded.pid <= 1 || recorded.pid == ::getpid()) return false;
  if (recorded.start_time.empty() || start_time_of(recorded.pid) != recorded.start_time)
    return false;
  const std::vector<std::string> words = words_of(recorded.pid);
  const auto says = [&](const std::string& word) {
    return std::ranges::find(words, word) != words.end();
  };
  return recorded.role == "demo" ? says("demo") : says("run") && says(home);
}

std::vector<Recorded> read_processes(const std::string& path) {
  std::istringstream lines(text_of(path));
  std::vector<Recorded> all;
  for (Recorded one; lines >> one.pid >> one.start_time >> one.role;) all.push_back(one);
  return all;
}

Result<void> end_process(const Recorded& recorded) {
  ::kill(recorded.pid, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + kEndLimit;
  while (start_time_of(recorded.pid) == recorded.start_time) {
    if (std::chrono::steady_clock::now() > deadline) ::kill(recorded.pid, SIGKILL);
    SIMPUL_TRY_VOID(rest(kLookForEnd));
  }
  return {};
}

std::string usual_path() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime && runtime[0] == '/' && ::access(runtime, W_OK) == 0) {
    return std::string(runtime) + "/simpul-demo";
  }
  return "/tmp/simpul-demo-" + std::to_string(::geteuid());
}

bool is_empty(const std::string& path) {
  std::error_code error;
  return fs::is_empty(path, error) && !error;
}

}  // namespace

Result<DemoFolder> DemoFolder::take(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path.empty() ? usual_path() : path, error);
  if (error) return fail(ErrorCode::kUnavailable, path + ": " + error.message());
  std::string name = absolute.lexically_normal().string();
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  DemoFolder folder(name);
  SIMPUL_TRY_VOID(folder.claim());
  SIMPUL_TRY_VOID(folder.end_recorded());
  SIMPUL_TRY_VOID(folder.remove_homes());
  SIMPUL_TRY_VOID(folder.record(::getpid(), "demo"));
  return folder;
}

Result<void> DemoFolder::claim() {
  struct stat status {};
  const bool exists = ::lstat(path_.c_str(), &status) == 0;
  if (exists && (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid())) {
    return fail(ErrorCode::kConflict, path_ + " is not a folder of yours; name another with --dir");
  }
  if (exists && !file_exists(path_ + "/" + kMark) && !is_empty(path_)) {
    return fail(ErrorCode::kConflict,
                path_ +
                    " holds something that no demo made; nothing was changed. Name an empty "
                    "folder with --dir");
  }
  SIMPUL_TRY_VOID(make_private_directory(path_));
  return replace_file(path_ + "/" + kMark, as_bytes(kMarkText), Durability::kUnsynced);
}

// The demo itself first: it ends its own nodes.
Result<void> DemoFolder::end_recorded() {
  for (const Recorded& recorded : read_processes(processes())) {
    if (!is_ours(recorded, path_ + "/" + recorded.role)) continue;
    SIMPUL_TRY_VOID(end_process(recorded));
    ++ended_;
  }
  return {};
}

Result<void> DemoFolder::remove_homes() {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    const bool is_home = entry.is_directory(error) && !entry.is_symlink(error);
    if (!is_home || !file_exists(entry.path().string() + "/" + kMark)) continue;
    fs::remove_all(entry.path(), error);
    if (error) {
      return fail(ErrorCode::kUnavailable, "cannot remove " + entry.path().string() +
                                               ", left by an earlier demo: " + error.message());
    }
    ++removed_;
  }
  return {};
}

Result<void> DemoFolder::make_home(const std::string& member) const {
  const Home home = home_of(member);
  SIMPUL_TRY_VOID(make_private_directory(home.path()));
  return replace_file(home.path() + "/" + kMark, as_bytes(kMarkText), Durability::kUnsynced);
}

Result<void> DemoFolder::record(pid_t pid, const std::string& role) {
  recorded_ += std::to_string(pid) + " " + start_time_of(pid) + " " + role + "\n";
  return replace_file(processes(), as_bytes(recorded_), Durability::kUnsynced);
}

Result<void> DemoFolder::forget_processes() {
  recorded_.clear();
  return replace_file(processes(), as_bytes(recorded_), Durability::kUnsynced);
}

}  // namespace simpul
