// case.show {case} -> the row and, beside it, route, offer, declines, audience, legal moves,
// texts as far as they can be read here, internal notes and the grade of each event.
#include <algorithm>

#include "crypto/encoding.h"
#include "crypto/sealed_box.h"
#include "node/policy_file.h"
#include "node/queries/query.h"
#include "protocol/deadlines.h"
#include "protocol/owners.h"

namespace simpul {
namespace {

// Under whichever of our sealing keys it was sealed; nullopt when that key is gone.
std::optional<std::string> note_text(const Identity& self, const LocalNote& note) {
  for (const auto& [version, key] : self.keys.sealing) {
    if (const auto body = open_sealed(note.body, key)) return std::string(as_text(body->view()));
  }
  return std::nullopt;
}

Json notes_json(const QueryContext& context, const CaseId& id) {
  Json notes = Json::array();
  for (const LocalNote& note : context.tables.local.notes(id)) {
    Json json{{"number", note.number}, {"time", to_text(note.time)}, {"officer", note.author}};
    const auto text = context.self ? note_text(*context.self, note) : std::nullopt;
    if (text) {
      json["text"] = *text;
    } else {
      json["why"] = context.self ? "its key is gone" : "locked: the node's keys are not open";
    }
    notes.push_back(std::move(json));
  }
  return notes;
}

std::string zone_text(TimeZone zone) {
  return zone == TimeZone::kWib ? "WIB" : zone == TimeZone::kWita ? "WITA" : "WIT";
}

Json stage_json(Stage stage) {
  return {{"id", label_of(stage, true)}, {"en", label_of(stage, false)}};
}

// Empty where a ruling undid that custody.
std::string custodian_of(const CaseState& state, const EventHash& epoch) {
  const auto found = std::ranges::find(state.route, epoch, &Epoch::token);
  return found == state.route.end() ? "" : found->custodian.text();
}

Json clocks_json(const QueryContext& context, const HeldCase& held) {
  const Policy& policy = context.roster.policy;
  const WorkCalendar calendar(policy.days_off);
  const CaseClocks clocks =
      case_clocks(held.state, held.events, policy.clocks, calendar, context.now);
  Json json = Json::array();
  for (const Clock& clock : clocks.clocks) {
    json.push_back({{"stage", name_of(clock.stage)},
                    {"label", stage_json(clock.stage)},
                    {"limit", clock.limit},
                    {"used", clock.used},
                    {"started", to_text(clock.started)},
                    {"due", to_text(clock.due)},
                    {"last_day", date_text(day_of(clock.due - Duration{1}, clocks.zone))},
                    {"urgency", name_of(urgency_of(clock, clocks, calendar, context.now))}});
    if (clock.stopped) json.back()["stopped"] = to_text(*clock.stopped);
  }
  Json escalated = Json::array();
  for (const Escalation& each : held.state.escalations) {
    escalated.push_back({{"stage", name_of(each.stage)},
                         {"label", stage_json(each.stage)},
                         {"by", custodian_of(held.state, each.epoch)},
                         {"at", to_text(each.at)}});
  }
  return {{"clocks", json},
          {"escalated", escalated},
          {"zone", zone_text(clocks.zone)},
          {"custodian_days", clocks.custodian_days}};
}

}  // namespace

Result<Json> show_case(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(id, arguments.case_id());
  SIMPUL_TRY(held, held_case(context, id));
  const CaseState& state = held.state;
  const bool with_data = arguments.flag("data");
  Json json = row_json(held.row);
  json["route"] = route_json(state);
  json["deadlines"] = clocks_json(context, held);
  const auto* const owner = owner_of(context.roster.policy.owners, state.category, state.region);
  if (owner != nullptr) json["owner"] = owner->owner.text();
  if (state.stars) json["stars"] = *state.stars;
  json["links"] = links_json(context, state);
  json["withdrawn"] = state.withdrawal.has_value();
  if (state.appeal) {
    json["appeal"] = {{"to", state.appeal->to.text()}, {"at", to_text(state.appeal->at)}};
  }
  json["holds"] = holds_json(state);
  json["erasures"] = erasures_json(state, context.roster);
  json["audience"] = members_json(state.audience, context.roster);
  if (state.offer) {
    json["offer"] = {{"from", state.offer->from.text()},
                     {"to", state.offer->to.text()},
                     {"due", to_text(state.offer->due)},
                     {"delivered", state.offer->delivered},
                     {"recall_requested", state.offer->recalled_at.has_value()}};
  }
  json["declined"] = declines_json(state);
  json["legal_moves"] = Json::array();
  for (const EventKind kind :
       legal_moves(state, own_member(context), context.roster, context.now)) {
    if (const char* name = name_of(kind)) json["legal_moves"].push_back(name);
  }
  Grades grades(context);
  json["texts"] = Json::array();
  json["events"] = Json::array();
  for (const Judged& judged : state.events) {
    json["events"].push_back({{"event", judged.position.text()},
                              {"verdict", name_of(judged.verdict)},
                              {"grade", grades.of(judged.position)}});
    const auto found = std::ranges::find(held.events, judged.hash, &CaseEvent::hash);
    if (found == held.events.end()) continue;
    for (const EnclosureRef& ref : found->event.enclosures) {
      json["texts"].push_back(text_json(context, found->event, ref, with_data));
    }
  }
  json["notes"] = notes_json(context, id);
  json["missing"] = state.missing.size();
  return json;
}

}  // namespace simpul
