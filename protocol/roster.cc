#include "protocol/roster.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "protocol/checkpoint.h"

namespace simpul {
namespace {

constexpr std::array kMemberKinds{"hub", "ministry", "province", "regency", "auditor"};

}  // namespace

const char* name_of(MemberKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  SIMPUL_CHECK(number < kMemberKinds.size());
  return kMemberKinds[number];
}

std::optional<MemberKind> member_kind_of(std::string_view name) {
  for (std::size_t number = 0; number < kMemberKinds.size(); ++number) {
    if (kMemberKinds[number] == name) return static_cast<MemberKind>(number);
  }
  return std::nullopt;
}

Result<WitnessedAt> cosigned_at(const Member& member, std::string_view federation,
                                std::string_view note) {
  const std::string name = cosigner_name(federation, member.id);
  Error why{ErrorCode::kNotFound, member.id.text() + " did not cosign"};
  for (const SigningPeriod& period : member.signing) {
    const auto time = verify_cosignature(note, name, period.key);
    if (time) return WitnessedAt{*time, period.key};
    if (time.error().code == ErrorCode::kBadSignature) why = time.error();
  }
  return std::unexpected(std::move(why));
}

bool has_cosigned(const Member& member, std::string_view federation, std::string_view note) {
  return cosigned_at(member, federation, note).has_value();
}

const VerifyKey& Member::signing_key(std::uint32_t generation, std::uint64_t size) const {
  SIMPUL_CHECK(!signing.empty());
  const std::uint64_t last_index = size == 0 ? 0 : size - 1;
  const VerifyKey* key = &signing.front().key;
  for (const SigningPeriod& period : signing) {
    if (std::tie(period.from_generation, period.from_index) > std::tie(generation, last_index)) {
      break;
    }
    key = &period.key;
  }
  return *key;
}

const Member* Roster::find(const MemberId& id) const {
  const auto at = std::ranges::lower_bound(members, id, {}, &Member::id);
  return at != members.end() && at->id == id ? &*at : nullptr;
}

const Member* Roster::find(const TransportKey& key) const {
  const auto at = std::ranges::find(members, key, &Member::transport);
  return at != members.end() ? &*at : nullptr;
}

bool Roster::is_hub(const MemberId& id) const {
  const Member* member = find(id);
  return member != nullptr && member->kind == MemberKind::kHub;
}

Result<void> check_succession(const SignedRoster& held, const SignedRoster& next) {
  const std::string number = std::to_string(next.roster.version);
  if (next.roster.federation != held.roster.federation) {
    return fail(ErrorCode::kNotAllowed, "roster of another federation: " + next.roster.federation);
  }
  if (next.roster.version < held.roster.version) {
    return fail(ErrorCode::kExpired, "roster " + number + " is older than the one held");
  }
  if (next.roster.version == held.roster.version) {
    if (next.hash == held.hash) {
      return fail(ErrorCode::kExpired, "roster " + number + " is already held");
    }
    return fail(ErrorCode::kConflict, "there are two rosters " + number +
                                          ": the root key signed both; keep them as proof");
  }
  if (next.roster.version - held.roster.version > 1) {
    return fail(ErrorCode::kNotYet,
                "roster " + number + " needs those between it and the one held");
  }
  if (next.roster.previous != held.hash) {
    return fail(ErrorCode::kConflict, "roster " + number +
                                          " follows another roster than the one held; keep both "
                                          "as proof");
  }
  return {};
}

RosterHealth roster_health(const Roster& roster, Instant now) {
  if (now < roster.expires) return RosterHealth::kValid;
  if (now < roster.expires + roster.policy.roster_grace) return RosterHealth::kGrace;
  return RosterHealth::kExpired;
}

}  // namespace simpul
