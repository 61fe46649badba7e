#include "protocol/roster.h"

#include <catch2/catch.hpp>
#include <functional>

#include "protocol/endpoint.h"
#include "tests/unit/protocol/roster_example.h"

using namespace simpul;

namespace {

struct Fixture {
  SeededRandom random{31};
  SigningKey root = SigningKey::generate(random);
  Roster roster = example_roster(random);

  SignedRoster next_of(const SignedRoster& held) {
    Roster next = held.roster;
    ++next.version;
    next.previous = held.hash;
    return sign_roster(next, root).value();
  }
};

}  // namespace

TEST_CASE("a signed roster opens to what was signed", "[roster]") {
  Fixture f;
  f.roster.members[1].suspended = true;
  f.roster.members[1].revocations = {{{{f.roster.members[1].id, 1}, 10, sha256({})}}};
  f.roster.members[1].signing.push_back({2, SigningKey::generate(f.random).verify_key(), 2, 0});
  f.roster.former_rulings = {{{f.roster.ruling_hub, 1}, 10, sha256({})}};
  f.roster.retired_keys = {sha256({})};
  f.roster.policy.owners = {{"roads", "", f.roster.members[0].id},
                            {"roads", "51", f.roster.members[1].id}};
  const auto signed_roster = sign_roster(f.roster, f.root);
  REQUIRE(signed_roster);
  CHECK(signed_roster->hash == sha256(signed_roster->bytes));
  const auto opened = open_roster(signed_roster->bytes, f.root.verify_key());
  REQUIRE(opened);
  CHECK(opened->roster == f.roster);
  CHECK(opened->hash == signed_roster->hash);
}

TEST_CASE("a roster that was altered, cut or signed by another key is refused", "[roster]") {
  Fixture f;
  const Bytes bytes = sign_roster(f.roster, f.root).value().bytes;
  const VerifyKey& root = f.root.verify_key();
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    Bytes damaged = bytes;
    damaged[at] ^= 1;
    REQUIRE(open_roster(damaged, root).error().code == ErrorCode::kBadSignature);
    REQUIRE_FALSE(open_roster(BytesView(bytes).first(at), root));
  }
  Bytes longer = bytes;
  longer.resize(bytes.size() + 8);
  CHECK(open_roster(longer, root).error().code == ErrorCode::kBadSignature);
  const SigningKey other = SigningKey::generate(f.random);
  CHECK(open_roster(bytes, other.verify_key()).error().code == ErrorCode::kBadSignature);
  CHECK(open_roster(Bytes(kRosterSizeMax + 1), root).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("bytes that the root key signed are still read with care", "[roster]") {
  Fixture f;
  const Bytes bytes = sign_roster(f.roster, f.root).value().bytes;
  const auto resigned = [&](Bytes message) {
    Bytes tagged = to_bytes(kRosterDomain);
    append(tagged, message);
    Bytes out = to_bytes(f.root.sign(tagged));
    append(out, message);
    return out;
  };
  const Bytes message(bytes.begin() + 64, bytes.end());
  REQUIRE(open_roster(resigned(message), f.root.verify_key()));
  Bytes trailing = message;
  trailing.resize(message.size() + 8);
  CHECK(open_roster(resigned(trailing), f.root.verify_key()).error().code == ErrorCode::kMalformed);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < message.size(); ++at) {
    Bytes damaged = message;
    damaged[at] ^= 0x81;
    refused += !open_roster(resigned(damaged), f.root.verify_key());
  }
  CHECK(refused > 0);
}

