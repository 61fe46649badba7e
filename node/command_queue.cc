#include "node/command_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "crypto/result.h"

namespace simpul {

CommandQueue::CommandQueue() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  SIMPUL_CHECK(event_ >= 0);
}

CommandQueue::~CommandQueue() {
  ::close(event_);
}

void CommandQueue::push(Command command) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = commands_.empty();
    commands_.push_back(std::move(command));
  }
  if (was_empty) wake();
}

void CommandQueue::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the descriptor is readable already.
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

std::vector<Command> CommandQueue::take() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(event_, &count, sizeof count);
  const std::lock_guard lock(mutex_);
  return std::exchange(commands_, {});
}

}  // namespace simpul
