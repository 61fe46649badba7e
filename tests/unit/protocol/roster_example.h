// A small valid roster for tests.
#pragma once

#include "protocol/roster.h"

namespace simpul {

inline Member example_member(const char* id, MemberKind kind, Random& random) {
  Member member;
  member.id = MemberId::parse(id).value();
  member.kind = kind;
  member.name = std::string("Member ") + id;
  member.signing = {{1, SigningKey::generate(random).verify_key(), 1, 0}};
  member.sealing = SealingKey::generate(random).seal_key();
  member.transport = TransportSecret::generate(random).transport_key();
  return member;
}

inline Roster example_roster(Random& random) {
  Roster roster;
  roster.federation = "indonesia-test";
  roster.issued = Instant(Duration(1'760'000'000'000));
  roster.expires = roster.issued + std::chrono::hours{24 * 90};
  roster.ruling_hub = MemberId::parse("hub").value();
  roster.members = {example_member("51", MemberKind::kProvince, random),
                    example_member("51.03", MemberKind::kRegency, random),
                    example_member("hub", MemberKind::kHub, random),
                    example_member("kemenpanrb", MemberKind::kMinistry, random)};
  roster.members[2].endpoint = "tcp://hub.example.go.id:7100";
  return roster;
}

}  // namespace simpul
