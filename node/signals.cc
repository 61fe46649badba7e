#include "node/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <csignal>

#include "node/files.h"

namespace simpul {

Result<StopSignals> StopSignals::take() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) {
    return std::unexpected(file_error("block", "signals"));
  }
  Descriptor signals(::signalfd(-1, &set, SFD_CLOEXEC));
  Descriptor finished(::eventfd(0, EFD_CLOEXEC));
  if (!signals || !finished) return std::unexpected(file_error("wait for", "signals"));
  return StopSignals(std::move(signals), std::move(finished));
}

bool StopSignals::wait() {
  for (;;) {
    pollfd polled[] = {{signals_.get(), POLLIN, 0}, {finished_.get(), POLLIN, 0}};
    if (::poll(polled, 2, -1) < 0) continue;
    if (polled[1].revents != 0) return false;
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) == sizeof info) return true;
  }
}

void StopSignals::finish() {
  const std::uint64_t one = 1;
  SIMPUL_CHECK(::write(finished_.get(), &one, sizeof one) == sizeof one);
}

}  // namespace simpul
