#include "tests/support/wire_peer.h"

#include "node/config.h"
#include "node/init.h"

namespace simpul {
namespace {

constexpr int kPatienceMs = 1'000;  // for a full socket

zmq::context_t& context() {
  static zmq::context_t one;
  return one;
}

}  // namespace

WirePeer::WirePeer(const TransportSecret& secret, const HubAddress& to, Options options)
    : socket_(context(), zmq::socket_type::dealer) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::sndtimeo, kPatienceMs);
  socket_.set(zmq::sockopt::reconnect_ivl, -1);
  if (!options.reads) {
    socket_.set(zmq::sockopt::rcvhwm, 1);
    socket_.set(zmq::sockopt::rcvbuf, 4096);
  }
  socket_.set(zmq::sockopt::curve_secretkey, zmq::buffer(secret.secret().data(), 32));
  socket_.set(zmq::sockopt::curve_publickey, zmq::buffer(secret.transport_key().bytes));
  socket_.set(zmq::sockopt::curve_serverkey, zmq::buffer(to.transport.bytes));
  socket_.connect(to.endpoint);
}

bool WirePeer::send(const Frame& frame) {
  const auto bytes = encode_frame(frame);
  SIMPUL_CHECK(bytes.has_value());
  return send_raw(*bytes);
}

bool WirePeer::send_raw(BytesView bytes) {
  return socket_.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::none).has_value();
}

std::optional<Frame> WirePeer::receive(std::chrono::milliseconds limit) {
  socket_.set(zmq::sockopt::rcvtimeo, static_cast<int>(limit.count()));
  zmq::message_t message;
  if (!socket_.recv(message)) return std::nullopt;
  auto frame = decode_frame({message.data<std::uint8_t>(), message.size()});
  SIMPUL_CHECK(frame.has_value());
  return std::move(*frame);
}

bool WirePeer::greet(const Identity& identity, std::chrono::milliseconds limit) {
  if (!send(hello_of(identity))) return false;
  const auto answer = receive(limit);
  const auto* welcome = answer ? std::get_if<Hello>(&*answer) : nullptr;
  return welcome != nullptr && welcome->is_welcome;
}

Hello hello_of(const Identity& identity) {
  return {.federation = identity.federation, .member = identity.member, .software = "hostile"};
}

Identity identity_in(const Home& home) {
  const auto config = read_config(home.config());
  SIMPUL_CHECK(config.has_value());
  const auto passphrase = find_passphrase(home, {});
  SIMPUL_CHECK(passphrase.has_value());
  auto identity = open_identity(home, *config, *passphrase);
  SIMPUL_CHECK(identity.has_value());
  return std::move(*identity);
}

}  // namespace simpul
