#include "node/tcp_connection.h"

#include <linux/tcp.h>
#include <netinet/in.h>

#include <cstring>

namespace simpul {

std::optional<TcpConnection> TcpConnection::of(int descriptor) {
  TcpConnection connection;
  connection.descriptor_ = descriptor;
  connection.peer_size_ = sizeof connection.peer_;
  auto* address = reinterpret_cast<sockaddr*>(&connection.peer_);
  if (::getpeername(descriptor, address, &connection.peer_size_) != 0) return std::nullopt;
  return connection;
}

bool TcpConnection::is_open() const {
  const auto now = of(descriptor_);
  return now && now->peer_size_ == peer_size_ && std::memcmp(&now->peer_, &peer_, peer_size_) == 0;
}

void TcpConnection::cut() const {
  if (is_open()) ::shutdown(descriptor_, SHUT_RDWR);
}

std::optional<std::uint64_t> TcpConnection::bytes_received() const {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (!is_open()) return std::nullopt;
  if (::getsockopt(descriptor_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return info.tcpi_bytes_received;
}

}  // namespace simpul
