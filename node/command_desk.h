// Where a thread hands a command to the engine and waits for its answer. Thread-safe; `queue`
// must outlive it.
#pragma once

#include <future>
#include <map>
#include <mutex>

#include "node/input_queue.h"

namespace simpul {

class CommandDesk {
 public:
  explicit CommandDesk(InputQueue& queue) : queue_(queue) {}

  // Waits for the answer. `bytes`: what the command came as. Never from the engine's thread.
  Result<Json> ask(const std::string& name, const Json& arguments, std::size_t bytes);

  // From the engine's thread.
  void answer(std::uint64_t command, Result<Json> result);
  // Answers whoever still waits: the node is stopping.
  void close();

 private:
  InputQueue& queue_;
  std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, std::promise<Result<Json>>> waiting_;
};

}  // namespace simpul
