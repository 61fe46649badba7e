// A real node's transport on loopback with everything it reported, for tests that wait for
// conditions. Thread-safe; waits are bounded.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "node/zmq_transport.h"

namespace simpul {

class TransportProbe {
 public:
  explicit TransportProbe(std::uint64_t seed);
  // Listens on a free port. Other options as given.
  void start(std::shared_ptr<const AdmissionTable> table, ZmqTransportOptions options = {});

  ZmqTransport& transport() { return *transport_; }
  const std::string& endpoint() const { return transport_->endpoint(); }
  const TransportKey& key() const { return secret_.transport_key(); }
  const TransportSecret& secret() const { return secret_; }

  // Whether `condition` came true on the events so far, within twenty seconds.
  bool wait(const std::function<bool(const std::vector<TransportEvent>&)>& condition);
  bool wait_up(LinkId link);
  std::string wait_down(LinkId link);  // the reason; empty: it did not come
  // The links that peers opened, newest last; frames of a link as text.
  std::vector<LinkId> accepted() const;
  std::vector<std::string> frames(LinkId link) const;
  std::size_t frame_count() const;
  // The newest link that `peer` opened and the probe has seen come up; 0 if none came.
  LinkId wait_accepted(const TransportKey& peer, std::size_t count = 1);

  // From now on the sink has enough after every event, until let_go().
  void hold();
  void let_go();

 private:
  bool take(TransportEvent&& event);

  TransportSecret secret_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<TransportEvent> events_;  // guarded by mutex_
  bool held_ = false;                   // guarded by mutex_
  std::unique_ptr<ZmqTransport> transport_;
};

// Asks again every millisecond, for at most twenty seconds.
bool wait_until(const std::function<bool()>& condition);

std::shared_ptr<const AdmissionTable> admit(std::set<TransportKey> members,
                                            bool enrolment_open = false,
                                            std::set<TransportKey> refused = {});

}  // namespace simpul
