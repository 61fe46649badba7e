// What a league table is made from, in parts, so that no answer takes long and whoever asks can
// show how far it is:
//
// report.basis {} -> the basis (node/report/basis.h) of what is held whole and counted here,
//                    {"left_out": [journals], "cases": n, "member", "names": {member: name}}
// report.part {by, from, to, basis, after, count} -> {"tallies": {row: ...}, "seen": cases,
//                    "next": to hand in as "after"; absent: that was all}
// report.check {basis} -> {"problems": [{"journal" or "roster", "why"}], "uncovered": [journals],
//                    "cases", "names"}: whether the same is held here
//
// A case is folded from its events under the basis's heads alone, by the basis's roster, so later
// events change nothing.
#include <algorithm>

#include "crypto/encoding.h"
#include "node/queries/query.h"
#include "node/report/table.h"
#include "protocol/checkpoint.h"

namespace simpul {
namespace {

constexpr std::int64_t kPartDefault = 250;  // cases; some 5 ms, more on a busy machine
constexpr std::int64_t kPartMax = 1'000'000;

// From where on a journal's events do not count; `size` if all do.
std::uint64_t counted_of(const JournalHead& head, std::uint64_t size) {
  if (!head.disputed_from) return size;
  const std::uint64_t settled = head.settled ? head.settled->size : 0;
  return std::min(size, std::max(*head.disputed_from, settled));
}

// Up to where each journal is indexed, where that is not all of it.
std::map<std::uint32_t, std::uint64_t> indexed_sizes(const QueryContext& context) {
  std::map<std::uint32_t, std::uint64_t> sizes;
  context.tables.arrivals.scan(
      context.tables.arrivals.indexed_through(), [&](std::uint64_t, const Arrival& arrival) {
        const auto [known, is_new] = sizes.emplace(arrival.journal, arrival.first);
        if (!is_new) known->second = std::min(known->second, arrival.first);
        return true;
      });
  return sizes;
}

// The newest signed head under which all is indexed.
std::optional<JournalCut> newest_cut(const QueryContext& context, const JournalHead& head,
                                     std::uint64_t indexed) {
  const auto note = context.tables.journals.last_checkpoint_at_or_before(head.id, indexed);
  const auto checkpoint = note ? parse_checkpoint(*note) : fail(ErrorCode::kNotFound, "");
  if (!checkpoint || checkpoint->size == 0 || checkpoint->size > indexed) return std::nullopt;
  return JournalCut{checkpoint->size, checkpoint->root, counted_of(head, checkpoint->size)};
}

std::optional<VerifyKey> root_key_of(const QueryContext& context) {
  return context.self ? std::optional(context.self->root) : context.tables.meta.root_key();
}

// Error::kNotFound: that roster is not held here, or another of the same version is.
Result<Roster> roster_of_basis(const QueryContext& context, const ReportBasis& basis) {
  const std::string version = std::to_string(basis.roster_version);
  const auto bytes = context.tables.rosters.get(basis.roster_version);
  const auto root = root_key_of(context);
  if (!bytes || !root) return fail(ErrorCode::kNotFound, "roster " + version + " is not held here");
  SIMPUL_TRY(opened, open_roster(*bytes, *root));
  if (opened.roster.federation != basis.federation) {
    return fail(ErrorCode::kNotFound, "it is of another federation, " + basis.federation);
  }
  if (opened.hash != basis.roster_hash) {
    return fail(ErrorCode::kNotFound, "roster " + version + " held here is another one");
  }
  return std::move(opened.roster);
}

Json names_json(const Roster& roster) {
  Json names = Json::object();
  for (const Member& member : roster.members) names[member.id.text()] = member.name;
  return names;
}

std::uint64_t cases_held(const QueryContext& context) {
  std::uint64_t cases = 0;
  for (const auto& [member, statuses] : context.tables.cases.counts()) {
    for (const auto& [status, count] : statuses) cases += count;
  }
  return cases;
}

// Why a journal is not the one that the table was computed from; empty if it is.
std::string objection_to(const QueryContext& context, const JournalId& id, const JournalCut& cut,
                         const std::map<std::uint32_t, std::uint64_t>& indexed) {
  const auto head = context.tables.journals.head(id);
  if (!head) return "not held here";
  if (!head->complete || head->held < cut.size) {
    return "held here only in part: " + std::to_string(head->held) + " events of " +
           std::to_string(cut.size) + " without a gap";
  }
  const auto waits = indexed.find(head->number);
  if (waits != indexed.end() && waits->second < cut.size) {
    return "not all folded yet here; try again in a moment";
  }
  const auto root = tree_root(JournalNodes(context.tables.journals.transaction(), id), cut.size);
  if (!root || *root != cut.root) {
    return "another root here at size " + std::to_string(cut.size) +
           (root ? ": " + to_base64(root->view()) : "");
  }
  const std::uint64_t counted = counted_of(*head, cut.size);
  if (counted == cut.counted) return "";
  return "judged otherwise here: of its events " + std::to_string(counted) + " count, not " +
         std::to_string(cut.counted);
}

// What of a case lies under the heads.
std::vector<CaseEvent> events_under(const ReportBasis& basis, std::vector<CaseEvent> events) {
  std::erase_if(events, [&](CaseEvent& held) {
    const EventPosition& position = held.event.position;
    const auto cut = basis.journals.find(position.journal);
    if (cut == basis.journals.end() || position.index >= cut->second.size) return true;
    held.disputed = position.index >= cut->second.counted;
    return false;
  });
  return events;
}

Result<ReportBasis> basis_argument(const Arguments& arguments) {
  const auto basis = arguments.json().find("basis");
  if (basis == arguments.json().end() || !basis->is_object()) {
    return fail(ErrorCode::kMalformed, "basis is what report.basis answered");
  }
  return report_basis(*basis);
}

}  // namespace

Result<Json> report_basis_here(const QueryContext& context, const Arguments&) {
  const auto bytes = context.tables.rosters.newest();
  const auto root = root_key_of(context);
  if (!bytes || !root) {
    return fail(ErrorCode::kNotYet, "this node has no roster yet, and a table needs one");
  }
  SIMPUL_TRY(roster, open_roster(*bytes, *root));
  ReportBasis basis{roster.roster.federation, roster.roster.version, roster.hash, {}};
  Json left_out = Json::array();
  const auto indexed = indexed_sizes(context);
  for (const JournalHead& head : context.tables.journals.heads()) {
    if (head.size == 0) continue;
    if (!head.complete) {
      left_out.push_back(head.id.text());
      continue;
    }
    const auto waits = indexed.find(head.number);
    const auto cut = newest_cut(context, head, waits == indexed.end() ? head.held : waits->second);
    if (cut) basis.journals.emplace(head.id, *cut);
  }
  if (basis.journals.empty()) {
    return fail(ErrorCode::kNotYet, indexed.empty()
                                        ? "this node holds no journal whole yet"
                                        : "what arrived is not folded yet; try again in a moment");
  }
  Json json = to_json(basis);
  json["left_out"] = std::move(left_out);
  json["cases"] = cases_held(context);
  json["member"] = own_member(context).text();
  json["names"] = names_json(roster.roster);
  return json;
}

Result<Json> report_part(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(spec, report_spec(arguments.json()));
  SIMPUL_TRY(basis, basis_argument(arguments));
  SIMPUL_TRY(roster, roster_of_basis(context, basis));
  const std::int64_t count = arguments.number("count").value_or(kPartDefault);
  if (count < 1 || count > kPartMax) {
    return fail(ErrorCode::kMalformed, "count is from 1 to " + std::to_string(kPartMax));
  }
  const auto after =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, arguments.number("after").value_or(0)));
  const WorkCalendar calendar(roster.policy.days_off);
  const LeaguePeriod period = spec.period();
  League league;
  const auto cases = context.tables.cases.ids_after(after, static_cast<std::size_t>(count));
  for (const auto& [number, id] : cases) {
    const auto events = events_under(basis, context.tables.cases.events_of(id));
    const CaseState state = fold_case(id, events, roster);
    add_to_league(league, state, events, spec.by, period, roster.policy.clocks, calendar);
  }
  Json json{{"tallies", league_json(league)}, {"seen", cases.size()}};
  if (cases.size() == static_cast<std::size_t>(count)) json["next"] = cases.back().first;
  return json;
}

Result<Json> report_check(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(basis, basis_argument(arguments));
  Json problems = Json::array();
  const auto roster = roster_of_basis(context, basis);
  if (!roster) {
    problems.push_back({{"roster", basis.roster_version}, {"why", roster.error().message}});
  }
  const auto indexed = indexed_sizes(context);
  for (const auto& [id, cut] : basis.journals) {
    const std::string why = objection_to(context, id, cut, indexed);
    if (!why.empty()) problems.push_back({{"journal", id.text()}, {"why", why}});
  }
  Json uncovered = Json::array();
  for (const JournalHead& head : context.tables.journals.heads()) {
    const bool is_whole = head.complete && head.size > 0;
    if (is_whole && !basis.journals.contains(head.id)) uncovered.push_back(head.id.text());
  }
  return Json{{"problems", std::move(problems)},
              {"uncovered", std::move(uncovered)},
              {"cases", cases_held(context)},
              {"names", roster ? names_json(*roster) : Json::object()}};
}

}  // namespace simpul
