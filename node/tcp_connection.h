// One accepted TCP connection that ZeroMQ owns and cannot end by itself: libzmq 4.3.4 has no
// way to disconnect a single peer of a ROUTER. A message tells the descriptor it came from;
// shutting that down makes ZeroMQ see the end of the stream and free what it held for it.
//
// ZeroMQ may have closed the descriptor meanwhile and the number may be another file's, so
// everything here first checks that it still is a connection to the same address and port.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>

namespace simpul {

class TcpConnection {
 public:
  // Empty when the descriptor is no connected socket.
  static std::optional<TcpConnection> of(int descriptor);

  int descriptor() const { return descriptor_; }
  bool is_open() const;  // the descriptor is still this connection
  void cut() const;      // both directions; nothing if it is gone

  // Bytes the kernel has received on it so far; empty if it is gone.
  std::optional<std::uint64_t> bytes_received() const;

 private:
  TcpConnection() = default;
  int descriptor_ = -1;
  sockaddr_storage peer_{};
  socklen_t peer_size_ = 0;
};

}  // namespace simpul
