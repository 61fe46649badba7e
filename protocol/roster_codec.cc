// The roster as it travels: signed, opened, read and written.
#include "protocol/capnp_roster.h"

#include <algorithm>
#include "protocol/roster_rules.h"

namespace simpul {
namespace {

constexpr const char* kOfRoster = "roster";

template <class List>
bool fits(const List& list, std::size_t max, Intake& intake) {
  intake.require(list.size() <= max, "a list is longer than its limit");
  return intake.good();
}

template <class List>
std::vector<HeadRef> read_heads(const List& from, std::size_t max, Intake& intake) {
  std::vector<HeadRef> heads;
  if (!fits(from, max, intake)) return heads;
  for (const auto& head : from) heads.push_back(read_head(head, intake));
  return heads;
}

Member read_member(wire::Member::Reader from, Intake& intake) {
  Member member;
  member.id = intake.member(view_of(from.getId()), "bad member id");
  member.kind = intake.choice(from.getKind(), MemberKind::kAuditor, "unknown kind of member");
  member.suspended = from.getSuspended();
  member.name = view_of(from.getName());
  member.endpoint = view_of(from.getEndpoint());
  member.sealing_version = from.getSealingVersion();
  member.sealing = key_of<SealKey>(from.getSealing());
  member.transport = key_of<TransportKey>(from.getTransport());
  const auto signing = from.getSigning();
  if (!fits(signing, kSigningPeriodsMax, intake)) return member;
  for (const auto& period : signing) {
    member.signing.push_back({period.getVersion(), key_of<VerifyKey>(period.getKey()),
                              period.getFromGeneration(), period.getFromIndex()});
  }
  for (auto& head : read_heads(from.getRevocations(), kRevocationsMax, intake)) {
    member.revocations.push_back({std::move(head)});
  }
  return member;
}

Policy read_policy(wire::Policy::Reader from, Intake& intake) {
  Policy policy{.max_declines = from.getMaxDeclines(),
                .offer_due = Duration(from.getOfferDue()),
                .auto_close_after = Duration(from.getAutoCloseAfter()),
                .roster_grace = Duration(from.getRosterGrace())};
  policy.clocks = {.verify = from.getVerifyDays(),
                   .follow_up = from.getFollowUpDays(),
                   .information = from.getInformationDays(),
                   .complaint = from.getComplaintDays(),
                   .oversight = from.getOversightDays(),
                   .reply = from.getReplyDays()};
  policy.retention = {.information = from.getKeepInformation(),
                      .complaint = from.getKeepComplaint(),
                      .oversight = from.getKeepOversight()};
  policy.reopen_within = from.getReopenWithin();
  const auto days_off = from.getDaysOff();
  if (!fits(days_off, kDaysOffMax, intake)) return policy;
  for (const std::int32_t day : days_off) {
    policy.days_off.push_back(LocalDay{std::chrono::days{day}});
  }
  const auto owners = from.getOwners();
  if (!fits(owners, kCategoryOwnersMax, intake)) return policy;
  for (const auto& owner : owners) {
    policy.owners.push_back({.category = std::string(view_of(owner.getCategory())),
                             .region = std::string(view_of(owner.getRegion())),
                             .owner = intake.member(view_of(owner.getMember()), "bad owner")});
  }
  return policy;
}

void write_days_off(const std::vector<LocalDay>& days_off, wire::Policy::Builder to) {
  if (days_off.empty()) return;
  auto list = to.initDaysOff(static_cast<unsigned>(days_off.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    list.set(i, static_cast<std::int32_t>(days_off[i].time_since_epoch().count()));
  }
}

void write_owners(const std::vector<CategoryOwner>& owners, wire::Policy::Builder to) {
  if (owners.empty()) return;
  auto list = to.initOwners(static_cast<unsigned>(owners.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    list[i].setCategory(text_of(owners[i].category));
    if (!owners[i].region.empty()) list[i].setRegion(text_of(owners[i].region));
    list[i].setMember(text_of(owners[i].owner.text()));
  }
}

void write_policy(const Policy& policy, wire::Policy::Builder to) {
  to.setMaxDeclines(policy.max_declines);
  to.setOfferDue(policy.offer_due.count());
  to.setAutoCloseAfter(policy.auto_close_after.count());
  to.setRosterGrace(policy.roster_grace.count());
  to.setReopenWithin(policy.reopen_within);
  to.setKeepInformation(policy.retention.information);
  to.setKeepComplaint(policy.retention.complaint);
  to.setKeepOversight(policy.retention.oversight);
  const auto days = [](std::uint32_t limit) {
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(limit, UINT16_MAX));
  };
  to.setVerifyDays(days(policy.clocks.verify));
  to.setFollowUpDays(days(policy.clocks.follow_up));
  to.setInformationDays(days(policy.clocks.information));
  to.setComplaintDays(days(policy.clocks.complaint));
  to.setOversightDays(days(policy.clocks.oversight));
  to.setReplyDays(days(policy.clocks.reply));
  write_days_off(policy.days_off, to);
  write_owners(policy.owners, to);
}

Roster read_roster(wire::Roster::Reader from, Intake& intake) {
  Roster roster;
  roster.federation = view_of(from.getFederation());
  roster.version = from.getVersion();
  roster.previous = digest_of(from.getPrevious());
  roster.issued = intake.instant(from.getIssued(), "its time of issue is out of range");
  roster.expires = intake.instant(from.getExpires(), "its expiry is out of range");
  roster.ruling_hub = intake.member(view_of(from.getRulingHub()), "bad ruling hub");
  roster.former_rulings = read_heads(from.getFormerRulings(), kFormerRulingsMax, intake);
  roster.policy = read_policy(from.getPolicy(), intake);
  roster.retired_keys =
      read_hashes(from.getRetiredKeys(), kRetiredKeysMax, "too many retired keys", intake);
  const auto members = from.getMembers();
  if (!fits(members, kRosterMembersMax, intake)) return roster;
  roster.members.reserve(members.size());
  for (const auto& member : members) {
    roster.members.push_back(read_member(member, intake));
    if (!intake.good()) break;
  }
  return roster;
}

void write_member(const Member& member, wire::Member::Builder to) {
  to.setId(member.id.text());
  to.setKind(static_cast<std::uint8_t>(member.kind));
  to.setSuspended(member.suspended);
  to.setName(member.name);
  if (!member.endpoint.empty()) to.setEndpoint(member.endpoint);
  to.setSealingVersion(member.sealing_version);
  set_words(to.initSealing(), member.sealing.bytes);
  set_words(to.initTransport(), member.transport.bytes);
  auto signing = to.initSigning(list_size(member.signing));
  for (unsigned i = 0; i < signing.size(); ++i) {
    signing[i].setVersion(member.signing[i].version);
    signing[i].setFromGeneration(member.signing[i].from_generation);
    signing[i].setFromIndex(member.signing[i].from_index);
    set_words(signing[i].initKey(), member.signing[i].key.bytes);
  }
  if (member.revocations.empty()) return;
  auto revocations = to.initRevocations(list_size(member.revocations));
  for (unsigned i = 0; i < revocations.size(); ++i) {
    write_head(member.revocations[i].last_good, revocations[i]);
  }
}

void write_roster(const Roster& roster, wire::Roster::Builder to) {
  to.setFederation(roster.federation);
  to.setVersion(roster.version);
  if (!roster.previous.is_zero()) set_words(to.initPrevious(), roster.previous.bytes);
  to.setIssued(roster.issued.time_since_epoch().count());
  to.setExpires(roster.expires.time_since_epoch().count());
  to.setRulingHub(roster.ruling_hub.text());
  write_policy(roster.policy, to.initPolicy());
  auto rulings = to.initFormerRulings(list_size(roster.former_rulings));
  for (unsigned i = 0; i < rulings.size(); ++i) write_head(roster.former_rulings[i], rulings[i]);
  auto members = to.initMembers(list_size(roster.members));
  for (unsigned i = 0; i < members.size(); ++i) write_member(roster.members[i], members[i]);
  write_hashes(roster.retired_keys, to.initRetiredKeys(list_size(roster.retired_keys)));
}

}  // namespace

Result<SignedRoster> sign_roster(const Roster& roster, const SigningKey& root) {
  Intake intake;
  check_roster(roster, intake);
  if (!intake.good()) return intake.error(kOfRoster);
  capnp::MallocMessageBuilder builder(kRosterSizeMax / kWordSize,
                                      capnp::AllocationStrategy::FIXED_SIZE);
  write_roster(roster, builder.initRoot<wire::Roster>());
  SIMPUL_TRY(message, write_message({}, builder));
  SIMPUL_TRY(again, open_roster(sign_message(message, kRosterDomain, root), root.verify_key()));
  if (again.roster != roster) {
    return fail(ErrorCode::kMalformed, "roster: it would be read otherwise than it was given");
  }
  return std::move(again);
}

Result<SignedRoster> open_roster(BytesView bytes, const VerifyKey& root) {
  SIMPUL_TRY(message, signed_message(bytes, kRosterSizeMax));
  SIMPUL_TRY_VOID(check_signature(bytes, kRosterDomain, root));
  SIMPUL_TRY(roster,
             read_message<wire::Roster>(message, [](wire::Roster::Reader from) -> Result<Roster> {
               Intake intake;
               Roster read = read_roster(from, intake);
               if (intake.good()) check_roster(read, intake);
               if (!intake.good()) return intake.error(kOfRoster);
               return read;
             }));
  return SignedRoster{to_bytes(bytes), std::move(roster), sha256(bytes)};
}

}  // namespace simpul
