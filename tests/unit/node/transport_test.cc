#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/support/transport_probe.h"

namespace simpul {
namespace {

// Two nodes that know each other; `from` has dialled and said "hello".
struct Pair {
  TransportProbe from{1}, to{2};
  LinkId link = 0;      // at from
  LinkId accepted = 0;  // at to

  explicit Pair(const ZmqTransportOptions& options = {}) {
    to.start(admit({from.key()}), options);
    from.start(admit({to.key()}), options);
    dial();
  }

  void dial(std::size_t nth = 1) {
    link = from.transport().dial(to.endpoint(), to.key());
    from.transport().send(link, to_bytes("hello"));
    accepted = to.wait_accepted(from.key(), nth);
    REQUIRE(accepted != 0);
  }
};

bool has_text(TransportProbe& probe, LinkId link, const std::string& text) {
  return wait_until([&] {
    const auto frames = probe.frames(link);
    return std::find(frames.begin(), frames.end(), text) != frames.end();
  });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("two nodes exchange frames both ways, in order", "[transport]") {
  Pair pair;
  REQUIRE(pair.from.wait_up(pair.link));
  for (int i = 0; i < 500; ++i) {
    pair.from.transport().send(pair.link, to_bytes("up " + std::to_string(i)));
    pair.to.transport().send(pair.accepted, to_bytes("down " + std::to_string(i)));
  }
  REQUIRE(has_text(pair.to, pair.accepted, "up 499"));
  REQUIRE(has_text(pair.from, pair.link, "down 499"));
  const auto up = pair.to.frames(pair.accepted);
  REQUIRE(up.size() == 501);
  CHECK(up.front() == "hello");
  CHECK(up[250] == "up 249");
  CHECK(pair.from.frames(pair.link)[499] == "down 499");

  const auto traffic = pair.to.transport().traffic();
  REQUIRE(traffic.size() == 1);
  CHECK(traffic[0].peer == pair.from.key());
  CHECK(traffic[0].frames_in == 501);
  CHECK(traffic[0].frames_out == 500);
  CHECK(traffic[0].bytes_queued == 0);
  CHECK(pair.to.transport().stats().connections == 1);
}

TEST_CASE("a frame of the greatest size crosses whole", "[transport]") {
  Pair pair;
  Bytes frame(kFrameSizeMax, 0x5a);
  frame.back() = 0x01;
  pair.from.transport().send(pair.link, frame);
  REQUIRE(wait_until([&] { return pair.to.frame_count() == 2; }));
  CHECK(equal(as_bytes(pair.to.frames(pair.accepted)[1]), frame));
}

TEST_CASE("closing sends what was queued and ends the link at both sides", "[transport]") {
  Pair pair;
  REQUIRE(pair.from.wait_up(pair.link));
  SECTION("closed by the dialler") {
    pair.from.transport().send(pair.link, to_bytes("bye"));
    pair.from.transport().close(pair.link, 2'000);
    CHECK(pair.from.wait_down(pair.link) == "closed here");
    CHECK(pair.to.wait_down(pair.accepted) == "the peer disconnected");
    CHECK(pair.to.frames(pair.accepted).back() == "bye");
  }
  SECTION("closed by the listener") {
    pair.to.transport().send(pair.accepted, to_bytes("bye"));
    pair.to.transport().close(pair.accepted, 300);
    CHECK(pair.to.wait_down(pair.accepted) == "closed here");
    CHECK(contains(pair.from.wait_down(pair.link), "was lost"));
    CHECK(pair.from.frames(pair.link).back() == "bye");
  }
  CHECK(pair.to.transport().traffic().empty());
  CHECK(pair.from.transport().traffic().empty());
}

// ZeroMQ's own thread waits for ever to tell of a lost connection whose monitor is not read.
TEST_CASE("links that both sides close at once leave the transport able to dial",
          "[transport][trap]") {
  Pair pair;
  for (std::size_t round = 2; round < 150; ++round) {
    pair.from.transport().close(pair.link, 500);
    pair.to.transport().close(pair.accepted, 0);
    REQUIRE(pair.from.wait_down(pair.link) != "");
    REQUIRE(pair.to.wait_down(pair.accepted) != "");
    pair.dial(round);
  }
}

TEST_CASE("stopping flushes, ends every link and tells the peers", "[transport]") {
  Pair pair;
  REQUIRE(pair.from.wait_up(pair.link));
  pair.from.transport().send(pair.link, Bytes(3u << 20, 7));
  pair.from.transport().send(pair.link, to_bytes("last words"));
  pair.from.transport().stop(5'000);
  CHECK(pair.from.wait_down(pair.link) == "closed here");
  REQUIRE(pair.to.wait_down(pair.accepted) == "the peer disconnected");
  CHECK(pair.to.frames(pair.accepted).back() == "last words");
}

TEST_CASE("a dial that cannot succeed says why", "[transport]") {
  TransportProbe from(1), to(2), other(3);
  to.start(admit({from.key()}));
  from.start(admit({}));
  SECTION("nobody listens") {
    TransportProbe gone(4);
    gone.start(admit({}));
    const std::string endpoint = gone.endpoint();
    gone.transport().stop(0);
    const LinkId link = from.transport().dial(endpoint, gone.key());
    CHECK(contains(from.wait_down(link), "connection refused"));
  }
  SECTION("the server has another key than expected") {
    const LinkId link = from.transport().dial(to.endpoint(), other.key());
    CHECK(contains(from.wait_down(link), "another key than we think"));
    CHECK(to.accepted().empty());
  }
  SECTION("the endpoint is nonsense") {
    const LinkId link = from.transport().dial("nowhere", to.key());
    CHECK(contains(from.wait_down(link), "cannot dial nowhere"));
  }
}

TEST_CASE("an unlisted key is a stranger while enrolment is open, refused otherwise",
          "[transport][admission]") {
  TransportProbe hub(1), stranger(2);
  hub.start(admit({}, true));
  stranger.start(admit({}));
  const LinkId link = stranger.transport().dial(hub.endpoint(), hub.key());
  stranger.transport().send(link, to_bytes("enrol me"));
  const LinkId accepted = hub.wait_accepted(stranger.key());
  REQUIRE(accepted != 0);

  hub.transport().set_admission(admit({}));
  CHECK(contains(hub.wait_down(accepted), "removed from the roster"));
  CHECK(contains(stranger.wait_down(link), "was lost"));
  const LinkId again = stranger.transport().dial(hub.endpoint(), hub.key());
  CHECK(contains(stranger.wait_down(again), "handshake refused"));
  CHECK(hub.transport().stats().handshakes_refused == 1);
}

TEST_CASE("strangers are few at a time and members come in regardless", "[transport][admission]") {
  TransportProbe hub(1), member(2);
  hub.start(admit({member.key()}, true), {.strangers_per_second = 100, .strangers_max = 2});
  std::vector<std::unique_ptr<TransportProbe>> strangers;
  for (std::uint64_t i = 0; i < 4; ++i) {
    auto& probe = strangers.emplace_back(std::make_unique<TransportProbe>(10 + i));
    probe->start(admit({}));
    const LinkId link = probe->transport().dial(hub.endpoint(), hub.key());
    probe->transport().send(link, to_bytes("enrol me"));
    if (i < 2) {
      REQUIRE(hub.wait_accepted(probe->key()) != 0);
    } else {
      CHECK(contains(probe->wait_down(link), "was lost"));
    }
  }
  member.start(admit({}));
  const LinkId link = member.transport().dial(hub.endpoint(), hub.key());
  member.transport().send(link, to_bytes("hello"));
  CHECK(hub.wait_accepted(member.key()) != 0);
}

TEST_CASE("a key approved after its refusal gets in without a restart",
          "[transport][admission][trap]") {
  TransportProbe hub(1), late(2);
  hub.start(admit({}));
  late.start(admit({}));
  const LinkId refused = late.transport().dial(hub.endpoint(), hub.key());
  REQUIRE(contains(late.wait_down(refused), "handshake refused"));

  hub.transport().set_admission(admit({late.key()}));
  const LinkId link = late.transport().dial(hub.endpoint(), hub.key());
  late.transport().send(link, to_bytes("hello"));
  CHECK(hub.wait_accepted(late.key()) != 0);
}

TEST_CASE("revocation ends a live link and its next frame is not delivered",
          "[transport][admission][trap]") {
  Pair pair;
  pair.to.transport().set_admission(admit({pair.from.key()}, false, {pair.from.key()}));
  pair.from.transport().send(pair.link, to_bytes("after revocation"));
  CHECK(contains(pair.to.wait_down(pair.accepted), "suspended or removed"));
  CHECK(contains(pair.from.wait_down(pair.link), "was lost"));
  CHECK(pair.to.frames(pair.accepted) == std::vector<std::string>{"hello"});
}

TEST_CASE("a peer that does not read loses nothing accepted and is cut off at the limit",
          "[transport][trap]") {
  Pair pair({.queued_bytes_max = 4u << 20});
  pair.to.hold();
  pair.from.transport().send(pair.link, to_bytes("stop here"));
  std::size_t sent = 0;
  SECTION("below the limit everything arrives once it reads again") {
    for (; sent < 2'000; ++sent) pair.from.transport().send(pair.link, Bytes(1'000, 1));
    pair.to.let_go();
    CHECK(wait_until([&] { return pair.to.frame_count() == 2 + sent; }));
  }
  SECTION("past it the sender gives up with a reason and its memory stays bounded") {
    for (; sent < 200; ++sent) {
      pair.from.transport().send(pair.link, Bytes(1u << 20, 1));
      const auto traffic = pair.from.transport().traffic();
      if (!traffic.empty()) CHECK(traffic[0].bytes_queued <= 4u << 20);
    }
    CHECK(contains(pair.from.wait_down(pair.link), "does not read"));
    CHECK(pair.to.frame_count() <= 2);
  }
}

TEST_CASE("a listener whose peer does not read cuts it off and serves others",
          "[transport][trap]") {
  Pair pair({.queued_bytes_max = 4u << 20});
  REQUIRE(pair.from.wait_up(pair.link));
  pair.from.hold();
  for (int i = 0; i < 200; ++i) pair.to.transport().send(pair.accepted, Bytes(1u << 20, 1));
  CHECK(contains(pair.to.wait_down(pair.accepted), "does not read"));
  pair.from.let_go();
  CHECK(contains(pair.from.wait_down(pair.link), "was lost"));
  pair.dial(2);
  pair.to.transport().send(pair.accepted, to_bytes("welcome back"));
  CHECK(has_text(pair.from, pair.link, "welcome back"));
}

}  // namespace simpul
