#include "node/engine/membership.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "node/engine/arguments.h"
#include "node/engine/key_requests.h"
#include "node/engine/revocation.h"
#include "node/policy_file.h"

namespace simpul {
namespace {

constexpr std::size_t kPendingRequestsMax = 1'000;
constexpr std::uint32_t kGenerationsAheadMax = 64;  // a member's new key begins so soon
constexpr Duration kRosterValidity = std::chrono::hours(24 * 365);
constexpr const char* kRequestName = "enrolment-request";
constexpr const char* kStatusName = "enrolment-status";

Digest key_hash(BytesView key) {
  return sha256(key);
}

Json request_json(const EnrolmentRequest& request) {
  return {{"member", request.member.text()},
          {"kind", name_of(request.kind)},
          {"name", request.name},
          {"endpoint", request.endpoint},
          {"fingerprint", fingerprint(request.signing, request.sealing, request.transport)}};
}

Member member_from(const EnrolmentRequest& request) {
  return {.id = request.member,
          .kind = request.kind,
          .name = request.name,
          .signing = {SigningPeriod{.version = 1, .key = request.signing}},
          .sealing_version = 1,
          .sealing = request.sealing,
          .transport = request.transport,
          .endpoint = request.endpoint};
}

bool contains(const std::vector<Digest>& digests, const Digest& digest) {
  return std::ranges::find(digests, digest) != digests.end();
}

std::string fingerprint_with(const VerifyKey& signing, const Member& member) {
  return fingerprint(signing, member.sealing, member.transport);
}

std::uint32_t newest_generation(Tables& tables, const MemberId& member) {
  const auto heads = tables.journals.heads_of(member);
  return heads.empty() ? 1 : heads.back().id.generation;
}

Json key_request_json(const KeyRequest& request, const Member& member) {
  return {{"version", request.asked.version},
          {"fingerprint", fingerprint_with(request.asked.key, member)},
          {"from_generation", request.asked.from_generation},
          {"event", request.position.text()}};
}

std::optional<std::pair<Admission, EnrolmentRequest>> pending_of(Step& step, const MemberId& id) {
  for (Admission& admission : step.tables.admissions.all(EnrolState::kPending)) {
    auto request = open_enrolment(admission.request);
    if (request && request->member == id) return std::pair{std::move(admission), *request};
  }
  return std::nullopt;
}

}  // namespace

Result<Membership> Membership::load(Tables& tables, const Identity& self) {
  Membership membership;
  if (const auto bytes = tables.rosters.newest()) {
    SIMPUL_TRY(roster, open_roster(*bytes, self.root));
    membership.held_ = std::make_shared<const SignedRoster>(std::move(roster));
  }
  return membership;
}

Result<bool> Membership::adopt(Step& step, BytesView bytes) {
  SIMPUL_TRY(next, open_roster(bytes, step.self.root));
  if (next.roster.federation != step.self.federation) {
    return fail(ErrorCode::kConflict, "a roster of federation " + next.roster.federation);
  }
  if (held_) {
    if (next.hash == held_->hash) return false;
    const auto follows = check_succession(*held_, next);
    // A gap is crossed on the root's signature alone; older and forked rosters are refused.
    if (!follows && follows.error().code != ErrorCode::kNotYet) {
      if (follows.error().code == ErrorCode::kConflict) {
        step.alert("roster-fork", "Two rosters of version " + std::to_string(next.roster.version) +
                                      " are signed by the root key: " + follows.error().message);
      }
      return std::unexpected(follows.error());
    }
  }
  step.tables.rosters.put(next.roster.version, next.bytes);
  const auto before = std::exchange(held_, std::make_shared<const SignedRoster>(std::move(next)));
  if (before && roster().is_hub(step.self.member)) {
    for (const Member& member : roster().members) {
      const bool is_new = member.kind != MemberKind::kHub && !before->roster.find(member.id);
      if (is_new) tell_settlements(step, member.id);
    }
  }
  step.log(LogLevel::kInfo, "roster",
           "Roster version " + std::to_string(version()) + " with " +
               std::to_string(roster().members.size()) + " members is in force.");
  return true;
}

std::optional<Result<Json>> Membership::run(Step& step, const std::string& name,
                                            const Json& arguments) {
  if (name == "hub.admit") return admit(step, arguments);
  if (name == "hub.reject") return reject(step, arguments);
  if (name == "hub.suspend") return suspend(step, arguments, true);
  if (name == "hub.reinstate") return suspend(step, arguments, false);
  if (name == "hub.confirm-key") return confirm_key(step, arguments);
  if (name == "hub.revoke") return revoke(step, arguments);
  if (name == "hub.renew") return renew(step, arguments);
  if (name == "hub.policy") return policy(step, arguments);
  if (name == "hub.members") return members(step);
  if (name == "enrol") return ask_to_enrol(step, arguments);
  return std::nullopt;
}

EnrolStatus Membership::receive_enrolment(Step& step, const TransportKey& key, const Enrol& enrol) {
  const auto refused = [](std::string why) {
    return EnrolStatus{EnrolState::kRejected, std::move(why)};
  };
  const auto request = open_enrolment(enrol.request);
  if (!request) return refused(request.error().message);
  if (request->federation != step.self.federation) {
    return refused("this hub belongs to federation " + step.self.federation);
  }
  if (request->transport != key) return refused("the request names another key than the link's");
  if (request->expires < step.now) return refused("the request has expired; make a new one");
  if (const Member* member = roster().find(request->member)) {
    // Admitted while it was away: it asks again on its next link, and has no roster yet.
    if (member->transport == key) return {EnrolState::kAdmitted, "admitted"};
    return refused(request->member.text() + " is a member already");
  }
  if (const auto known = step.tables.admissions.get(key)) {
    return {known->state, known->reason};
  }
  const Digest signing = key_hash(request->signing.view());
  if (step.tables.admissions.is_retired(signing) || contains(roster().retired_keys, signing)) {
    return refused("these keys were retired; make new ones");
  }
  if (step.tables.admissions.all(EnrolState::kPending).size() >= kPendingRequestsMax) {
    return {EnrolState::kPending, "too many requests wait here; try again later"};
  }
  step.tables.admissions.put({.key = key, .request = enrol.request, .received = step.now});
  step.log(LogLevel::kInfo, "enrolment",
           request->member.text() + " (" + request->name + ") asks to be admitted; fingerprint " +
               fingerprint(request->signing, request->sealing, request->transport));
  return {EnrolState::kPending, "waiting for the hub's administrator"};
}

Result<Json> Membership::admit(Step& step, const Json& json) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.member("member"));
  auto found = pending_of(step, id);
  if (!found) return fail(ErrorCode::kNotFound, id.text() + " has not asked to be admitted");
  auto& [admission, request] = *found;
  const std::string shown = fingerprint(request.signing, request.sealing, request.transport);
  const std::string compared = arguments.text_or("fingerprint", "");
  if (!compared.empty() && compared != shown) {
    return fail(ErrorCode::kConflict, "the fingerprint of the request is " + shown +
                                          ", not the one given: do not admit it");
  }
  Roster next = roster();
  next.members.push_back(member_from(request));
  std::ranges::sort(next.members, {}, &Member::id);
  SIMPUL_TRY(issued, issue(step, std::move(next)));
  admission.state = EnrolState::kAdmitted;
  admission.reason = "admitted";
  admission.decided = step.now;
  step.tables.admissions.put(admission);
  issued["member"] = request_json(request);
  return std::move(issued);
}

