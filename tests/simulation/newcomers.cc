#include "tests/simulation/newcomers.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kFirstPort = 5000;

}  // namespace

Seat newcomer(World& world, std::size_t number, Prng& random) {
  SIMPUL_CHECK(number < kNewcomersMax);
  const Identity& hub = world.nodes().front()->identity;
  const std::string id = "91." + std::string(number < 9 ? "0" : "") + std::to_string(number + 1);
  Seat seat{.identity = {.member = *MemberId::parse(id),
                         .federation = hub.federation,
                         .root = hub.root,
                         .keys = Keystore::generate(id, random),
                         .root_key = std::nullopt,
                         .hubs = {}},
            .kind = MemberKind::kRegency,
            .endpoint = {}};
  if (random.percent(30)) {
    seat.endpoint = "tcp://127.0.0.1:" + std::to_string(kFirstPort + number);
  }
  for (std::size_t i = 0; i < world.options().hubs; ++i) {
    const MemberNode& each = *world.nodes()[i];
    seat.identity.hubs.push_back(
        {each.identity.member, each.endpoint, each.identity.keys.transport.transport_key()});
  }
  return seat;
}

}  // namespace simpul::sim