TEST_CASE("a roster that breaks its own rules cannot be signed", "[roster]") {
  const std::function<void(Roster&)> breaks[] = {
      [](Roster& r) { r.federation = ""; },
      [](Roster& r) { r.federation = "Indonesia"; },
      [](Roster& r) { r.version = 0; },
      [](Roster& r) { r.version = 2; },
      [](Roster& r) { r.previous.bytes[0] = 1; },
      [](Roster& r) { r.expires = r.issued; },
      [](Roster& r) { r.expires = Instant::max(); },
      [](Roster& r) { r.policy.max_declines = 0; },
      [](Roster& r) { r.policy.roster_grace = Duration(-1); },
      [](Roster& r) { r.policy.offer_due = Duration::max(); },
      [](Roster& r) { r.policy.clocks.verify = 0; },
      [](Roster& r) { r.policy.clocks.oversight = 1'001; },
      [](Roster& r) { r.policy.days_off = {LocalDay{std::chrono::days{-1}}}; },
      [](Roster& r) {
        r.policy.days_off = {LocalDay{std::chrono::days{20'090}},
                             LocalDay{std::chrono::days{20'090}}};
      },
      [](Roster& r) {
        r.policy.owners = {{"Roads", "", r.members[0].id}};
      },
      [](Roster& r) {
        r.policy.owners = {{"roads", "Bali", r.members[0].id}};
      },
      [](Roster& r) {
        r.policy.owners = {{"roads", "", {}}};
      },
      [](Roster& r) {
        r.policy.owners = {{"roads", "", r.members[0].id}, {"roads", "", r.members[1].id}};
      },
      [](Roster& r) { r.ruling_hub = r.members[0].id; },
      [](Roster& r) { r.ruling_hub = {}; },
      [](Roster& r) { r.members.clear(); },
      [](Roster& r) { std::swap(r.members[0], r.members[1]); },
      [](Roster& r) { r.members[1].id = r.members[0].id; },
      [](Roster& r) { r.members[0].transport = r.members[1].transport; },
      [](Roster& r) { r.members[0].sealing = r.members[1].sealing; },
      [](Roster& r) { r.members[0].signing = r.members[1].signing; },
      [](Roster& r) { r.members[0].sealing.bytes = r.members[1].transport.bytes; },
      [](Roster& r) { r.members[0].transport = {}; },
      [](Roster& r) { r.members[0].signing.clear(); },
      [](Roster& r) { r.members[0].signing[0].from_generation = 0; },
      [](Roster& r) { r.members[0].signing.push_back(r.members[0].signing[0]); },
      [](Roster& r) { r.members[0].name = "a\nb"; },
      [](Roster& r) { r.members[0].name = "\xff"; },
      [](Roster& r) { r.members[0].name = ""; },
      [](Roster& r) { r.members[0].name = std::string(kNameSizeMax + 1, 'a'); },
      [](Roster& r) { r.members[0].endpoint = "tcp://*:7100"; },
      [](Roster& r) { r.members[0].kind = static_cast<MemberKind>(5); },
      [](Roster& r) { r.members[0].sealing_version = 0; },
      [](Roster& r) {
        r.members[0].revocations = {{{{r.members[1].id, 1}, 1, {}}}};
      },
      [](Roster& r) { r.former_rulings = {HeadRef{}}; },
      [](Roster& r) { r.retired_keys = {Digest{}}; },
  };
  std::size_t number = 0;
  for (const auto& breaking : breaks) {
    Fixture f;
    breaking(f.roster);
    INFO("rule " << number++);
    const auto signed_roster = sign_roster(f.roster, f.root);
    REQUIRE_FALSE(signed_roster);
    CHECK(signed_roster.error().code == ErrorCode::kMalformed);
  }
}

TEST_CASE("members are found by id and by transport key", "[roster]") {
  Fixture f;
  for (const Member& member : f.roster.members) {
    CHECK(f.roster.find(member.id) == &member);
    CHECK(f.roster.find(member.transport) == &member);
    CHECK(f.roster.is_hub(member.id) == (member.id.text() == "hub"));
  }
  CHECK(f.roster.find(MemberId::parse("52").value()) == nullptr);
  CHECK(f.roster.find(TransportKey{}) == nullptr);
  CHECK_FALSE(f.roster.is_hub(MemberId{}));
}

TEST_CASE("the signing key is that of the last event covered", "[roster]") {
  Fixture f;
  Member member = f.roster.members[0];
  const VerifyKey first = member.signing[0].key;
  const VerifyKey second = f.roster.members[1].signing[0].key;
  const VerifyKey third = f.roster.members[2].signing[0].key;
  member.signing.push_back({2, second, 1, 100});
  member.signing.push_back({3, third, 3, 5});
  CHECK(member.signing_key(1, 0) == first);
  CHECK(member.signing_key(1, 100) == first);
  CHECK(member.signing_key(1, 101) == second);
  CHECK(member.signing_key(2, 1) == second);
  CHECK(member.signing_key(3, 5) == second);
  CHECK(member.signing_key(3, 6) == third);
  CHECK(member.signing_key(4, 0) == third);
}

TEST_CASE("a roster is replaced by its successor alone", "[roster]") {
  Fixture f;
  const SignedRoster first = sign_roster(f.roster, f.root).value();
  const SignedRoster second = f.next_of(first);
  const SignedRoster third = f.next_of(second);
  CHECK(check_succession(first, second));
  CHECK(check_succession(second, first).error().code == ErrorCode::kExpired);
  CHECK(check_succession(second, second).error().code == ErrorCode::kExpired);
  CHECK(check_succession(first, third).error().code == ErrorCode::kNotYet);

  Roster other = second.roster;
  other.policy.max_declines = 4;
  const SignedRoster forked = sign_roster(other, f.root).value();
  CHECK(check_succession(second, forked).error().code == ErrorCode::kConflict);
  CHECK(check_succession(forked, third).error().code == ErrorCode::kConflict);

  Roster foreign = second.roster;
  foreign.federation = "elsewhere";
  CHECK(check_succession(first, sign_roster(foreign, f.root).value()).error().code ==
        ErrorCode::kNotAllowed);
}

TEST_CASE("a roster expires in steps", "[roster]") {
  Fixture f;
  const Instant expires = f.roster.expires;
  CHECK(roster_health(f.roster, expires - Duration(1)) == RosterHealth::kValid);
  CHECK(roster_health(f.roster, expires) == RosterHealth::kGrace);
  const Instant end = expires + f.roster.policy.roster_grace;
  CHECK(roster_health(f.roster, end - Duration(1)) == RosterHealth::kGrace);
  CHECK(roster_health(f.roster, end) == RosterHealth::kExpired);
}

TEST_CASE("endpoints are addresses or names with a port", "[roster]") {
  for (const char* text :
       {"tcp://127.0.0.1:7100", "tcp://[::1]:1", "tcp://[2001:db8::7]:65535",
        "tcp://[1:2:3:4:5:6:7:8]:80", "tcp://hub:7100", "tcp://simpul.badungkab.go.id:7100"}) {
    INFO(text);
    CHECK(is_endpoint(text));
  }
  for (const char* text : {"",
                           "tcp://",
                           "tcp://:7100",
                           "tcp://hub",
                           "tcp://hub:",
                           "tcp://hub:0",
                           "tcp://hub:65536",
                           "tcp://hub:07",
                           "udp://hub:1",
                           "tcp://*:7100",
                           "tcp://1.2.3:7",
                           "tcp://1.2.3.256:7",
                           "tcp://1.2.3.04:7",
                           "tcp://[1::2::3]:7",
                           "tcp://[1:2:3:4:5:6:7]:7",
                           "tcp://[:1]:7",
                           "tcp://[12345::]:7",
                           "tcp://::1:7",
                           "tcp://a..b:7",
                           "tcp://-a:7",
                           "tcp://a_b:7",
                           "tcp://hub:7100/x",
                           "tcp://hub:7100 ",
                           "ipc:///tmp/x",
                           "tcp://eth0;1.2.3.4:7"}) {
    INFO(text);
    CHECK_FALSE(is_endpoint(text));
  }
}
