#include "node/queries/query.h"
#include "protocol/erasure.h"

namespace simpul {

MemberId own_member(const QueryContext& context) {
  return context.self ? context.self->member : context.tables.meta.own_member();
}

Result<HeldCase> held_case(const QueryContext& context, const CaseId& id) {
  HeldCase held{.row = {}, .events = context.tables.cases.events_of(id), .state = {}};
  if (held.events.empty()) {
    return fail(ErrorCode::kNotFound, "no case " + id.text() + " is known here");
  }
  held.state = fold_case(id, held.events, context.roster);
  held.row = row_of(held.state);
  if (const auto row = context.tables.cases.get(id)) held.row.deadline = row->deadline;
  return held;
}

Json row_json(const CaseRow& row) {
  Json json{{"case", row.id.text()},
            {"status", name_of(row.status)},
            {"label", label_json(row.status)},
            {"origin", row.origin.text()},
            {"custodian", row.custodian.text()},
            {"region", row.region},
            {"category", row.category},
            {"unit", row.unit},
            {"class", name_of(row.case_class)},
            {"channel", name_of(row.channel)},
            {"privacy", name_of(row.privacy)},
            {"opened", to_text(row.opened_at)},
            {"updated", to_text(row.updated_at)},
            {"epochs", row.epochs},
            {"declines", row.declines_total},
            {"reopened", row.reopened_count},
            {"pending", row.pending_count},
            {"void", row.void_count},
            {"needs_upgrade", row.needs_upgrade},
            {"referred", row.referred}};
  if (row.offer) json["offer"] = {{"to", row.offer->to.text()}, {"due", to_text(row.offer->due)}};
  const auto put = [&](const char* name, const std::optional<Instant>& instant) {
    if (instant) json[name] = to_text(*instant);
  };
  put("answered", row.answered_at);
  put("closed", row.closed_at);
  put("postponed_until", row.postponed_until);
  put("due", row.due());
  if (row.outcome) json["outcome"] = name_of(*row.outcome);
  return json;
}

Result<std::string> newest_note(const QueryContext& context, const JournalId& journal) {
  auto note = context.tables.journals.newest_checkpoint(journal);
  if (!note) {
    return fail(ErrorCode::kNotFound, "no checkpoint of journal " + journal.text() + " is held");
  }
  return *std::move(note);
}

Result<JournalId> journal_argument(const QueryContext& context, const Arguments& arguments) {
  if (arguments.has("journal")) {
    SIMPUL_TRY(text, arguments.text("journal"));
    SIMPUL_TRY(id, JournalId::parse(text));
    if (!context.tables.journals.head(id)) {
      return fail(ErrorCode::kNotFound, "no journal " + id.text() + " is held here");
    }
    return id;
  }
  const auto heads = context.tables.journals.heads_of(own_member(context));
  if (heads.empty()) return fail(ErrorCode::kNotFound, "this node has written nothing yet");
  return heads.back().id;
}

Json route_json(const CaseState& state) {
  Json route = Json::array();
  for (const Epoch& epoch : state.route) {
    route.push_back({{"epoch", epoch.number},
                     {"custodian", epoch.custodian.text()},
                     {"since", to_text(epoch.since)},
                     {"token", to_hex(epoch.token.view())}});
  }
  return route;
}

Json members_json(const std::set<MemberId>& members, const Roster& roster) {
  Json json = Json::array();
  for (const MemberId& id : members) {
    const Member* member = roster.find(id);
    json.push_back({{"member", id.text()}, {"name", member ? member->name : ""}});
  }
  return json;
}

Json holds_json(const CaseState& state) {
  Json json = Json::array();
  for (const StandingHold& hold : state.holds) {
    json.push_back({{"by", hold.by.text()}, {"since", to_text(hold.since)}});
  }
  return json;
}

Json erasures_json(const CaseState& state, const Roster& roster) {
  Json json = Json::array();
  for (const Erasure& erasure : state.erasures) {
    json.push_back({{"by", erasure.by.text()},
                    {"at", to_text(erasure.at)},
                    {"ground", erasure.ground},
                    {"outstanding", members_json(outstanding(erasure, state, roster), roster)}});
  }
  return json;
}

Json declines_json(const CaseState& state) {
  Json json = Json::array();
  for (const Decline& decline : state.declines) {
    json.push_back({{"by", decline.by.text()},
                    {"reason", decline.reason},
                    {"label", label_json(EventKind::kDeclined, decline.reason)},
                    {"suggested", decline.suggested.text()}});
  }
  return json;
}

}  // namespace simpul
