// SIGTERM and SIGINT as a descriptor, and a way for another thread to end the wait for them.
#pragma once

#include "crypto/result.h"
#include "node/descriptor.h"

namespace simpul {

class StopSignals {
 public:
  // Blocks the signals in this thread and those it starts later: call before any thread.
  static Result<StopSignals> take();

  // Waits for a signal or finish(). True: a signal.
  bool wait();
  // From any thread: wait() returns false from now on.
  void finish();

 private:
  StopSignals(Descriptor signals, Descriptor finished)
      : signals_(std::move(signals)), finished_(std::move(finished)) {}
  Descriptor signals_;
  Descriptor finished_;
};

}  // namespace simpul
