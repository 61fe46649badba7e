#include "protocol/roster_rules.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include "protocol/endpoint.h"
#include "protocol/utf8.h"

namespace simpul {
namespace {

using KeyBytes = std::array<std::uint8_t, 32>;

bool is_federation(std::string_view text) {
  return !text.empty() && text.size() <= kFederationSizeMax &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool is_instant(Instant instant) {
  return instant >= Instant{} && instant <= Instant(Duration(kInstantMax));
}

bool is_head(const HeadRef& head) {
  return !head.journal.member.empty() && head.journal.generation > 0;
}

void check_presence(const std::string& name, const std::string& endpoint, Intake& intake) {
  intake.require(!name.empty() && name.size() <= kNameSizeMax && is_plain_utf8(name),
                 "a member's name is 1 to 120 bytes of UTF-8 without control characters");
  intake.require(endpoint.empty() || is_endpoint(endpoint),
                 "a member's endpoint is tcp://HOST:PORT or empty");
}

// A key belongs to one member, one use and one version.
void take_key(const KeyBytes& key, std::set<KeyBytes>& seen, Intake& intake) {
  intake.require(key != KeyBytes{}, "a key is missing");
  intake.require(seen.insert(key).second, "a key is used twice");
}

void check_signing(const Member& member, std::set<KeyBytes>& keys, Intake& intake) {
  intake.require(!member.signing.empty() && member.signing.size() <= kSigningPeriodsMax,
                 "a member has 1 to 64 signing keys");
  const SigningPeriod* before = nullptr;
  for (const SigningPeriod& period : member.signing) {
    intake.require(period.version > 0 && period.from_generation > 0,
                   "versions of keys and generations are 1 or more");
    intake.require(before == nullptr || (before->version < period.version &&
                                         std::tie(before->from_generation, before->from_index) <
                                             std::tie(period.from_generation, period.from_index)),
                   "a member's signing keys stand in the order of their versions and beginnings");
    take_key(period.key.bytes, keys, intake);
    before = &period;
  }
}

void check_member(const Member& member, std::set<KeyBytes>& keys, Intake& intake) {
  intake.require(!member.id.empty(), "a member has no id");
  intake.require(member.kind <= MemberKind::kAuditor, "unknown kind of member");
  check_presence(member.name, member.endpoint, intake);
  check_signing(member, keys, intake);
  intake.require(member.sealing_version > 0, "versions of keys are 1 or more");
  take_key(member.sealing.bytes, keys, intake);
  take_key(member.transport.bytes, keys, intake);
  intake.require(member.revocations.size() <= kRevocationsMax, "too many revocations");
  for (const Revocation& revocation : member.revocations) {
    intake.require(
        is_head(revocation.last_good) && revocation.last_good.journal.member == member.id,
        "a revocation names a journal of its own member");
  }
}

constexpr std::chrono::days kLastDay{365 * 300};  // about the year 2270

void check_owners(const std::vector<CategoryOwner>& owners, Intake& intake) {
  const auto key = [](const CategoryOwner& owner) {
    return std::tie(owner.category, owner.region);
  };
  intake.require(owners.size() <= kCategoryOwnersMax, "at most 1000 owners of categories");
  intake.require(std::ranges::adjacent_find(owners, std::greater_equal{}, key) == owners.end(),
                 "owners stand in the order of category and region, each once");
  for (const CategoryOwner& each : owners) {
    intake.require(is_code(each.category), "an owner's category is a code");
    intake.require(each.region.empty() || is_code(each.region), "an owner's region is a code");
    intake.require(!each.owner.empty(), "a category is owned by nobody");
  }
}

void check_policy(const Policy& policy, Intake& intake) {
  intake.require(policy.max_declines > 0, "the policy refers after at least one decline");
  for (const Duration duration : {policy.offer_due, policy.auto_close_after, policy.roster_grace}) {
    intake.require(duration >= Duration{} && duration <= kPolicyDurationMax,
                   "a duration of the policy is out of range");
  }
  const ClockPolicy& clocks = policy.clocks;
  for (const std::uint32_t days : {clocks.verify, clocks.follow_up, clocks.information,
                                   clocks.complaint, clocks.oversight, clocks.reply}) {
    intake.require(days >= 1 && days <= kClockDaysMax,
                   "a limit of the policy is out of range: 1 to 1000 working days");
  }
  const RetentionPolicy& kept = policy.retention;
  for (const std::uint32_t days : {kept.information, kept.complaint, kept.oversight}) {
    intake.require(days <= kRetentionDaysMax, "cases are kept 36500 days, or for good");
  }
  intake.require(policy.reopen_within <= kRetentionDaysMax,
                 "cases are reopened within 36500 days, or at any time");
  const auto not_ascending = std::ranges::adjacent_find(policy.days_off, std::greater_equal{});
  intake.require(policy.days_off.size() <= kDaysOffMax && not_ascending == policy.days_off.end(),
                 "days off are at most 1000, each once, in order");
  const bool in_range = std::ranges::all_of(policy.days_off, [](LocalDay day) {
    return day.time_since_epoch() >= std::chrono::days{0} && day.time_since_epoch() <= kLastDay;
  });
  intake.require(in_range, "a day off is out of range");
  check_owners(policy.owners, intake);
}

}  // namespace

void check_roster(const Roster& roster, Intake& intake) {
  intake.require(is_federation(roster.federation), "a federation's id is [a-z0-9-]{1,40}");
  intake.require(roster.version > 0, "the first version is 1");
  intake.require((roster.version == 1) == roster.previous.is_zero(),
                 "each version but the first names the hash of the one before");
  intake.require(
      is_instant(roster.issued) && is_instant(roster.expires) && roster.issued < roster.expires,
      "it expires before it is issued");
  check_policy(roster.policy, intake);
  intake.require(roster.members.size() <= kRosterMembersMax, "too many members");
  intake.require(roster.former_rulings.size() <= kFormerRulingsMax &&
                     std::ranges::all_of(roster.former_rulings, is_head),
                 "too many former rulings, or one without a journal");
  intake.require(roster.retired_keys.size() <= kRetiredKeysMax, "too many retired keys");
  std::set<KeyBytes> keys;
  const Member* before = nullptr;
  for (const Member& member : roster.members) {
    if (!intake.good()) return;
    intake.require(before == nullptr || before->id < member.id,
                   "members stand in the order of their ids, each once");
    check_member(member, keys, intake);
    before = &member;
  }
  if (intake.good()) {
    intake.require(roster.is_hub(roster.ruling_hub), "the ruling hub is a member of kind hub");
  }
}

void check_enrolment(const EnrolmentRequest& request, Intake& intake) {
  intake.require(is_federation(request.federation), "a federation's id is [a-z0-9-]{1,40}");
  intake.require(!request.member.empty(), "it names no member");
  intake.require(request.kind <= MemberKind::kAuditor, "unknown kind of member");
  check_presence(request.name, request.endpoint, intake);
  std::set<KeyBytes> keys;
  take_key(request.signing.bytes, keys, intake);
  take_key(request.sealing.bytes, keys, intake);
  take_key(request.transport.bytes, keys, intake);
  intake.require(request.nonce.size() == kNonceSize, "its nonce is 16 bytes");
  intake.require(is_instant(request.expires), "its expiry is out of range");
}

}  // namespace simpul
