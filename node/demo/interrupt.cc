#include "node/demo/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

namespace simpul {
namespace {

constexpr std::chrono::milliseconds kPiece{20};
volatile std::sig_atomic_t signals_seen = 0;

void note_signal(int) {
  if (signals_seen != 0) ::_exit(130);
  signals_seen = 1;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
  struct sigaction before {};
  const bool by_nohup = ::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
  if (!by_nohup) ::sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() {
  return signals_seen != 0;
}

Result<void> rest(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!interrupted()) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= left.zero()) return {};
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kPiece));
  }
  return fail(ErrorCode::kUnavailable, "ended by a signal");
}

}  // namespace simpul
