#include "tests/support/memory_transport.h"

#include <catch2/catch.hpp>

#include "tests/support/transport_probe.h"

namespace simpul {
namespace {

// Two nodes on one network with what each was told.
struct Twins {
  SeededRandom random{7};
  MemoryNetwork network{random};
  TransportSecret a_secret = TransportSecret::generate(random);
  TransportSecret b_secret = TransportSecret::generate(random);
  std::vector<TransportEvent> a_events, b_events;
  bool b_has_room = true;
  std::unique_ptr<MemoryTransport> a =
      network.attach("a", "", a_secret.transport_key(), [this](TransportEvent&& event) {
        a_events.push_back(std::move(event));
        return true;
      });
  std::unique_ptr<MemoryTransport> b =
      network.attach("b", "mem:b", b_secret.transport_key(), [this](TransportEvent&& event) {
        b_events.push_back(std::move(event));
        return b_has_room;
      });

  Twins() {
    a->set_admission(admit({b_secret.transport_key()}));
    b->set_admission(admit({a_secret.transport_key()}));
  }
  LinkId dial() { return a->dial("mem:b", b_secret.transport_key()); }
  void settle() {
    while (network.step()) {
    }
  }
};

std::vector<std::string> texts(const std::vector<TransportEvent>& events) {
  std::vector<std::string> all;
  for (const auto& event : events) {
    if (const auto* frame = std::get_if<FrameIn>(&event)) all.emplace_back(as_text(frame->bytes));
  }
  return all;
}

std::string last_reason(const std::vector<TransportEvent>& events) {
  const auto* down = events.empty() ? nullptr : std::get_if<LinkDown>(&events.back());
  return down == nullptr ? "" : down->reason;
}

}  // namespace

TEST_CASE("the memory twin carries frames in order whatever their delays", "[transport][memory]") {
  Twins twins;
  twins.network.set_faults({.delay_ms_min = 1, .delay_ms_max = 500});
  const LinkId link = twins.dial();
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) {
    sent.push_back(std::to_string(i));
    twins.a->send(link, to_bytes(sent.back()));
  }
  CHECK(twins.b_events.empty());
  twins.settle();
  CHECK(texts(twins.b_events) == sent);
  REQUIRE(std::holds_alternative<LinkUp>(twins.b_events.front()));
  CHECK(std::get<LinkUp>(twins.b_events.front()).peer == twins.a_secret.transport_key());
}

TEST_CASE("the memory twin ends links for partitions, deaths and closings", "[transport][memory]") {
  Twins twins;
  const LinkId link = twins.dial();
  twins.a->send(link, to_bytes("hello"));
  twins.settle();
  SECTION("a partition loses the frame and the link") {
    twins.network.set_partition("b", "a", true);
    twins.a->send(link, to_bytes("lost"));
    twins.settle();
    CHECK(last_reason(twins.a_events) == "the connection was lost");
    CHECK(last_reason(twins.b_events) == "the connection was lost");
    twins.dial();
    twins.settle();
    CHECK(last_reason(twins.a_events).starts_with("cannot connect"));
  }
  SECTION("a process that dies") {
    twins.b.reset();
    twins.settle();
    CHECK(last_reason(twins.a_events) == "the peer disconnected");
  }
  SECTION("a closing delivers what was sent before") {
    twins.a->send(link, to_bytes("bye"));
    twins.a->close(link, 1'000);
    twins.a->close(link, 1'000);
    twins.settle();
    CHECK(texts(twins.b_events) == std::vector<std::string>{"hello", "bye"});
    CHECK(last_reason(twins.a_events) == "closed here");
    CHECK(last_reason(twins.b_events) == "the peer disconnected");
  }
  SECTION("a suspension") {
    twins.b->set_admission(admit({}));
    twins.settle();
    CHECK(last_reason(twins.b_events).starts_with("the peer was suspended"));
    CHECK(last_reason(twins.a_events) == "the peer disconnected");
  }
  CHECK(texts(twins.b_events).front() == "hello");
}

TEST_CASE("the memory twin holds frames back while the sink has enough", "[transport][memory]") {
  Twins twins;
  const LinkId link = twins.dial();
  twins.b_has_room = false;
  twins.a->send(link, to_bytes("one"));
  twins.a->send(link, to_bytes("two"));
  twins.settle();
  CHECK(twins.b_events.size() == 2);  // up and the first
  twins.b_has_room = true;
  twins.b->resume();
  twins.settle();
  CHECK(texts(twins.b_events) == std::vector<std::string>{"one", "two"});
}

}  // namespace simpul