Result<Json> Membership::reject(Step& step, const Json& json) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.member("member"));
  SIMPUL_TRY(reason, arguments.text("reason"));
  auto found = pending_of(step, id);
  if (!found) return fail(ErrorCode::kNotFound, id.text() + " has not asked to be admitted");
  auto& [admission, request] = *found;
  admission.state = EnrolState::kRejected;
  admission.reason = reason;
  admission.decided = step.now;
  step.tables.admissions.put(admission);
  step.tables.admissions.retire(key_hash(request.signing.view()));
  return Json{{"rejected", id.text()}, {"reason", reason}};
}

Result<Json> Membership::suspend(Step& step, const Json& json, bool suspended) {
  SIMPUL_TRY(id, Arguments(json).member("member"));
  Roster next = roster();
  const auto member = std::ranges::find(next.members, id, &Member::id);
  if (member == next.members.end()) return fail(ErrorCode::kNotFound, id.text() + " is no member");
  if (id == step.self.member) return fail(ErrorCode::kNotAllowed, "a hub cannot suspend itself");
  member->suspended = suspended;
  return issue(step, std::move(next));
}

// The old key signs what it signed; the new one all from the generation on that its owner kept
// for it, and nothing that is written yet.
Result<Json> Membership::confirm_key(Step& step, const Json& json) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.member("member"));
  SIMPUL_TRY(compared, arguments.text("fingerprint"));
  Roster next = roster();
  const auto member = std::ranges::find(next.members, id, &Member::id);
  if (member == next.members.end()) return fail(ErrorCode::kNotFound, id.text() + " is no member");
  const auto request = open_key_request(step.tables, *member);
  if (!request) {
    return fail(ErrorCode::kNotFound, id.text() + " has not asked for another signing key");
  }
  const std::string shown = fingerprint_with(request->asked.key, *member);
  if (compared != shown) {
    return fail(ErrorCode::kConflict, "the fingerprint with the new key is " + shown +
                                          ", not the one given: do not confirm it");
  }
  const std::uint32_t newest = newest_generation(step.tables, id);
  if (request->asked.from_generation <= newest ||
      request->asked.from_generation > newest + kGenerationsAheadMax) {
    return fail(ErrorCode::kConflict, id.text() + " asks to sign with it from generation " +
                                          std::to_string(request->asked.from_generation) +
                                          " on, and writes in " + std::to_string(newest) + " now");
  }
  next.retired_keys.push_back(key_hash(member->signing.back().key.view()));
  member->signing.push_back({.version = request->asked.version,
                             .key = request->asked.key,
                             .from_generation = request->asked.from_generation,
                             .from_index = 0});
  const Json confirmed = key_request_json(*request, *member);
  SIMPUL_TRY(issued, issue(step, std::move(next)));
  issued["new_key"] = confirmed;
  return std::move(issued);
}

