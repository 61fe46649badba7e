// Drives an engine with real time and a real transport: takes batches of inputs, calls step(),
// and carries out what comes back. Everything here runs on the engine's thread.
#pragma once

#include "node/clock.h"
#include "node/command_desk.h"
#include "node/home.h"
#include "node/restore_marker.h"

namespace simpul {

class EngineDriver {
 public:
  struct Parts {
    const Home& home;
    const MemberId& self;
    const Store& store;
    Engine& engine;
    Transport& transport;
    InputQueue& queue;
    CommandDesk& desk;
    SystemClock& clock;
  };
  // All parts outlive it.
  explicit EngineDriver(Parts parts) : parts_(parts) {}

  // Until queue.close() was called and what had come before is answered. Links are then told
  // goodbye; they end when the transport is stopped. Or until this node must start anew: see
  // failed().
  void run();

  // Why run() ended by itself, if it did: the engine is broken, or the clock was set back too far.
  const std::optional<Error>& failed() const { return failed_; }

  void carry_out(Outputs outputs);

 private:
  void end_with(Error error);
  std::optional<Duration> report_jump();
  void note_head(Instant now);

  Parts parts_;
  std::optional<Error> failed_;
  OwnHead noted_;
  Instant next_note_{};
  bool note_failed_ = false;
};

}  // namespace simpul
