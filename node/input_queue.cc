#include "node/input_queue.h"

namespace simpul {
namespace {

std::size_t bytes_of(const TransportEvent& event) {
  const auto* frame = std::get_if<FrameIn>(&event);
  return frame ? frame->bytes.size() : 0;
}

}  // namespace

bool InputQueue::push(TransportEvent&& event) {
  const std::size_t bytes = bytes_of(event);
  const std::lock_guard lock(mutex_);
  add(std::visit([](auto&& value) { return Input(std::forward<decltype(value)>(value)); },
                 std::move(event)),
      bytes);
  if (full()) stalled_ = true;
  return !stalled_;
}

Result<void> InputQueue::push(CommandInput&& command, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (closed_) return fail(ErrorCode::kUnavailable, "the node is stopping");
  if (commands_ >= limits_.commands_max) {
    return fail(ErrorCode::kUnavailable, "too many commands wait; try again");
  }
  ++commands_;
  add(std::move(command), bytes);
  return {};
}

InputQueue::Batch InputQueue::take(Duration wait) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, wait, [this] { return !entries_.empty() || closed_; });
  Batch batch;
  std::size_t bytes = 0;
  while (!entries_.empty() && batch.inputs.size() < limits_.batch_inputs_max) {
    Entry& next = entries_.front();
    if (!batch.inputs.empty() && bytes + next.bytes > limits_.batch_bytes_max) break;
    bytes += next.bytes;
    if (std::holds_alternative<CommandInput>(next.input)) --commands_;
    batch.inputs.push_back(std::move(next.input));
    entries_.pop_front();
  }
  bytes_ -= bytes;
  const bool has_room =
      entries_.size() <= limits_.inputs_max / 2 && bytes_ <= limits_.bytes_max / 2;
  if (stalled_ && has_room) {
    stalled_ = false;
    batch.resume = true;
  }
  batch.closing = closed_ && batch.inputs.empty();
  return batch;
}

void InputQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  arrived_.notify_all();
}

std::size_t InputQueue::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::size_t InputQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void InputQueue::add(Input&& input, std::size_t bytes) {
  bytes_ += bytes;
  entries_.push_back({std::move(input), bytes});
  arrived_.notify_one();
}

}  // namespace simpul
