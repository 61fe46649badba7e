// Answers commands that come in over HOME/control.sock. A thread per connection, few
// connections, one large request at a time: memory is bounded. Whoever may open the socket may
// do anything; its file mode is the only lock.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "node/control_wire.h"

namespace simpul {

struct ControlCall {
  std::string name;
  Json arguments;
  std::size_t bytes = 0;  // that it came as
  std::string account;    // whose process asks, like "budi (1000)"
};

// Called from the connections' threads, several at once; may block.
using ControlHandler = std::function<Result<Json>(const ControlCall& request)>;

inline constexpr std::size_t kControlConnectionsMax = 64;
inline constexpr std::size_t kControlRequestLarge = 1u << 20;  // bytes

class ControlServer {
 public:
  static Result<std::unique_ptr<ControlServer>> start(const Home& home, ControlHandler handler);
  ~ControlServer();  // stop()

  // Takes no new connection, ends those there are and waits for their threads. Whatever the handler
  // waits for must have been answered, or be about to be.
  void stop();

 private:
  struct Connection {
    Descriptor socket;
    std::atomic<bool> done = false;
    std::thread thread;
  };

  ControlServer(Descriptor listener, Descriptor stop_signal, std::string path,
                ControlHandler handler);
  void accept_connections();
  void add(Descriptor socket);
  void serve(Connection& connection);
  bool serve_one(const Descriptor& socket);
  void reap();

  const Descriptor listener_;
  const Descriptor stop_signal_;
  const std::string path_;
  const ControlHandler handler_;
  std::mutex large_;
  std::mutex mutex_;  // guards connections_
  std::list<Connection> connections_;
  std::thread acceptor_;
};

}  // namespace simpul
