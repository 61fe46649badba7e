// One link dialled from here: a DEALER of its own and the monitor that tells how it fares.
// Never reconnects. Internal to the zmq_* sources.
#pragma once

#include "node/zmq_sockets.h"

namespace simpul {

class DialledLink {
 public:
  // Throws zmq::error_t: bad endpoint, no descriptors left.
  DialledLink(LinkHost& host, std::shared_ptr<LinkAccount> account, std::string endpoint,
              SteadyTime now);

  // Monitor, reading, sending. True if it did anything.
  bool step(SteadyTime now);

  void queue(Bytes frame) { outgoing_.push_back(std::move(frame)); }
  void close(SteadyTime now, std::uint32_t flush_ms);
  void end(std::string reason);  // LinkDown; step() is not called again

  bool is_over() const { return over_; }
  bool is_blocked() const { return up_ && !outgoing_.empty(); }
  const LinkAccount& account() const { return *account_; }
  std::optional<SteadyTime> deadline() const;
  int socket_descriptor() const { return socket_.descriptor(); }
  int monitor_descriptor() const { return monitor_.descriptor(); }

 private:
  bool heed_monitor();
  void heed(const SocketEvent& event);
  bool read();
  bool flush();
  std::string failure() const;

  LinkHost& host_;
  const std::shared_ptr<LinkAccount> account_;
  const std::string endpoint_;
  PolledSocket socket_;
  SocketMonitor monitor_;
  SendQueue outgoing_;
  SteadyTime dial_deadline_;
  std::optional<SteadyTime> close_deadline_;  // set: closing
  bool connected_ = false;                    // TCP
  bool up_ = false;                           // handshake done, LinkUp given
  bool lost_ = false;  // the connection ended; what it brought is still to be read
  bool over_ = false;
};

}  // namespace simpul
