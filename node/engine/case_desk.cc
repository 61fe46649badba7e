#include "node/engine/case_desk.h"

#include <algorithm>
#include <array>

#include "crypto/encoding.h"
#include "crypto/sealed_box.h"
#include "node/engine/drafts.h"
#include "protocol/levels.h"
#include "protocol/owners.h"
#include "protocol/reason_codes.h"
#include "protocol/regions.h"

namespace simpul {
namespace {

using Body = Result<EventBody>;

// Arguments and the case as it stands -> the event's body.
struct MoveSpec {
  const char* name;
  EnclosureRole text_role;  // what the argument "text" becomes
  Body (*body)(const Arguments&, const CaseState&, const Step&);
};

// One of the codes of `kind`, the usual one where nothing is said.
Result<std::string> reason_argument(const Arguments& arguments, const char* name, EventKind kind) {
  const std::string code = arguments.text_or(name, std::string(reason_codes(kind).front().code));
  const ReasonCode* const reason = find_reason(kind, code);
  if (reason != nullptr && !reason->by_node) return code;
  std::string known;
  for (const ReasonCode& each : reason_codes(kind)) {
    if (!each.by_node) known += (known.empty() ? "" : ", ") + std::string(each.code);
  }
  return fail(ErrorCode::kMalformed,
              "'" + code + "' is no " + name + " that may be given; there are " + known);
}

Result<EventHash> open_offer(const CaseState& state) {
  if (!state.offer) {
    return fail(ErrorCode::kNotAllowed, state.id.text() + " is not on offer to anyone");
  }
  return state.offer->hash;
}

// To whom it is offered: whose business it is by the policy, where nobody is named.
Result<MemberId> offeree_argument(const Arguments& arguments, const CaseState& state,
                                  const Step& step) {
  if (arguments.has("to")) return arguments.member("to");
  const auto* const owner = owner_of(step.roster.policy.owners, state.category, state.region);
  if (owner != nullptr) return owner->owner;
  return fail(ErrorCode::kMalformed, "to whom? The policy names no owner of " + state.category +
                                         " in " + state.region + ": say --to MEMBER");
}

Body forwarded(const Arguments& arguments, const CaseState& state, const Step& step) {
  SIMPUL_TRY(to, offeree_argument(arguments, state, step));
  SIMPUL_TRY(due, arguments.instant("due"));
  SIMPUL_TRY(reason, reason_argument(arguments, "reason", EventKind::kForwarded));
  return Forwarded{
      .to = to, .due = due.value_or(step.now + step.roster.policy.offer_due), .reason = reason};
}

Body postponed(const Arguments& arguments, const CaseState&, const Step& step) {
  SIMPUL_TRY(until, arguments.instant("until"));
  SIMPUL_TRY(reason, reason_argument(arguments, "reason", EventKind::kPostponed));
  return Postponed{.reason = reason, .until = until.value_or(step.now + std::chrono::hours(240))};
}

Body declined(const Arguments& arguments, const CaseState& state, const Step&) {
  SIMPUL_TRY(offer, open_offer(state));
  MemberId suggested;
  if (arguments.has("suggest")) {
    SIMPUL_TRY(member, arguments.member("suggest"));
    suggested = member;
  }
  SIMPUL_TRY(reason, reason_argument(arguments, "reason", EventKind::kDeclined));
  return Declined{offer, reason, suggested};
}

Body closed(const Arguments& arguments, const CaseState&, const Step&) {
  const std::string name = arguments.text_or("outcome", "resolved");
  const auto outcome = outcome_of(name);
  if (!outcome) return fail(ErrorCode::kMalformed, "'" + name + "' is no outcome");
  CaseId duplicate_of;
  if (*outcome == Outcome::kDuplicate) {
    SIMPUL_TRY(other, arguments.case_id("duplicate_of"));
    duplicate_of = other;
  }
  return Closed{*outcome, duplicate_of};
}

// A confidential case publishes its top category only.
std::string published_category(std::string category, Privacy privacy) {
  if (privacy != Privacy::kConfidential) return category;
  return category.substr(0, category.find('.'));
}

// A region that somebody here names; events of others may name any.
Result<void> check_named_region(const std::string& code, Instant happened) {
  return check_region(code, day_of(happened, zone_of_region(code)));
}

Body corrected(const Arguments& arguments, const CaseState& state, const Step& step) {
  SIMPUL_TRY(field, arguments.text("field"));
  SIMPUL_TRY(value, arguments.text("value"));
  if (field == "region") {
    SIMPUL_TRY(happened, arguments.instant("happened"));
    SIMPUL_TRY_VOID(check_named_region(value, happened.value_or(step.now)));
    return Corrected{CorrectedField::kRegion, value};
  }
  if (field == "category") {
    return Corrected{CorrectedField::kCategory, published_category(value, state.privacy)};
  }
  if (field == "class") return Corrected{CorrectedField::kClass, value};
  return fail(ErrorCode::kMalformed, "'" + field + "' is none of region, category, class");
}

Body privacy_changed(const Arguments& arguments, const CaseState& state, const Step&) {
  SIMPUL_TRY(name, arguments.text("privacy"));
  const auto privacy = privacy_of(name);
  if (!privacy) {
    return fail(ErrorCode::kMalformed, "'" + name + "' is none of public, anonymous, confidential");
  }
  // What it does not name goes on holding where it is stricter.
  std::vector<EventHash> supersedes = state.privacy_statements;
  if (supersedes.size() > kAfterMax) {
    supersedes.erase(supersedes.begin(), supersedes.end() - kAfterMax);
  }
  return PrivacyChanged{.privacy = *privacy, .supersedes = std::move(supersedes)};
}

Body rated(const Arguments& arguments, const CaseState&, const Step&) {
  const auto stars = arguments.number("stars");
  if (stars && *stars >= kStarsMin && *stars <= kStarsMax) {
    return Rated{static_cast<std::uint8_t>(*stars)};
  }
  return fail(ErrorCode::kMalformed, "a rating is a number of stars from 1, bad, to 5, good");
}

Body erased(const Arguments& arguments, const CaseState& state, const Step&) {
  if (!arguments.flag("for_good")) {
    return fail(ErrorCode::kMalformed,
                "this destroys every text and file of " + state.id.text() +
                    " at every member, and nothing brings them back: say --for-good if that is "
                    "meant");
  }
  SIMPUL_TRY_VOID(arguments.text("ground"));  // nobody erases on a ground that was not said
  SIMPUL_TRY(ground, reason_argument(arguments, "ground", EventKind::kErased));
  return Erased{ground};
}

// To whom it goes: the next level, where nobody is named.
Body appealed(const Arguments& arguments, const CaseState& state, const Step& step) {
  if (arguments.has("to")) {
    SIMPUL_TRY(member, arguments.member("to"));
    return Appealed{member};
  }
  const MemberId next = next_level(state.custodian, step.roster);
  if (!next.empty()) return Appealed{next};
  return fail(ErrorCode::kNotAllowed, "nobody is above " + state.custodian.text() +
                                          ": say --to MEMBER if somebody else is to look at it");
}

Body reopened(const Arguments& arguments, const CaseState&, const Step&) {
  SIMPUL_TRY(reason, reason_argument(arguments, "reason", EventKind::kReopened));
  return Reopened{reason};
}

Body assigned(const Arguments& arguments, const CaseState&, const Step&) {
  SIMPUL_TRY(unit, arguments.text("unit"));
  return Assigned{unit};
}

Body accepted(const Arguments&, const CaseState& state, const Step&) {
  SIMPUL_TRY(offer, open_offer(state));
  return Accepted{offer};
}

Body recalled(const Arguments&, const CaseState& state, const Step&) {
  SIMPUL_TRY(offer, open_offer(state));
  return Recalled{offer};
}

Body referred(const Arguments& arguments, const CaseState& state, const Step&) {
  SIMPUL_TRY(ground, reason_argument(arguments, "ground", EventKind::kReferred));
  return Referred{.ground = ground, .offer = state.offer ? state.offer->hash : EventHash{}};
}

Body ruled(const Arguments& arguments, const CaseState& state, const Step& step) {
  SIMPUL_TRY(to, arguments.member("to"));
  const Member* custodian = step.roster.find(state.custodian);
  const bool is_told = arguments.has("ground");
  SIMPUL_TRY(ground, reason_argument(arguments, "ground", EventKind::kRuled));
  const bool suspended = custodian && custodian->suspended && !is_told;
  return Ruled{.offer = state.offer ? state.offer->hash : EventHash{},
               .to = to,
               .ground = suspended ? "suspended" : ground};
}

constexpr auto kMoves = std::to_array<MoveSpec>({
    {"case.verify", EnclosureRole::kNote, [](auto&, auto&, auto&) -> Body { return Verified{}; }},
    {"case.assign", EnclosureRole::kNote, assigned},
    {"case.postpone", EnclosureRole::kReason, postponed},
    {"case.resume", EnclosureRole::kNote, [](auto&, auto&, auto&) -> Body { return Resumed{}; }},
    {"case.forward", EnclosureRole::kReason, forwarded},
    {"case.recall", EnclosureRole::kReason, recalled},
    {"case.refer", EnclosureRole::kReason, referred},
    {"case.progress", EnclosureRole::kNote, [](auto&, auto&, auto&) -> Body { return Progress{}; }},
    {"case.answer", EnclosureRole::kAnswer, [](auto&, auto&, auto&) -> Body { return Answered{}; }},
    {"case.close", EnclosureRole::kNote, closed},
    {"case.reopen", EnclosureRole::kReason, reopened},
    {"case.correct", EnclosureRole::kReason, corrected},
    {"case.accept", EnclosureRole::kNote, accepted},
    {"case.decline", EnclosureRole::kReason, declined},
    {"case.reply", EnclosureRole::kReply,
     [](auto&, auto&, auto&) -> Body { return ReporterReplied{}; }},
    {"case.note", EnclosureRole::kNote, [](auto&, auto&, auto&) -> Body { return Noted{}; }},
    {"case.withdraw", EnclosureRole::kReply,
     [](auto&, auto&, auto&) -> Body { return Withdrawn{}; }},
    {"case.appeal", EnclosureRole::kReason, appealed},
    {"case.privacy", EnclosureRole::kReason, privacy_changed},
    {"case.rate", EnclosureRole::kReply, rated},
    {"case.erase", EnclosureRole::kReason, erased},
    {"case.hold", EnclosureRole::kReason,
     [](auto&, auto&, auto&) -> Body { return LegalHold{true}; }},
    {"case.release", EnclosureRole::kReason,
     [](auto&, auto&, auto&) -> Body { return LegalHold{false}; }},
    {"attach", EnclosureRole::kAttachment, [](auto&, auto&, auto&) -> Body { return Noted{}; }},
    {"hub.rule", EnclosureRole::kReason, ruled},
});

Result<Opened> opened_from(const Arguments& arguments, const MemberId& self) {
  const auto privacy = privacy_of(arguments.text_or("privacy", "public"));
  const auto channel = channel_of(arguments.text_or("channel", "counter"));
  const auto case_class = case_class_of(arguments.text_or("class", "complaint"));
  if (!privacy)
    return fail(ErrorCode::kMalformed, "privacy is none of public, anonymous, confidential");
  if (!channel) return fail(ErrorCode::kMalformed, "the channel is not known");
  if (!case_class) return fail(ErrorCode::kMalformed, "the class is not known");
  SIMPUL_TRY(category, arguments.text("category"));
  return Opened{.channel = *channel,
                .case_class = *case_class,
                .privacy = *privacy,
                .region = arguments.text_or("region", self.text()),
                .category = published_category(category, *privacy)};
}

// The id that an importer's digest stands for; nullopt where no digest was given.
Result<std::optional<CaseId>> derived_id(const Arguments& arguments, const MemberId& self) {
  if (!arguments.has("derived_from")) return std::nullopt;
  SIMPUL_TRY(bytes, from_hex(arguments.text_or("derived_from", "")));
  if (bytes.size() != Digest::kSize) {
    return fail(ErrorCode::kMalformed, "derived_from is a SHA-256 digest in hex");
  }
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return CaseId::derive(self, digest);
}

// A derived id that is taken: by the same case, imported before on a node that has since lost
// its notes of that, or by another whose digest happens to give the same 35 bits.
Result<Json> taken_id(const CaseState& held, const std::optional<Instant>& happened) {
  if (happened == held.opened_at) return Json{{"case", held.id.text()}, {"already", true}};
  return fail(ErrorCode::kConflict, "another case already has the id " + held.id.text());
}

}  // namespace

std::optional<Result<Json>> CaseDesk::run(Step& step, const std::string& name,
                                          const Json& arguments) {
  if (name == "case.open") return open_case(step, arguments);
  if (name == "case.note" && Arguments(arguments).flag("internal")) {
    return internal_note(step, arguments);
  }
  for (const MoveSpec& spec : kMoves) {
    if (name == spec.name) return move(step, name, arguments);
  }
  return std::nullopt;
}

CaseId CaseDesk::unused_id(Step& step) {
  for (;;) {
    const CaseId id = CaseId::make(step.self.member, step.random);
    if (step.tables.cases.get(id)) continue;
    if (files_.open(step.tables, id, step.roster).events.empty()) return id;
  }
}

Result<Json> CaseDesk::open_case(Step& step, const Json& json) {
  const Arguments arguments(json);
  const std::string key = arguments.text_or("key", "");
  if (!key.empty()) {
    if (const auto before = step.tables.local.imported(key)) {
      return Json{{"case", *before}, {"already", true}};
    }
  }
  SIMPUL_TRY(opened, opened_from(arguments, step.self.member));
  SIMPUL_TRY(happened, arguments.instant("happened"));
  if (opened.region != step.self.member.text()) {
    SIMPUL_TRY_VOID(check_named_region(opened.region, happened.value_or(step.now)));
  }
  SIMPUL_TRY(derived, derived_id(arguments, step.self.member));
  if (derived) {
    const CaseFile file = files_.open(step.tables, *derived, step.roster);
    if (file.state.has_opened()) return taken_id(file.state, happened);
  }
  std::vector<Draft> drafts;
  SIMPUL_TRY(text, arguments.text("text"));
  SIMPUL_TRY_VOID(check_publishable(EnclosureRole::kNarrative, opened.privacy, arguments));
  SIMPUL_TRY_VOID(draft_text(drafts, EnclosureRole::kNarrative, text, step.random));
  SIMPUL_TRY_VOID(
      draft_text(drafts, EnclosureRole::kIdentity, arguments.text_or("identity", ""), step.random));
  SIMPUL_TRY_VOID(
      draft_text(drafts, EnclosureRole::kPlace, arguments.text_or("place", ""), step.random));
  SIMPUL_TRY_VOID(draft_files(drafts, json, step.random));

  const CaseId id = derived ? *derived : unused_id(step);
  Event event;
  event.kind = EventKind::kOpened;
  event.state_changing = true;
  event.happened = happened;
  event.case_id = id;
  event.enclosures = refs_of(drafts);
  event.body = opened;
  SIMPUL_TRY(position, author_.append(step, std::move(event)));
  keep_drafts(step, drafts, id, position);
  if (!key.empty()) step.tables.local.set_imported(key, id.text());
  return Json{{"case", id.text()}, {"event", position.text()}, {"grade", "recorded"}};
}

Result<Json> CaseDesk::internal_note(Step& step, const Json& json) {
  const Arguments arguments(json);
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(text, arguments.text("text"));
  const SealKey& own = step.self.keys.sealing.rbegin()->second.seal_key();
  SIMPUL_TRY(body, seal(as_bytes(text), own, step.random));
  step.tables.local.add_note(
      id, {.time = step.now, .author = arguments.text_or("officer", ""), .body = body});
  return Json{{"case", id.text()}, {"internal", true}};
}

Result<Json> CaseDesk::move(Step& step, const std::string& name, const Json& json) {
  const Arguments arguments(json);
  const auto& spec =
      *std::ranges::find_if(kMoves, [&](const MoveSpec& move) { return name == move.name; });
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(happened, arguments.instant("happened"));
  const std::string key = arguments.text_or("key", "");
  if (!key.empty() && step.tables.local.imported(key)) {
    return Json{{"case", id.text()}, {"already", true}};
  }
  const CaseFile file = files_.open(step.tables, id, step.roster);
  if (!file.state.has_opened()) {
    return fail(ErrorCode::kNotFound, "no case " + id.text() + " is known here");
  }
  SIMPUL_TRY(body, spec.body(arguments, file.state, step));
  SIMPUL_TRY_VOID(check_publishable(spec.text_role, file.state.privacy, arguments));
  std::vector<Draft> drafts;
  SIMPUL_TRY_VOID(draft_text(drafts, spec.text_role, arguments.text_or("text", ""), step.random));
  SIMPUL_TRY_VOID(draft_text(drafts, EnclosureRole::kReason, arguments.text_or("reason_text", ""),
                             step.random));
  SIMPUL_TRY_VOID(draft_files(drafts, json, step.random));

  const auto* const forwarded = std::get_if<Forwarded>(&body);
  const auto offeree = forwarded ? std::optional(forwarded->to) : std::nullopt;
  Event event = case_event(step, file, std::move(body));
  event.happened = happened;
  event.enclosures = refs_of(drafts);
  SIMPUL_TRY_VOID(check_move(file.state, file.events, event, step.roster));
  if (arguments.flag("dry_run")) return Json{{"case", id.text()}, {"dry_run", true}};
  SIMPUL_TRY(position, author_.append(step, std::move(event)));
  keep_drafts(step, drafts, id, position);
  if (name == "case.decline") destroy_keys(step, file);
  if (offeree) forget_packets_to(step, file, *offeree);
  if (!key.empty()) step.tables.local.set_imported(key, id.text());
  return Json{{"case", id.text()}, {"event", position.text()}, {"grade", "recorded"}};
}

}  // namespace simpul
