#include "node/zmq_sockets.h"

#include <cerrno>
#include <cstring>

namespace simpul {

PolledSocket::PolledSocket(zmq::context_t& context, zmq::socket_type type)
    : socket_(context, type), descriptor_(socket_.get(zmq::sockopt::fd)) {
  socket_.set(zmq::sockopt::linger, 0);
}

std::optional<zmq::message_t> PolledSocket::receive() {
  zmq::message_t message;
  if (zmq_msg_recv(message.handle(), socket_.handle(), ZMQ_DONTWAIT) < 0) return std::nullopt;
  return message;
}

int PolledSocket::send(BytesView bytes, bool more) {
  zmq::message_t message(bytes.data(), bytes.size());
  const int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
  return zmq_msg_send(message.handle(), socket_.handle(), flags) < 0 ? errno : 0;
}

void PolledSocket::settle() {
  [[maybe_unused]] const auto events = socket_.get(zmq::sockopt::events);
}

void apply_common_options(PolledSocket& socket, const LinkHost& host) {
  socket->set(zmq::sockopt::ipv6, true);
  // The limit is on what is on the wire, and that is encrypted.
  socket->set(zmq::sockopt::maxmsgsize, std::int64_t{kFrameSizeMax + kCurveOverhead});
  socket->set(zmq::sockopt::sndhwm, host.options.send_queue_frames);
  socket->set(zmq::sockopt::rcvhwm, host.options.receive_queue_frames);
  socket->set(zmq::sockopt::handshake_ivl, host.options.handshake_ms);
  socket->set(zmq::sockopt::tcp_keepalive, 1);
  socket->set(zmq::sockopt::tcp_keepalive_idle, host.options.keepalive_idle_s);
  socket->set(zmq::sockopt::tcp_keepalive_intvl, 15);
  socket->set(zmq::sockopt::tcp_keepalive_cnt, 4);
  socket->set(zmq::sockopt::curve_secretkey, zmq::buffer(host.secret.view().data(), 32));
}

SocketMonitor::SocketMonitor(zmq::context_t& context, PolledSocket& watched,
                             const std::string& name)
    : watched_(watched), reader_(context, zmq::socket_type::pair) {
  const std::string address = "inproc://" + name;
  if (zmq_socket_monitor(watched->handle(), address.c_str(), ZMQ_EVENT_ALL) != 0) {
    throw zmq::error_t();
  }
  reader_->connect(address);
}

SocketMonitor::~SocketMonitor() {
  (void)zmq_socket_monitor(watched_->handle(), nullptr, 0);
}

std::optional<SocketEvent> SocketMonitor::next() {
  const auto head = reader_.receive();
  if (!head) return std::nullopt;
  while (reader_->get(zmq::sockopt::rcvmore)) reader_.receive();  // the address, known anyway
  SocketEvent event;
  if (head->size() != sizeof event.kind + sizeof event.value) return event;
  const auto* bytes = static_cast<const std::uint8_t*>(head->data());
  std::memcpy(&event.kind, bytes, sizeof event.kind);
  std::memcpy(&event.value, bytes + sizeof event.kind, sizeof event.value);
  return event;
}

}  // namespace simpul
