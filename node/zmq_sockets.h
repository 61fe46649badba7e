// The few things done to ZeroMQ sockets, so that the rules of zmq_transport.h are kept in one
// place. Internal to the zmq_* sources; throws zmq::error_t only where it says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "node/admission_gate.h"
#include "node/link_ledger.h"
#include "node/zmq_transport.h"

namespace simpul {

using SteadyTime = std::chrono::steady_clock::time_point;

inline constexpr const char* kZapDomain = "simpul";
// Command name, nonce, flags and authenticator that CURVE puts around a part.
inline constexpr std::size_t kCurveOverhead = 33;  // bytes
inline constexpr int kReadBatchFrames = 256;       // of one socket before others get a turn
inline constexpr std::size_t kReadBatchBytes = 4u << 20;
inline constexpr int kBlockedRetryMs = 20;  // looks again at full sockets, should a signal be lost

// What the parts of the loop share. Owned by the loop, used on its thread.
struct LinkHost {
  const ZmqTransportOptions& options;
  const SecretBytes& secret;
  const TransportKey& own_key;
  zmq::context_t& context;
  LinkLedger& ledger;
  AdmissionGate& gate;
  TransportSink& sink;
  bool reading = true;  // the sink has room

  void emit(TransportEvent&& event) {
    if (!sink(std::move(event))) reading = false;
  }
};

// A socket whose descriptor is polled. ZeroMQ signals edges: after any operation the socket
// has to be asked until it has nothing more.
class PolledSocket {
 public:
  PolledSocket(zmq::context_t& context, zmq::socket_type type);  // throws

  zmq::socket_t& operator*() { return socket_; }
  zmq::socket_t* operator->() { return &socket_; }
  int descriptor() const { return descriptor_; }

  // One part without waiting; empty when there is none.
  std::optional<zmq::message_t> receive();
  // 0, EAGAIN (full), EHOSTUNREACH (gone) or another errno. Copies: the bytes of large frames
  // cost far less to copy than to encrypt.
  int send(BytesView bytes, bool more);
  // Takes what ZeroMQ has to tell the socket, without reading, so that the descriptor rests.
  void settle();

 private:
  zmq::socket_t socket_;
  int descriptor_ = -1;
};

// Everything a socket of ours has in common: sizes, queues, keep-alive, no heartbeats. Throws.
void apply_common_options(PolledSocket& socket, const LinkHost& host);

// What a socket's monitor told.
struct SocketEvent {
  std::uint16_t kind = 0;   // ZMQ_EVENT_...
  std::uint32_t value = 0;  // a descriptor, errno or status, as the kind has it
};

// Reads the monitor of one socket. Always drained, for ZeroMQ's own thread blocks on a full one,
// and on one that nobody reads any more: so monitoring ends before the reader does.
class SocketMonitor {
 public:
  SocketMonitor(zmq::context_t& context, PolledSocket& watched, const std::string& name);  // throws
  ~SocketMonitor();  // `watched` is still there
  SocketMonitor(const SocketMonitor&) = delete;
  SocketMonitor& operator=(const SocketMonitor&) = delete;
  std::optional<SocketEvent> next();
  int descriptor() const { return reader_.descriptor(); }

 private:
  PolledSocket& watched_;
  PolledSocket reader_;
};

// Frames of one link that ZeroMQ has not taken yet; the ledger bounds their bytes.
using SendQueue = std::deque<Bytes>;

}  // namespace simpul
