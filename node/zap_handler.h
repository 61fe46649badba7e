// Answers ZeroMQ's question who may connect (ZAP, ZeroMQ RFC 27): CURVE only, by the admission
// table of the moment. Never answers 400: a peer's socket takes that as final and would have
// to be restarted after its approval; 300 lets it try again. Internal to the zmq_* sources.
#pragma once

#include <vector>

#include "node/zmq_sockets.h"

namespace simpul {

class ZapHandler {
 public:
  explicit ZapHandler(LinkHost& host);  // binds; must exist before a server socket. Throws.

  // Answers what is asked by now. True if it did anything.
  bool serve(SteadyTime now);
  int descriptor() const { return socket_.descriptor(); }

 private:
  bool admits(const TransportKey& key, SteadyTime now);
  bool stranger_may_come(SteadyTime now);
  void answer(const std::vector<zmq::message_t>& request, SteadyTime now);

  LinkHost& host_;
  PolledSocket socket_;
  SteadyTime second_began_{};
  int strangers_this_second_ = 0;
};

}  // namespace simpul
