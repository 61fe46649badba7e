// Hostile peers on real sockets against a hub that runs: what honest members' work costs
// meanwhile is measured and printed, as is the hub's memory. Only what must hold on any machine is
// asserted: everything is delivered, nobody honest loses a link for it, memory is bounded.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <thread>

#include "crypto/encoding.h"
#include "node/engine/arguments.h"
#include "node/system_random.h"
#include "tests/support/federation_fixture.h"
#include "tests/support/forged_journal.h"
#include "tests/support/wire_peer.h"

namespace simpul {
namespace {

constexpr std::size_t kOffers = 120;               // in each of the two measurements
constexpr std::size_t kConnectionsMax = 2'000;     // of one attacker, in all
constexpr std::size_t kAttachmentBytes = 2 << 20;  // what the hoarder asks for again and again
constexpr std::uint64_t kGrowthMaxMib = 200;       // of the hub: three links' and its input queue
constexpr milliseconds kSoon{20};

// Resident memory of a process but for mapped files.
std::uint64_t anonymous_mib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(8)) >> 10;
  }
  return 0;
}

// A member's keys in hostile hands; its own process is stopped.
struct Attacker {
  const Identity identity;
  const HubAddress hub;
  std::atomic<std::size_t> connections = 0, greeted = 0;

  bool may_go_on(const std::stop_token& stop) {
    return !stop.stop_requested() && ++connections < kConnectionsMax;
  }
};

void wait(const std::stop_token& stop, milliseconds limit) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, limit, [] { return false; });
}

// Hammers handshakes with keys that nobody knows.
void hammer(const std::stop_token& stop, Attacker& as) {
  SystemRandom random;
  while (as.may_go_on(stop)) {
    WirePeer stranger(TransportSecret::generate(random), as.hub);
    stranger.send(hello_of(as.identity));
    stranger.receive(kSoon);
  }
}

// Goes on asking for a large enclosure over links that it never reads.
void hoard(const std::stop_token& stop, Attacker& as, const Digest& wanted) {
  while (as.may_go_on(stop)) {
    WirePeer peer(as.identity.keys.transport, as.hub, {.reads = false});
    peer.send(hello_of(as.identity));
    peer.send(Subscribe{.stream = {.is_mailbox = true}, .credit_bytes = ~std::uint64_t{0}});
    // As many as a link may send in a short time.
    for (int i = 0; i < 30; ++i) peer.send(RosterRequest{});
    for (int i = 0; i < 250; ++i) {
      if (!peer.send(EnclosureRequest{.digest = wanted, .count = kChunksPerRequestMax})) break;
    }
    wait(stop, seconds{1});  // then another takes its place
  }
}

// Reads, answers pings, grants nothing.
void starve(const std::stop_token& stop, Attacker& as) {
  while (as.may_go_on(stop)) {
    WirePeer peer(as.identity.keys.transport, as.hub);
    if (!peer.greet(as.identity, FederationFixture::kLimit)) continue;
    ++as.greeted;
    peer.send(Subscribe{.stream = {.is_mailbox = true}});
    for (bool up = true; up && !stop.stop_requested();) {
      const auto frame = peer.receive(kSoon);
      if (!frame) continue;
      if (const auto* ping = std::get_if<Ping>(&*frame)) peer.send(Ping{ping->nonce, true});
      up = !std::holds_alternative<Bye>(*frame);
    }
  }
}

// Says hello, misbehaves in one of many ways, is cut off and comes again.
void misbehave(const std::stop_token& stop, Attacker& as) {
  test::ForgedJournal journal({as.identity.member, 1}, as.identity);
  for (int i = 0; i < 100; ++i) journal.append(test::opened_event(journal.new_case()));
  const Bytes records = *encode_frame(journal.records(0, 100));
  const Bytes request = *encode_frame(CaseRequest{journal.new_case()});
  Bytes broken = request;
  broken.resize(broken.size() + 8);
  for (std::size_t turn = 0; as.may_go_on(stop); ++turn) {
    WirePeer peer(as.identity.keys.transport, as.hub);
    if (!peer.greet(as.identity, seconds{1})) continue;
    ++as.greeted;
    switch (turn % 5) {
      case 0:
        for (int i = 0; i < 50; ++i) peer.send_raw(records);  // valid, and again and again
        break;
      case 1:
        peer.send_raw(broken);
        break;
      case 2:
        for (int i = 0; i < 2'000; ++i) peer.send_raw(request);
        break;
      case 3:
        peer.send_raw(Bytes(kFrameSizeMax));
        break;
      case 4:
        for (int i = 0; i < 100; ++i) peer.send(Ping{});
        break;
    }
    for (int frames = 0; frames < 100; ++frames) {
      const auto frame = peer.receive(kSoon);
      if (!frame || std::holds_alternative<Bye>(*frame)) break;
    }
  }
}

// The largest enclosure of what waits for a member at the hub.
Digest largest_enclosure(const Attacker& as) {
  WirePeer peer(as.identity.keys.transport, as.hub);
  REQUIRE(peer.greet(as.identity, FederationFixture::kLimit));
  peer.send(Subscribe{.stream = {.is_mailbox = true}, .credit_bytes = 4u << 20});
  std::optional<EnclosureRef> largest;
  for (int frames = 0; frames < 100 && !largest; ++frames) {
    const auto frame = peer.receive(seconds{5});
    const auto* records = frame ? std::get_if<MailboxRecords>(&*frame) : nullptr;
    if (records == nullptr) continue;
    for (const ProvedGroup& group : records->groups) {
      for (const SparseEvent& event : group.events) {
        const auto decoded = decode_event(event.bytes);
        REQUIRE(decoded);
        for (const EnclosureRef& ref : decoded->enclosures) {
          const auto size = ref.commitment.padded_size;
          if (size > kAttachmentBytes && (!largest || size > largest->commitment.padded_size)) {
            largest = ref;
          }
        }
      }
    }
  }
  REQUIRE(largest);
  return largest->commitment.digest;
}

Instant time_of(const Json& timeline, const std::string& kind) {
  for (const Json& event : timeline["timeline"]) {
    if (event["kind"] != kind) continue;
    const auto time = parse_instant(event["logged"].get<std::string>());
    REQUIRE(time);
    return *time;
  }
  FAIL("no " << kind << " in " << timeline.dump(1));
  return {};
}

// Cases offered by 51.03 to 51 through the hub, one after the other; for each the milliseconds
// from the offer being recorded to its receipt being recorded by the other.
struct Measured {
  std::vector<std::int64_t> took_ms;  // sorted
  std::uint64_t hub_mib = 0;          // the most memory that the hub was seen to use
};

Measured offer(FederationFixture& federation, std::size_t count) {
  Measured measured;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = federation.call(
        "51.03", "case.open", {{"category", "roads"}, {"text", "Jalan berlubang"}})["case"];
    federation.call("51.03", "case.forward", {{"case", id}, {"to", "51"}});
    const Json timeline =
        federation.wait_for("51.03", "case.timeline", {{"case", id}}, [](const Json& answer) {
          return std::ranges::any_of(
              answer["timeline"], [](const Json& event) { return event["kind"] == "delivered"; });
        });
    measured.took_ms.push_back(
        (time_of(timeline, "delivered") - time_of(timeline, "forwarded")).count());
    measured.hub_mib = std::max(measured.hub_mib, anonymous_mib(federation.pid("hub")));
  }
  std::ranges::sort(measured.took_ms);
  return measured;
}

