#include "node/command_desk.h"

namespace simpul {

Result<Json> CommandDesk::ask(const std::string& name, const Json& arguments, std::size_t bytes) {
  std::future<Result<Json>> answer;
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    id = ++last_id_;
    answer = waiting_[id].get_future();
  }
  if (auto taken = queue_.push({.id = id, .name = name, .arguments = arguments}, bytes); !taken) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(id);
    return std::unexpected(taken.error());
  }
  return answer.get();
}

void CommandDesk::answer(std::uint64_t command, Result<Json> result) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(command);
  if (found == waiting_.end()) return;
  found->second.set_value(std::move(result));
  waiting_.erase(found);
}

void CommandDesk::close() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, promise] : waiting_) {
    promise.set_value(fail(ErrorCode::kUnavailable,
                           "the node stopped before it answered; look whether it took effect"));
  }
  waiting_.clear();
}

}  // namespace simpul
