// What waits for the engine: events of the transport and commands, in the order they came,
// within limits on their number and bytes. Thread-safe: many push, the engine's thread takes.
//
// Transport events are never refused (the transport has read them already); past the limits
// push() says "enough" and the transport stops reading until a batch says `resume`. Commands past
// their limit are refused. What one take() hands out becomes one transaction: that is group
// commit.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "node/engine.h"

namespace simpul {

struct InputQueueLimits {
  std::size_t inputs_max = 4096;
  std::size_t bytes_max = 32u << 20;
  std::size_t commands_max = 256;
  std::size_t batch_inputs_max = 1024;
  std::size_t batch_bytes_max = 8u << 20;  // a larger input is a batch of its own
};

class InputQueue {
 public:
  explicit InputQueue(InputQueueLimits limits = {}) : limits_(limits) {}

  // False: enough for now.
  bool push(TransportEvent&& event);
  // `bytes`: what it came as. Error::kUnavailable when too many wait or the node is stopping.
  Result<void> push(CommandInput&& command, std::size_t bytes);

  struct Batch {
    std::vector<Input> inputs;
    bool resume = false;   // the transport may read again
    bool closing = false;  // close() was called and nothing is left
  };
  // Waits until there is an input, close() was called or `wait` has passed.
  Batch take(Duration wait);

  // No commands from now on.
  void close();

  std::size_t size() const;
  std::size_t bytes() const;  // of frames and commands that wait

 private:
  struct Entry {
    Input input;
    std::size_t bytes;
  };
  bool full() const { return entries_.size() >= limits_.inputs_max || bytes_ >= limits_.bytes_max; }
  void add(Input&& input, std::size_t bytes);

  const InputQueueLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Entry> entries_;
  std::size_t bytes_ = 0;
  std::size_t commands_ = 0;
  bool stalled_ = false;
  bool closed_ = false;
};

}  // namespace simpul