Result<Json> Membership::revoke(Step& step, const Json& json) {
  SIMPUL_TRY(changed, with_revocation(step, json));
  Roster next = roster();
  const auto member = std::ranges::find(next.members, changed.id, &Member::id);
  SIMPUL_CHECK(member != next.members.end());
  *member = std::move(changed);
  return issue(step, std::move(next));
}

Result<Json> Membership::renew(Step& step, const Json& json) {
  SIMPUL_TRY(until, Arguments(json).instant("until"));
  if (until && *until <= step.now) {
    return fail(ErrorCode::kMalformed, "a roster expires later than now");
  }
  return issue(step, roster(), until);
}

Result<Json> Membership::issue(Step& step, Roster next, std::optional<Instant> expires) {
  if (!step.self.root_key) {
    return fail(ErrorCode::kNotAllowed, "this node does not hold the root key that signs rosters");
  }
  if (!held_back_.empty()) return fail(ErrorCode::kUnavailable, held_back_);
  next.federation = step.self.federation;
  if (held_) {
    next.version = version() + 1;
    next.previous = hash();
  }
  next.issued = step.now;
  next.expires = expires.value_or(step.now + kRosterValidity);
  SIMPUL_TRY(signed_roster, sign_roster(next, *step.self.root_key));
  const Bytes bytes = signed_roster.bytes;
  SIMPUL_TRY(adopted, adopt(step, bytes));
  return Json{{"roster", version()}, {"members", roster().members.size()}, {"changed", adopted}};
}

Result<Json> Membership::policy(Step& step, const Json& json) {
  const Arguments arguments(json);
  if (!arguments.has("policy")) return policy_json(roster().policy);
  SIMPUL_TRY(text, arguments.text("policy"));
  SIMPUL_TRY(policy, read_policy_file(text, roster().policy));
  Roster next = roster();
  next.policy = std::move(policy);
  SIMPUL_TRY(issued, issue(step, std::move(next)));
  issued.update(policy_json(roster().policy));
  return std::move(issued);
}

