// A peer on a real socket that does what the test says: a CURVE DEALER with a member's keys, or a
// stranger's, that dials a running node. Every frame, legal or not, is the test's; nothing is
// answered by itself. Not thread-safe; threads each have their own.
#pragma once

#include <optional>
#include <zmq.hpp>

#include "node/federation_file.h"
#include "node/home.h"
#include "node/identity.h"
#include "protocol/frame.h"

namespace simpul {

class WirePeer {
 public:
  struct Options {
    bool reads = true;  // false: takes as little as ZeroMQ and the kernel let it
  };

  WirePeer(const TransportSecret& secret, const HubAddress& to, Options options);
  WirePeer(const TransportSecret& secret, const HubAddress& to) : WirePeer(secret, to, Options{}) {}

  // False when the socket takes no more.
  bool send(const Frame& frame);
  bool send_raw(BytesView bytes);
  // What comes within the limit; nullopt if nothing does. Only the test's patience ends a wait: a
  // DEALER does not say that it was cut off.
  std::optional<Frame> receive(std::chrono::milliseconds limit);
  // Says hello and waits for the welcome.
  bool greet(const Identity& identity, std::chrono::milliseconds limit);

 private:
  zmq::socket_t socket_;
};

Hello hello_of(const Identity& identity);
// The identity of a member whose home the test made with a passphrase kept.
Identity identity_in(const Home& home);

}  // namespace simpul
