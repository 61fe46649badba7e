// Links over ZeroMQ: one ROUTER that listens (CURVE server, ZAP domain "simpul"), one DEALER
// per link dialled (CURVE client). All sockets belong to one thread of this class; callers
// hand over through a queue. One of these per process: ZeroMQ wants a single context.
//
// What libzmq 4.3.4 makes necessary is written where it is done; in short:
//  - no ZMTP heartbeats (they abort the process); the session layer pings;
//  - ROUTER_MANDATORY and DONTWAIT, or frames vanish silently;
//  - peers are known by the key of their connection (User-Id), never by routing id; whoever
//    chooses a routing id is cut off;
//  - a message has exactly one part; a peer that piles up more than the receive queue may
//    hold (parts of a message that does not end are invisible to us) is cut off;
//  - keys not admitted get ZAP status 300, so that the same process gets in once approved.
#pragma once

#include <memory>
#include <string>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "node/transport.h"
#include "protocol/frame.h"

namespace simpul {

struct ZmqTransportOptions {
  std::string listen = {};        // "tcp://127.0.0.1:0"; empty: dial only
  int zmq_threads = 1;            // encryption runs there; a busy hub may want two
  int send_queue_frames = 16;     // in ZeroMQ, per link; at most this times kFrameSizeMax bytes
  int receive_queue_frames = 16;  // likewise
  std::size_t queued_bytes_max = 32u << 20;  // ours, per link; past it the link goes down
  int backlog = 256;                         // connections waiting to be accepted
  int handshake_ms = 8'000;                  // four round trips, by satellite, and a loss
  int connect_ms = 5'000;                    // TCP, when dialling
  int dial_ms = 15'000;                      // name, TCP and handshake together
  int first_frame_ms = 15'000;               // an accepted connection that says nothing is cut
  int strangers_per_second = 5;              // handshakes of unlisted keys while enrolment is open
  std::size_t strangers_max = 64;            // their links at a time
  std::size_t connections_max = 4096;        // accepted; past it only members get in
  int keepalive_idle_s = 60;  // TCP keep-alive: first probe, then every 15 s, 4 times
};

class ZmqTransport final : public Transport {
 public:
  // Binds and starts. Error::kUnavailable: the address is taken or wrong. The sink is called
  // from the transport's thread until stop() returns.
  static Result<std::unique_ptr<ZmqTransport>> start(ZmqTransportOptions options,
                                                     const TransportSecret& secret,
                                                     std::shared_ptr<const AdmissionTable> table,
                                                     TransportSink sink);
  ~ZmqTransport() override;  // stop(0)

  // Where it listens, with the port that was chosen; empty when it does not.
  const std::string& endpoint() const;

  // Closes every link after at most `flush_ms`, then every socket. All later calls do nothing.
  void stop(std::uint32_t flush_ms);

  LinkId dial(std::string_view endpoint, const TransportKey& server) override;
  void send(LinkId link, Bytes frame) override;
  void close(LinkId link, std::uint32_t flush_ms) override;
  void set_admission(std::shared_ptr<const AdmissionTable> table) override;
  void resume() override;
  TransportStats stats() const override;
  std::vector<LinkTraffic> traffic() const override;

 private:
  class Loop;
  explicit ZmqTransport(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace simpul
