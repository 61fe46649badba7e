// Peers that do not keep the rules: raw ZeroMQ and raw TCP against a real transport.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <zmq.hpp>

#include "crypto/random.h"
#include "node/input_queue.h"
#include "tests/support/transport_probe.h"

namespace simpul {
namespace {

TransportSecret make_secret(std::uint64_t seed) {
  SeededRandom random(seed);
  return TransportSecret::generate(random);
}

// A DEALER that does as it pleases.
struct RawPeer {
  zmq::context_t context;
  zmq::socket_t socket{context, zmq::socket_type::dealer};
  TransportSecret secret;

  explicit RawPeer(std::uint64_t seed) : secret(make_secret(seed)) {
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::sndtimeo, 10'000);
    socket.set(zmq::sockopt::rcvtimeo, 10'000);
  }

  const TransportKey& key() const { return secret.transport_key(); }

  void connect(const TransportProbe& to) {
    socket.set(zmq::sockopt::curve_secretkey, zmq::buffer(secret.secret().data(), 32));
    socket.set(zmq::sockopt::curve_publickey, zmq::buffer(key().bytes));
    socket.set(zmq::sockopt::curve_serverkey, zmq::buffer(to.key().bytes));
    socket.connect(to.endpoint());
  }

  bool send(const std::string& text, bool more = false) {
    const auto flags = more ? zmq::send_flags::sndmore : zmq::send_flags::none;
    return socket.send(zmq::buffer(text), flags).has_value();
  }
};

std::uint64_t refused(TransportProbe& probe) {
  return probe.transport().stats().messages_refused;
}

int connect_tcp(const std::string& endpoint) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto port = std::stoul(endpoint.substr(endpoint.rfind(':') + 1));
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

// An honest link that must go on working whatever else happens.
struct Honest {
  TransportProbe node{100};
  LinkId link = 0;

