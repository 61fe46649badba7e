#include "tests/fuzz/samples.h"

#include <map>

namespace simpul::fuzz {

namespace {

Member sample_member(const char* id, MemberKind kind, std::uint8_t signing, Random& random) {
  Member member;
  member.id = member_id(id);
  member.kind = kind;
  member.name = std::string("Anggota ") + id;
  member.signing = {{1, signing_key(signing).verify_key(), 1, 0}};
  member.sealing = SealingKey::generate(random).seal_key();
  member.transport = TransportSecret::generate(random).transport_key();
  return member;
}

}  // namespace

const SigningKey& signing_key(std::uint8_t number) {
  static std::map<std::uint8_t, SigningKey> keys;
  const auto found = keys.find(number);
  if (found != keys.end()) return found->second;
  return keys.emplace(number, SigningKey::from_seed(Bytes(32, number)).value()).first->second;
}

Bytes signed_message(BytesView message, std::string_view domain, const SigningKey& key) {
  Bytes covered = to_bytes(domain);
  append(covered, message);
  Bytes out = to_bytes(key.sign(covered));
  append(out, message);
  return out;
}

Roster sample_roster() {
  SeededRandom random(5);
  Roster roster;
  roster.federation = kFederation;
  roster.issued = Instant(Duration(1'767'225'600'000));
  roster.expires = roster.issued + std::chrono::hours{24 * 90};
  roster.ruling_hub = member_id("hub");
  roster.members = {sample_member("51", MemberKind::kProvince, kAuthorKey, random),
                    sample_member("51.03", MemberKind::kRegency, 11, random),
                    sample_member("hub", MemberKind::kHub, kHubKey, random),
                    sample_member("pupr", MemberKind::kMinistry, 12, random)};
  roster.members[2].endpoint = "tcp://hub.example.go.id:7100";
  return roster;
}

EnrolmentRequest sample_enrolment() {
  SeededRandom random(6);
  EnrolmentRequest request;
  request.federation = kFederation;
  request.member = member_id("34.04");
  request.name = "Sleman";
  request.signing = signing_key(kAuthorKey).verify_key();
  request.sealing = SealingKey::generate(random).seal_key();
  request.transport = TransportSecret::generate(random).transport_key();
  request.endpoint = "tcp://10.0.0.1:7100";
  request.nonce = Bytes(16, 7);
  request.expires = Instant(Duration(1'767'225'600'000));
  return request;
}

}  // namespace simpul::fuzz
