// Rosters. The input is the message alone, which the target signs, so that what lies behind the
// signature is reached; as it stands it must be refused. One that is accepted keeps the rules that
// everyone relies on, reads the same from any address, and written again reads as the same value.
#include "protocol/roster.h"
#include "tests/fuzz/samples.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

void check_member(const Roster& roster, const Member& member) {
  SIMPUL_CHECK(roster.find(member.id) == &member);
  SIMPUL_CHECK(roster.find(member.transport) == &member);
  SIMPUL_CHECK(roster.is_hub(member.id) == (member.kind == MemberKind::kHub));
  SIMPUL_CHECK(!member.signing.empty() && member.name.size() <= kNameSizeMax);
  SIMPUL_CHECK(member.endpoint.size() <= kEndpointSizeMax);
  for (const SigningPeriod& period : member.signing) {
    SIMPUL_CHECK(member.signing_key(period.from_generation, period.from_index + 1) == period.key);
  }
  SIMPUL_CHECK(!member.signing_key(0, 0).is_zero());
  SIMPUL_CHECK(!member.signing_key(~0u, ~0ull).is_zero());
}

void check_rules(const SignedRoster& held) {
  const Roster& roster = held.roster;
  SIMPUL_CHECK(roster.members.size() <= kRosterMembersMax && roster.version > 0);
  SIMPUL_CHECK(roster.is_hub(roster.ruling_hub) && roster.issued < roster.expires);
  for (const Member& member : roster.members) check_member(roster, member);
  SIMPUL_CHECK(roster_health(roster, roster.issued) == RosterHealth::kValid);
  SIMPUL_CHECK(roster_health(roster, roster.expires) != RosterHealth::kValid);
  SIMPUL_CHECK(roster_health(roster, roster.expires + roster.policy.roster_grace) ==
               RosterHealth::kExpired);
  SIMPUL_CHECK(!check_succession(held, held));
}

}  // namespace

void fuzz_roster(BytesView input) {
  const SigningKey& root = signing_key(kRootKey);
  SIMPUL_CHECK(!open_roster(input, root.verify_key()));
  const Bytes bytes = signed_message(input, kRosterDomain, root);
  const auto opened = open_roster(bytes, root.verify_key());
  const Unaligned moved(bytes);
  const auto again = open_roster(moved.view(), root.verify_key());
  SIMPUL_CHECK(opened.has_value() == again.has_value());
  if (!opened) return;
  SIMPUL_CHECK(opened->roster == again->roster && opened->bytes == bytes);
  SIMPUL_CHECK(opened->hash == sha256(bytes));
  check_rules(*opened);
  const auto rewritten = sign_roster(opened->roster, root);
  if (!rewritten) {
    // Parts that the input used twice are written twice.
    SIMPUL_CHECK(rewritten.error().code == ErrorCode::kTooLarge);
    return;
  }
  SIMPUL_CHECK(rewritten->roster == opened->roster);
}

void fuzz_enrolment(BytesView input) {
  SIMPUL_CHECK(!open_enrolment(input));
  const SigningKey& key = signing_key(kAuthorKey);
  const Bytes bytes = signed_message(input, kEnrolmentDomain, key);
  const auto request = open_enrolment(bytes);
  if (!request) return;
  SIMPUL_CHECK(request->signing == key.verify_key());
  SIMPUL_CHECK(bytes.size() <= 4096 && request->name.size() <= kNameSizeMax);
  SIMPUL_CHECK(request->nonce.size() == 16 && !request->member.empty());
  const auto rewritten = sign_enrolment(*request, key);
  if (!rewritten) {
    SIMPUL_CHECK(rewritten.error().code == ErrorCode::kTooLarge);
    return;
  }
  SIMPUL_CHECK(open_enrolment(*rewritten).value() == *request);
}

}  // namespace simpul::fuzz
