// The thread that owns every ZeroMQ socket of a transport, and the queue to it. Internal to
// the zmq_* sources.
#pragma once

#include <atomic>
#include <thread>
#include <unordered_map>

#include "node/command_queue.h"
#include "node/zap_handler.h"
#include "node/zmq_dialled_link.h"
#include "node/zmq_listener.h"
#include "node/zmq_transport.h"

namespace simpul {

class ZmqTransport::Loop {
 public:
  // Binds. Throws zmq::error_t.
  Loop(ZmqTransportOptions options, const TransportSecret& secret,
       std::shared_ptr<const AdmissionTable> table, TransportSink sink);
  ~Loop();

  void start();
  void stop(std::uint32_t flush_ms);  // waits for the thread

  const ZmqTransportOptions& options() const { return options_; }
  const std::string& endpoint() const { return endpoint_; }
  LinkId next_id() { return ++last_id_; }

  LinkLedger ledger;
  AdmissionGate gate;
  CommandQueue commands;

 private:
  void run();
  void obey(Command&& command);
  void obey(DialCommand&& dial);
  void obey(SendCommand&& send);
  void obey(CloseCommand&& close);
  void obey(StalledCommand&& stalled);
  void obey(ResumeCommand&& resume);
  void obey(StopCommand&& stop);
  bool step();
  void sweep();
  bool is_finished() const;
  void rest();
  int rest_ms() const;
  void shut();

  const ZmqTransportOptions options_;
  const SecretBytes secret_;
  const TransportKey own_key_;
  TransportSink sink_;
  std::atomic<LinkId> last_id_ = 0;
  std::string endpoint_;

  // The thread's own from start() on.
  std::unique_ptr<zmq::context_t> context_;
  LinkHost host_;
  std::unique_ptr<ZapHandler> zap_;
  std::unique_ptr<Listener> listener_;
  std::unordered_map<LinkId, std::unique_ptr<DialledLink>> dialled_;
  std::optional<SteadyTime> stop_at_;
  SteadyTime now_{};

  std::jthread thread_;
};

}  // namespace simpul
