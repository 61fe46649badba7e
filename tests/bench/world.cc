#include "tests/bench/world.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/bench/stopwatch.h"

namespace simpul::bench {

World::World(const std::vector<Seat>& seats) {
  SeededRandom random(2026);
  const SigningKey root = SigningKey::generate(random);
  Roster roster;
  roster.federation = "bench";
  roster.issued = kWorldStart;
  roster.expires = kWorldStart + std::chrono::hours{24 * 3650};
  for (const Seat& seat : seats) {
    Identity identity{.member = must(MemberId::parse(seat.id)),
                      .federation = roster.federation,
                      .root = root.verify_key(),
                      .keys = Keystore::generate(seat.id, random)};
    if (roster.ruling_hub.empty()) roster.ruling_hub = identity.member;
    roster.members.push_back(
        {.id = identity.member,
         .kind = seat.kind,
         .name = "Member " + seat.id,
         .signing = {SigningPeriod{.version = 1, .key = identity.keys.signing.verify_key()}},
         .sealing_version = 1,
         .sealing = identity.keys.sealing.rbegin()->second.seal_key(),
         .transport = identity.keys.transport.transport_key(),
         .endpoint = seat.endpoint});
    identities_.emplace(seat.id, std::move(identity));
  }
  std::ranges::sort(roster.members, {}, &Member::id);
  roster_ = must(sign_roster(roster, root));
}

std::shared_ptr<const AdmissionTable> World::admission() const {
  auto table = std::make_shared<AdmissionTable>();
  for (const Member& member : roster_.roster.members) table->members.insert(member.transport);
  return table;
}

Store World::open_store(const std::string& directory, bool sync) const {
  std::filesystem::create_directories(directory);
  Store store = must(Store::open(directory, {.map_size_bytes = 1ull << 38, .sync = sync}));
  WriteTransaction transaction(store.environment());
  Tables tables(transaction);
  if (!tables.rosters.newest()) {
    tables.rosters.put(roster_.roster.version, roster_.bytes);
    must(transaction.commit());
  }
  return store;
}

std::string free_endpoint() {
  const int file = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  SIMPUL_CHECK(::bind(file, raw, size) == 0 && ::getsockname(file, raw, &size) == 0);
  ::close(file);
  return "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

World small_world(const std::string& hub_endpoint) {
  return World({{"pusat", MemberKind::kHub, hub_endpoint},
                {"51.03", MemberKind::kRegency, ""},
                {"34.02", MemberKind::kRegency, ""}});
}

}  // namespace simpul::bench