Json Membership::members(Step& step) const {
  Json listed = Json::array();
  for (const Member& member : roster().members) {
    listed.push_back({{"member", member.id.text()},
                      {"kind", name_of(member.kind)},
                      {"name", member.name},
                      {"endpoint", member.endpoint},
                      {"state", member.suspended ? "suspended" : "admitted"},
                      {"fingerprint", fingerprint_with(member.signing.back().key, member)}});
    if (const auto request = open_key_request(step.tables, member)) {
      listed.back()["new_key"] = key_request_json(*request, member);
    }
  }
  Json requests = Json::array();
  for (const Admission& admission : step.tables.admissions.all()) {
    const auto request = open_enrolment(admission.request);
    if (!request || admission.state == EnrolState::kAdmitted) continue;
    Json row = request_json(*request);
    row["state"] = admission.state == EnrolState::kPending ? "pending" : "rejected";
    row["reason"] = admission.reason;
    row["received"] = to_text(admission.received);
    requests.push_back(std::move(row));
  }
  return {{"roster", version()}, {"members", listed}, {"requests", requests}};
}

Result<Json> Membership::ask_to_enrol(Step& step, const Json& json) {
  const Arguments arguments(json);
  if (admitted(step.self.member)) {
    return fail(ErrorCode::kNotAllowed, step.self.member.text() + " is a member already");
  }
  const auto kind = member_kind_of(arguments.text_or("kind", "regency"));
  if (!kind) return fail(ErrorCode::kMalformed, "the kind is not known");
  SIMPUL_TRY(name, arguments.text("name"));
  const EnrolmentRequest request{.federation = step.self.federation,
                                 .member = step.self.member,
                                 .kind = *kind,
                                 .name = name,
                                 .signing = step.self.keys.signing.verify_key(),
                                 .sealing = step.self.keys.sealing.rbegin()->second.seal_key(),
                                 .transport = step.self.keys.transport.transport_key(),
                                 .endpoint = arguments.text_or("endpoint", ""),
                                 .nonce = step.random.bytes(16),
                                 .expires = step.now + std::chrono::hours(24 * 30)};
  SIMPUL_TRY(bytes, sign_enrolment(request, step.self.keys.signing));
  step.tables.meta.put(kRequestName, bytes);
  Json answer = request_json(request);
  answer["request"] = to_base64(bytes);
  return answer;
}

std::optional<Bytes> Membership::pending_request(Tables& tables) const {
  return tables.meta.get(kRequestName);
}

void Membership::note_status(Step& step, const EnrolStatus& status) {
  const char* state = status.state == EnrolState::kPending    ? "pending"
                      : status.state == EnrolState::kAdmitted ? "admitted"
                                                              : "rejected";
  const std::string text = std::string(state) + ": " + status.reason;
  step.tables.meta.put(kStatusName, as_bytes(text));
  if (status.state == EnrolState::kRejected) step.tables.meta.erase(kRequestName);
  step.log(LogLevel::kInfo, "enrolment", "The hub says " + text);
}

std::shared_ptr<const AdmissionTable> Membership::admission_table(Tables&,
                                                                  bool enrolment_open) const {
  auto table = std::make_shared<AdmissionTable>();
  for (const Member& member : roster().members) {
    (member.suspended ? table->refused : table->members).insert(member.transport);
  }
  table->enrolment_open = enrolment_open;
  return table;
}

Roster founding_roster(const Identity& self, const std::string& name, const std::string& endpoint,
                       Instant now) {
  Roster roster;
  roster.federation = self.federation;
  roster.issued = now;
  roster.expires = now + kRosterValidity;
  roster.ruling_hub = self.member;
  roster.members = {
      {.id = self.member,
       .kind = MemberKind::kHub,
       .name = name,
       .signing = {SigningPeriod{.version = 1, .key = self.keys.signing.verify_key()}},
       .sealing_version = self.keys.sealing.rbegin()->first,
       .sealing = self.keys.sealing.rbegin()->second.seal_key(),
       .transport = self.keys.transport.transport_key(),
       .endpoint = endpoint}};
  return roster;
}

}  // namespace simpul