  void join(TransportProbe& hub) {
    node.start(admit({hub.key()}));
    link = node.transport().dial(hub.endpoint(), hub.key());
    node.transport().send(link, to_bytes("hello"));
    REQUIRE(hub.wait_accepted(node.key()) != 0);
  }
  bool still_works(TransportProbe& hub) {
    const LinkId at_hub = hub.wait_accepted(node.key());
    const std::size_t before = hub.frames(at_hub).size();
    node.transport().send(link, to_bytes("still here"));
    return wait_until([&] { return hub.frames(at_hub).size() > before; });
  }
};

}  // namespace

TEST_CASE("a message of 5001 frames is refused and honest links go on", "[transport][trap]") {
  TransportProbe hub(1);
  RawPeer peer(2);
  Honest honest;
  hub.start(admit({peer.key(), honest.node.key()}));
  honest.join(hub);
  peer.connect(hub);
  REQUIRE(peer.send("hello"));
  const LinkId link = hub.wait_accepted(peer.key());
  REQUIRE(link != 0);
  const std::string part(1'000, 'x');
  for (int i = 0; i < 5'000; ++i) REQUIRE(peer.send(part, true));
  REQUIRE(peer.send(part));
  CHECK(hub.wait_down(link) == "the peer sent a message of several parts");
  CHECK(hub.frames(link) == std::vector<std::string>{"hello"});
  CHECK(honest.still_works(hub));
}

TEST_CASE("a peer that piles up more than the receive queue may hold is cut off",
          "[transport][trap]") {
  TransportProbe hub(1);
  RawPeer peer(2);
  Honest honest;
  hub.start(admit({peer.key(), honest.node.key()}), {.receive_queue_frames = 2});
  honest.join(hub);
  peer.socket.set(zmq::sockopt::reconnect_ivl, -1);
  peer.connect(hub);
  REQUIRE(peer.send("hello"));
  const LinkId link = hub.wait_accepted(peer.key());
  REQUIRE(link != 0);
  // The hub reads nothing, and still ZeroMQ takes in the parts of a message.
  hub.hold();
  REQUIRE(peer.send("stop here"));
  const std::string part(1u << 20, 'x');
  for (int i = 0; i < 100; ++i) REQUIRE(peer.send(part, true));
  REQUIRE(peer.send(part));
  CHECK(hub.wait_down(link) == "the peer sent more than a message may hold without ending it");
  CHECK(refused(hub) == 1);
  hub.let_go();
  CHECK(honest.still_works(hub));
}

TEST_CASE("an oversized frame ends the connection and is not delivered", "[transport][trap]") {
  TransportProbe hub(1);
  RawPeer peer(2);
  Honest honest;
  hub.start(admit({peer.key(), honest.node.key()}));
  honest.join(hub);
  peer.socket.set(zmq::sockopt::reconnect_ivl, -1);
  peer.connect(hub);
  REQUIRE(peer.send("hello"));
  const LinkId link = hub.wait_accepted(peer.key());
  REQUIRE(link != 0);
  peer.send(std::string(kFrameSizeMax + 1, 'x'));
  CHECK(hub.wait_down(link) == "the peer disconnected");
  CHECK(hub.frames(link) == std::vector<std::string>{"hello"});
  CHECK(honest.still_works(hub));
}

TEST_CASE("a peer that chooses its routing id is refused and takes nobody's mail",
          "[transport][trap]") {
  TransportProbe hub(1);
  RawPeer thief(2);
  Honest honest;
  hub.start(admit({thief.key(), honest.node.key()}));
  honest.join(hub);
  const LinkId victim = hub.wait_accepted(honest.node.key());
  thief.socket.set(zmq::sockopt::routing_id, "hub-mail");
  thief.connect(hub);
  REQUIRE(thief.send("give me the mail"));
  CHECK(wait_until([&] { return refused(hub) > 0; }));
  CHECK(hub.accepted() == std::vector<LinkId>{victim});
  hub.transport().send(victim, to_bytes("for the honest only"));
  CHECK(wait_until([&] { return honest.node.frames(honest.link).size() == 1; }));
}

TEST_CASE("a key without CURVE does not get in", "[transport][admission]") {
  TransportProbe hub(1);
  hub.start(admit({}, true));
  RawPeer peer(2);
  peer.socket.connect(hub.endpoint());
  CHECK(wait_until([&] { return hub.transport().stats().handshakes_failed > 0; }));
  CHECK(hub.accepted().empty());
}

TEST_CASE("connections that say nothing are dropped after the handshake interval",
          "[transport][trap]") {
  TransportProbe hub(1);
  hub.start(admit({}), {.handshake_ms = 200});
  std::vector<int> silent;
  for (int i = 0; i < 50; ++i) silent.push_back(connect_tcp(hub.endpoint()));
  CHECK(wait_until([&] { return hub.transport().stats().handshakes_failed == 50; }));
  CHECK(wait_until([&] { return hub.transport().stats().connections == 0; }));
  for (const int fd : silent) ::close(fd);
}

TEST_CASE("an admitted peer that never speaks is cut off", "[transport]") {
  TransportProbe hub(1);
  RawPeer peer(2);
  hub.start(admit({peer.key()}), {.first_frame_ms = 200});
  peer.socket.set(zmq::sockopt::reconnect_ivl, -1);
  peer.connect(hub);
  CHECK(wait_until([&] { return hub.transport().stats().connections == 1; }));
  CHECK(wait_until([&] { return hub.transport().stats().connections == 0; }));
}

TEST_CASE("what waits for a peer that never reads stays within its bound", "[transport][bounds]") {
  constexpr std::size_t kBound = 4u << 20;
  TransportProbe hub(1);
  RawPeer peer(2);
  Honest honest;
  hub.start(admit({peer.key(), honest.node.key()}),
            {.send_queue_frames = 2, .queued_bytes_max = kBound});
  honest.join(hub);
  peer.socket.set(zmq::sockopt::rcvhwm, 1);
  peer.socket.set(zmq::sockopt::rcvbuf, 4096);
  peer.socket.set(zmq::sockopt::reconnect_ivl, -1);
  peer.connect(hub);
  REQUIRE(peer.send("hello"));
  const LinkId link = hub.wait_accepted(peer.key());
  REQUIRE(link != 0);
  std::uint64_t most = 0;
  for (int i = 0; i < 1'000; ++i) {
    hub.transport().send(link, Bytes(64u << 10));
    for (const LinkTraffic& traffic : hub.transport().traffic()) {
      most = std::max(most, traffic.bytes_queued);
    }
  }
  CHECK(most > kBound / 2);
  CHECK(most <= kBound);
  CHECK_THAT(hub.wait_down(link), Catch::Contains("does not read"));
  CHECK(honest.still_works(hub));
}

TEST_CASE("what waits for an engine that is busy stays within its bound", "[transport][bounds]") {
  constexpr std::size_t kFrame = 256u << 10;
  constexpr std::size_t kBound = 2u << 20;
  InputQueue queue({.bytes_max = kBound});
  const TransportSecret secret = make_secret(1);
  RawPeer peer(2);
  auto hub = ZmqTransport::start(
      {.listen = "tcp://127.0.0.1:0", .receive_queue_frames = 2}, secret, admit({peer.key()}),
      [&](TransportEvent&& event) { return queue.push(std::move(event)); });
  REQUIRE(hub);
  peer.socket.set(zmq::sockopt::curve_secretkey, zmq::buffer(peer.secret.secret().data(), 32));
  peer.socket.set(zmq::sockopt::curve_publickey, zmq::buffer(peer.key().bytes));
  peer.socket.set(zmq::sockopt::curve_serverkey, zmq::buffer(secret.transport_key().bytes));
  peer.socket.set(zmq::sockopt::sndhwm, 2);
  peer.socket.set(zmq::sockopt::sndtimeo, 500);
  peer.socket.connect((*hub)->endpoint());
  // Nobody takes; sooner or later the peer cannot send either.
  const std::string frame(kFrame, 'x');
  std::size_t sent = 0;
  while (sent < 1'000 && peer.send(frame)) ++sent;
  CHECK(sent < 1'000);
  CHECK(queue.bytes() >= kBound);
  CHECK(queue.bytes() <= kBound + 2 * kFrame);
  // And once someone does, everything comes.
  std::size_t came = 0;
  CHECK(wait_until([&] {
    InputQueue::Batch batch = queue.take(Duration{1});
    if (batch.resume) (*hub)->resume();
    for (const Input& input : batch.inputs) came += std::holds_alternative<FrameIn>(input);
    return came == sent;
  }));
  (*hub)->stop(0);
}

}  // namespace simpul
