// The roster: who belongs to the federation, with which keys, since when. Signed by the root
// key, numbered, each version naming the hash of the one before. Bytes once signed are kept
// and passed on as they are. Pure: expiry and validity are judged at an instant handed in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "protocol/event.h"
#include "protocol/ids.h"
#include "protocol/work_calendar.h"

namespace simpul {

inline constexpr std::size_t kRosterSizeMax = 4u << 20;  // bytes; 600 members need about 300 KiB
inline constexpr std::size_t kRosterMembersMax = 5000;
inline constexpr std::size_t kNameSizeMax = 120;  // bytes of UTF-8
inline constexpr std::size_t kEndpointSizeMax = 128;

enum class MemberKind : std::uint8_t {
  kHub = 0,
  kMinistry = 1,
  kProvince = 2,
  kRegency = 3,
  kAuditor = 4
};
const char* name_of(MemberKind kind);
std::optional<MemberKind> member_kind_of(std::string_view name);

// A signing key and from where in the member's journals it holds: from the first event of
// `from_generation` at `from_index` until the next entry's start.
struct SigningPeriod {
  std::uint32_t version = 1;
  VerifyKey key;
  std::uint32_t from_generation = 1;
  std::uint64_t from_index = 0;
  bool operator==(const SigningPeriod&) const = default;
};

// After a key was lost: events at or past (generation, size) are void.
struct Revocation {
  HeadRef last_good;
  bool operator==(const Revocation&) const = default;
};

struct Member {
  MemberId id;
  MemberKind kind = MemberKind::kRegency;
  std::string name;                    // as shown to people
  std::vector<SigningPeriod> signing;  // at least one, by (from_generation, from_index)
  std::uint32_t sealing_version = 1;
  SealKey sealing;
  TransportKey transport;
  std::string endpoint;  // "tcp://host:port" or empty (dials only)
  bool suspended = false;
  std::vector<Revocation> revocations;
  bool operator==(const Member&) const = default;

  // The key that signs checkpoints of `generation` at `size`.
  const VerifyKey& signing_key(std::uint32_t generation, std::uint64_t size) const;
};

// When `member` cosigned this checkpoint, and with which of the keys that it ever had.
struct WitnessedAt {
  Instant time{};
  VerifyKey key;
};
// Error::kNotFound if it did not, kBadSignature if its line verifies with none of its keys.
Result<WitnessedAt> cosigned_at(const Member& member, std::string_view federation,
                                std::string_view note);
bool has_cosigned(const Member& member, std::string_view federation, std::string_view note);

// Numbers that every node must use alike.
inline constexpr std::uint32_t kClockDaysMax = 1'000;
inline constexpr std::size_t kDaysOffMax = 1'000;

// Limits of a case's clocks, in working days: 1 to kClockDaysMax.
struct ClockPolicy {
  std::uint32_t verify = 3;
  std::uint32_t follow_up = 5;
  std::uint32_t information = 5;  // to complete, by class
  std::uint32_t complaint = 14;
  std::uint32_t oversight = 60;
  std::uint32_t reply = 10;  // the reporter's, after an answer
  bool operator==(const ClockPolicy&) const = default;
};

// Whose business cases of a category are, in a region and all that lies within it.
struct CategoryOwner {
  std::string category;  // code; those below it ("roads" has "roads.potholes") likewise
  std::string region;    // code; empty: everywhere
  MemberId owner;
  bool operator==(const CategoryOwner&) const = default;
};
inline constexpr std::size_t kCategoryOwnersMax = 1'000;

// How long a closed case's texts and files are kept, in days; 0: for good. At most
// kRetentionDaysMax.
struct RetentionPolicy {
  std::uint32_t information = 0;  // by class
  std::uint32_t complaint = 0;
  std::uint32_t oversight = 0;
  bool operator==(const RetentionPolicy&) const = default;
};
inline constexpr std::uint32_t kRetentionDaysMax = 36'500;

// What a policy that goes by class says of one.
template <class ByClass>
std::uint32_t limit_of(CaseClass of, const ByClass& policy) {
  switch (of) {
    case CaseClass::kInformation:
      return policy.information;
    case CaseClass::kComplaint:
      return policy.complaint;
    case CaseClass::kComplaintOversight:
      return policy.oversight;
  }
  return policy.complaint;
}

struct Policy {
  std::uint32_t max_declines = 3;  // then the custodian's engine refers
  Duration offer_due = std::chrono::hours{48};
  Duration auto_close_after = std::chrono::hours{240};
  Duration roster_grace = std::chrono::hours{720};  // known members go on this long past expiry
  ClockPolicy clocks;
  RetentionPolicy retention;
  std::uint32_t reopen_within = 0;    // days after it was closed; 0: at any time
  std::vector<LocalDay> days_off;     // ascending, distinct; at most kDaysOffMax
  std::vector<CategoryOwner> owners;  // by category and region, distinct; kCategoryOwnersMax
  bool operator==(const Policy&) const = default;
};

struct Roster {
  std::string federation;  // id: [a-z0-9-]{1,40}
  std::uint64_t version = 1;
  Digest previous;  // hash of the signed bytes of version - 1; zero for 1
  Instant issued{};
  Instant expires{};
  MemberId ruling_hub;
  std::vector<HeadRef> former_rulings;  // heads up to which former ruling hubs' journals rule
  Policy policy;
  std::vector<Member> members;       // sorted by id, distinct
  std::vector<Digest> retired_keys;  // SHA-256 of keys once listed or rejected: never re-enrol

  bool operator==(const Roster&) const = default;
  const Member* find(const MemberId& id) const;
  const Member* find(const TransportKey& key) const;
  bool is_hub(const MemberId& id) const;
};

// A roster with its signature, as it travels: signature 64 bytes || roster message bytes.
struct SignedRoster {
  Bytes bytes;
  Roster roster;
  Digest hash;  // SHA-256 of bytes
};

// Domain tag under which the root key signs.
inline constexpr std::string_view kRosterDomain = "simpul/roster/v1";

// Error::kMalformed if the roster breaks its own rules (order, duplicates, keys used twice, no
// ruling hub, ...).
Result<SignedRoster> sign_roster(const Roster& roster, const SigningKey& root);
// Error::kBadSignature, kMalformed, kTooLarge.
Result<SignedRoster> open_roster(BytesView bytes, const VerifyKey& root);

// Whether `next` may replace `held`: same federation, version one up and naming held's hash.
// Error::kConflict for another roster of the same version (a fork: keep both as proof), kExpired
// for an older version or the one held, kNotYet for a gap, which only the signature bridges.
Result<void> check_succession(const SignedRoster& held, const SignedRoster& next);

enum class RosterHealth { kValid, kGrace, kExpired };
RosterHealth roster_health(const Roster& roster, Instant now);

// Enrolment: what a new node asks for, signed by its own new signing key.
struct EnrolmentRequest {
  std::string federation;
  MemberId member;
  MemberKind kind = MemberKind::kRegency;
  std::string name;
  VerifyKey signing;
  SealKey sealing;
  TransportKey transport;
  std::string endpoint;
  Bytes nonce;  // 16 bytes
  Instant expires{};
  bool operator==(const EnrolmentRequest&) const = default;
};
inline constexpr std::string_view kEnrolmentDomain = "simpul/enrolment/v1";
// REQUIRES: request.signing is the key's. Error::kMalformed as open_enrolment would.
Result<Bytes> sign_enrolment(const EnrolmentRequest& request, const SigningKey& key);
Result<EnrolmentRequest> open_enrolment(BytesView bytes);  // checks the signature by its own key

}  // namespace simpul
