// Queries about the federation as seen from here.
#include <algorithm>

#include "crypto/encoding.h"
#include "node/queries/query.h"

namespace simpul {
namespace {

constexpr std::size_t kAlertsDefault = 50;

const char* health_name(RosterHealth health) {
  switch (health) {
    case RosterHealth::kValid:
      return "valid";
    case RosterHealth::kGrace:
      return "grace";
    case RosterHealth::kExpired:
      return "expired";
  }
  return "unknown";
}

}  // namespace

// {version, issued, expires, health, ruling_hub, members: [...]}
Result<Json> show_roster(const QueryContext& context, const Arguments&) {
  const Roster& roster = context.roster;
  if (roster.members.empty()) {
    return fail(ErrorCode::kNotFound, "this node has no roster yet; enrol it first");
  }
  Json json{{"federation", roster.federation},
            {"version", roster.version},
            {"issued", to_text(roster.issued)},
            {"expires", to_text(roster.expires)},
            {"health", health_name(roster_health(roster, context.now))},
            {"ruling_hub", roster.ruling_hub.text()},
            {"members", Json::array()}};
  for (const Member& member : roster.members) {
    const VerifyKey& signing = member.signing.back().key;
    json["members"].push_back(
        {{"member", member.id.text()},
         {"kind", name_of(member.kind)},
         {"name", member.name},
         {"endpoint", member.endpoint},
         {"state", member.suspended ? "suspended" : "admitted"},
         {"key", to_hex(signing.view())},
         {"fingerprint", fingerprint(signing, member.sealing, member.transport)}});
  }
  return json;
}

// {members: [{member, name, statuses: {received: n, ...}, total, overdue_offers}], totals}
Result<Json> national_table(const QueryContext& context, const Arguments&) {
  const auto counts = context.tables.cases.counts();
  const auto overdue = context.tables.cases.overdue_offers(context.now);
  std::set<MemberId> members;
  for (const auto& [member, statuses] : counts) members.insert(member);
  for (const auto& [member, count] : overdue) members.insert(member);
  Json rows = Json::array();
  std::map<CaseStatus, std::uint64_t> totals;
  std::uint64_t cases = 0, overdue_total = 0;
  for (const MemberId& id : members) {
    const Member* member = context.roster.find(id);
    Json row{
        {"member", id.text()}, {"name", member ? member->name : ""}, {"statuses", Json::object()}};
    std::uint64_t total = 0;
    if (const auto found = counts.find(id); found != counts.end()) {
      for (const auto& [status, count] : found->second) {
        row["statuses"][name_of(status)] = count;
        totals[status] += count;
        total += count;
      }
    }
    const auto late = overdue.find(id);
    row["total"] = total;
    row["overdue_offers"] = late == overdue.end() ? 0 : late->second;
    cases += total;
    overdue_total += late == overdue.end() ? 0 : late->second;
    rows.push_back(std::move(row));
  }
  Json sums = Json::object();
  for (const auto& [status, count] : totals) sums[name_of(status)] = count;
  return Json{{"time", to_text(context.now)},
              {"indexed_through", context.tables.arrivals.indexed_through()},
              {"arrivals", context.tables.arrivals.end()},
              {"members", std::move(rows)},
              {"totals", std::move(sums)},
              {"cases", cases},
              {"overdue_offers", overdue_total}};
}

// {limit, all} -> {alerts: [...]}
Result<Json> list_alerts(const QueryContext& context, const Arguments& arguments) {
  const auto limit = arguments.number("limit").value_or(kAlertsDefault);
  if (limit < 1) return fail(ErrorCode::kMalformed, "limit is 1 or more");
  Json alerts = Json::array();
  for (const Alert& alert :
       context.tables.local.alerts(static_cast<std::size_t>(limit), arguments.flag("all"))) {
    alerts.push_back({{"number", alert.number},
                      {"time", to_text(alert.time)},
                      {"code", alert.code},
                      {"text", alert.text},
                      {"dismissed", alert.dismissed}});
  }
  return Json{{"alerts", std::move(alerts)}};
}

Result<Json> list_journals(const QueryContext& context, const Arguments&) {
  Json journals = Json::array();
  for (const JournalHead& head : context.tables.journals.heads()) {
    Json json{{"journal", head.id.text()},
              {"size", head.size},
              {"held", head.held},
              {"complete", head.complete},
              {"acknowledged", context.tables.receipts.acknowledged_size(head.id)},
              {"root", to_base64(head.frontier.root().view())}};
    if (head.disputed_from) json["disputed_from"] = *head.disputed_from;
    journals.push_back(std::move(json));
  }
  return Json{{"journals", std::move(journals)}};
}

}  // namespace simpul
