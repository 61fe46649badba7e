#include "tests/simulation/roll_call.h"

#include <algorithm>

namespace simpul::sim {
namespace {

constexpr int kFirstPort = 1000;

std::string two_digits(std::size_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

struct Place {
  std::string id;
  MemberKind kind;
};

// Of five members one is a ministry, one a province, three are its regencies.
Place place_of(std::size_t number) {
  const std::string province = two_digits(11 + number / 5);
  if (number % 5 == 0) return {"ministry-" + std::to_string(number / 5 + 1), MemberKind::kMinistry};
  if (number % 5 == 1) return {province, MemberKind::kProvince};
  return {province + "." + two_digits(number % 5 - 1), MemberKind::kRegency};
}

Member member_of(const Seat& seat) {
  const Identity& who = seat.identity;
  return {.id = who.member,
          .kind = seat.kind,
          .name = "Member " + who.member.text(),
          .signing = {SigningPeriod{.version = 1, .key = who.keys.signing.verify_key()}},
          .sealing_version = 1,
          .sealing = who.keys.sealing.rbegin()->second.seal_key(),
          .transport = who.keys.transport.transport_key(),
          .endpoint = seat.endpoint};
}

}  // namespace

RollCall call_roll(std::size_t members, std::size_t hubs, Instant now, Prng& random) {
  const SigningKey root = SigningKey::generate(random);
  RollCall call;
  for (std::size_t i = 0; i < members; ++i) {
    const bool hub = i < hubs;
    const Place place =
        hub ? Place{i == 0 ? "hub" : "hub-" + std::to_string(i + 1), MemberKind::kHub}
            : place_of(i - hubs);
    Seat seat{.identity = {.member = *MemberId::parse(place.id),
                           .federation = "simulated",
                           .root = root.verify_key(),
                           .keys = Keystore::generate(place.id, random),
                           .root_key = std::nullopt,
                           .hubs = {}},
              .kind = place.kind,
              .endpoint = {}};
    if (i == 0) seat.identity.root_key = root.clone();
    if (hub || random.percent(30)) {
      seat.endpoint = "tcp://127.0.0.1:" + std::to_string(kFirstPort + static_cast<int>(i));
    }
    call.seats.push_back(std::move(seat));
  }
  Roster roster;
  roster.federation = "simulated";
  roster.issued = now;
  roster.expires = now + std::chrono::hours(24 * 365 * 3);
  roster.policy.roster_grace = std::chrono::hours(1);
  roster.policy.clocks = {
      .verify = 1, .follow_up = 1, .information = 1, .complaint = 1, .oversight = 2, .reply = 1};
  roster.ruling_hub = call.seats.front().identity.member;
  for (Seat& seat : call.seats) {
    roster.members.push_back(member_of(seat));
    for (std::size_t i = 0; i < hubs; ++i) {
      const Seat& hub = call.seats[i];
      if (&hub == &seat) continue;
      seat.identity.hubs.push_back(
          {hub.identity.member, hub.endpoint, hub.identity.keys.transport.transport_key()});
    }
  }
  std::ranges::sort(roster.members, {}, &Member::id);
  auto signed_roster = sign_roster(roster, root);
  SIMPUL_CHECK(signed_roster.has_value());
  call.roster = *std::move(signed_roster);
  return call;
}

}  // namespace simpul::sim
