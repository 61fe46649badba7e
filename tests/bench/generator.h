// The load: a Feeder on a real ZeroMQ link to a node in this process.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "node/zmq_transport.h"
#include "tests/bench/feeder.h"

namespace simpul::bench {

class Generator {
 public:
  // Connects and waits until the hub has subscribed.
  Generator(const World& world, const std::string& member, const std::string& hub,
            const std::string& endpoint);
  ~Generator();

  // Sends them and waits until the last is acknowledged; seconds that took.
  double send(std::vector<JournalRecords> records);
  const LinkCounters& counters() const { return feeder_.counters(); }

 private:
  void post(std::vector<Bytes> frames);
  void wait_and_receive();

  Feeder feeder_;
  std::unique_ptr<ZmqTransport> transport_;
  LinkId link_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Bytes> inbox_;  // guarded
};

}  // namespace simpul::bench
