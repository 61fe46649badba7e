// A node as the program runs it: an engine driven by the real clock on a thread of its own, over
// ZeroMQ and a store that syncs. For benchmarks.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "node/engine.h"
#include "node/zmq_transport.h"
#include "tests/bench/world.h"

namespace simpul::bench {

// What one step of an engine wrote, as the kernel counts it: a commit's scattered pages are what a
// sync waits for, so this is what to look at where a clock is not to be trusted.
struct StepWrites {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
};

class LiveNode {
 public:
  struct Options {
    std::string directory;
    std::string listen;  // empty: dials only
    bool sync = true;
    EngineOptions engine = {};
  };

  // `world` must outlive it. Runs until destroyed.
  LiveNode(const World& world, const std::string& member, Options options);
  ~LiveNode();

  Result<Json> call(const std::string& name, Json arguments);
  // Called on the node's thread after each step, its outputs not yet sent. Set before use.
  void on_step(std::function<void()> hook);
  // While it stands still, folding is put off for as long as the engine's options allow.
  void hold_clock(bool held);

  Store& store() { return store_; }
  TransportStats traffic() const { return transport_->stats(); }
  bool fully_indexed();
  std::uint64_t steps() const { return steps_; }
  // Of the step just done. For the hook.
  const StepWrites& last_writes() const { return last_writes_; }

 private:
  void run();
  Instant now();
  std::vector<Input> wait_for_inputs();
  void carry_out(Outputs& outputs);

  std::string member_;
  Store store_;
  SeededRandom random_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<ZmqTransport> transport_;
  std::function<void()> hook_;
  StepWrites last_writes_;  // the node's thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Input> inbox_;                        // guarded
  std::map<std::uint64_t, Result<Json>> replies_;  // guarded
  std::uint64_t next_command_ = 1;                 // guarded
  bool stalled_ = false;                           // guarded: the transport waits for resume()
  std::atomic<bool> stop_ = false;
  std::atomic<std::int64_t> held_at_ = 0;  // ms; 0: the clock runs
  std::atomic<std::uint64_t> steps_ = 0;
  std::thread thread_;
};

// The system clock, in the engine's terms.
Instant system_now();

}  // namespace simpul::bench