void print(const char* when, const Measured& measured) {
  const auto& took = measured.took_ms;
  std::printf(
      "FIGURE: offer to receipt through the hub, %s: p50 %lld ms, p99 %lld ms of %zu; "
      "the hub's memory %llu MiB\n",
      when, static_cast<long long>(took[took.size() / 2]),
      static_cast<long long>(took[took.size() * 99 / 100]), took.size(),
      static_cast<unsigned long long>(measured.hub_mib));
}

struct Siege {
  explicit Siege(FederationFixture& federation) {
    for (const char* id : {"13", "34", "36"}) {
      federation.add({.id = id, .kind = "province"});
      federation.stop(id);
    }
    // 34 is the one who must be given the attachment.
    const std::string id = federation.call(
        "51.03", "case.open", {{"category", "roads"}, {"text", "Foto terlampir"}})["case"];
    const std::string file(kAttachmentBytes, 'x');
    federation.call("51.03", "attach",
                    {{"case", id},
                     {"attachments", {{{"name", "x.bin"}, {"data", to_base64(as_bytes(file))}}}}});
    federation.call("51.03", "case.forward", {{"case", id}, {"to", "34"}});
    federation.wait_acknowledged("51.03");
    const Home& hub = federation.home("hub");
    const HubAddress address = read_federation(hub.federation())->hubs.at(0);
    const std::vector<std::pair<std::string, std::string>> deeds = {
        {"hammer", "13"}, {"misbehave", "13"}, {"hoard", "34"}, {"starve", "36"}};
    for (const auto& [deed, member] : deeds) {
      attackers.emplace(std::piecewise_construct, std::forward_as_tuple(deed),
                        std::forward_as_tuple(identity_in(federation.home(member)), address));
    }
  }

  void begin() {
    const Digest wanted = largest_enclosure(attackers.at("hoard"));
    const auto start = [this](const std::string& deed, auto what) {
      threads.emplace_back(
          [&as = attackers.at(deed), what](const std::stop_token& stop) { what(stop, as); });
    };
    start("hammer", hammer);
    start("misbehave", misbehave);
    start("starve", starve);
    start("hoard", [wanted](const auto& stop, Attacker& as) { hoard(stop, as, wanted); });
  }
  void end() { threads.clear(); }

  std::map<std::string, Attacker> attackers;
  std::vector<std::jthread> threads;  // declared last: they end first
};

TEST_CASE("hostile peers on real sockets hold up nobody and cost bounded memory",
          "[e2e][hostile]") {
  FederationFixture federation(SIMPUL_BINARY);
  federation.add({.id = "51", .kind = "province"});
  federation.add({.id = "51.03"});
  Siege siege(federation);
  offer(federation, 10);  // warm

  const Measured at_rest = offer(federation, kOffers);
  siege.begin();
  const Measured under_attack = offer(federation, kOffers);
  siege.end();
  const Measured afterwards = offer(federation, 20);

  print("at rest", at_rest);
  print("under attack", under_attack);
  print("afterwards", afterwards);
  for (const auto& [deed, attacker] : siege.attackers) {
    std::printf("FIGURE: %s: %zu connections, %zu greeted\n", deed.c_str(),
                attacker.connections.load(), attacker.greeted.load());
    CHECK(attacker.connections > 0);
  }
  const std::string log = federation.log("hub");
  for (const char* honest : {"51", "51.03"}) {
    CHECK_THAT(log, !Catch::Contains(std::string("link-refused: ") + honest + ":"));
    CHECK_THAT(log, !Catch::Contains(std::string("Link with ") + honest + " ended"));
    CHECK(federation.call(honest, "status")["alerts"].empty());
  }
  for (const char* refusal : {"malformed frame", "too many", "not in this node's roster"}) {
    CHECK_THAT(log, Catch::Contains(refusal));
  }
  CHECK(federation.call("hub", "log.verify")["verified"] == true);
  CHECK(under_attack.hub_mib < at_rest.hub_mib + kGrowthMaxMib);
}

}  // namespace
}  // namespace simpul
