#include "node/data_watch.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "node/log.h"
#include "storage/data_check.h"

namespace simpul {
namespace {

constexpr const char* kAdvice =
    "Put back a backup of the data folder, or move the folder away: without it the node gets its "
    "journal back from a hub.";

extern "C" void die_explaining(int signal) {
  constexpr std::string_view kText =
      "simpul: the process died of a fault. If it does so again when it is started, its data is "
      "damaged: put back a backup of the data folder, or move the folder away: without it the node "
      "gets its journal back from a hub.\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

DataWatch::DataWatch(const Store& store, std::function<void()> damaged) {
  std::promise<Result<void>> found;
  found_ = found.get_future().share();
  thread_ = std::jthread([&environment = store.environment(), found = std::move(found),
                          damaged = std::move(damaged)](const std::stop_token& stop) mutable {
    auto result = check_data(environment, stop);
    if (!result) {
      result.error().message = "the data in " + environment.directory() +
                               " is damaged: " + result.error().message + ". " + kAdvice;
      log_event(LogLevel::kError, "damaged", result.error().message);
    }
    const bool is_sound = result.has_value();
    found.set_value(std::move(result));
    if (!is_sound) damaged();
  });
}

DataWatch::~DataWatch() = default;

Result<void> DataWatch::wait(std::chrono::milliseconds limit) {
  if (found_.wait_for(limit) != std::future_status::ready) return {};
  return found_.get();
}

void explain_sudden_death() {
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT}) ::signal(number, die_explaining);
}

}  // namespace simpul
