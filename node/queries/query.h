// What the sources of queries share: how a query is declared, and values as JSON. Private to
// node/queries*. Stateless; any thread.
#pragma once

#include <string>
#include <string_view>

#include "node/engine/arguments.h"
#include "node/queries.h"
#include "protocol/case_state.h"
#include "storage/case_row.h"

namespace simpul {

using QueryFunction = Result<Json> (*)(const QueryContext&, const Arguments&);

Result<Json> list_cases(const QueryContext& context, const Arguments& arguments);
Result<Json> show_case(const QueryContext& context, const Arguments& arguments);
Result<Json> case_who(const QueryContext& context, const Arguments& arguments);
Result<Json> similar_cases(const QueryContext& context, const Arguments& arguments);
Result<Json> case_links(const QueryContext& context, const Arguments& arguments);
Result<Json> case_timeline(const QueryContext& context, const Arguments& arguments);
Result<Json> show_log(const QueryContext& context, const Arguments& arguments);
Result<Json> log_checkpoint(const QueryContext& context, const Arguments& arguments);
Result<Json> log_proof(const QueryContext& context, const Arguments& arguments);
Result<Json> verify_logs(const QueryContext& context, const Arguments& arguments);
Result<Json> case_evidence(const QueryContext& context, const Arguments& arguments);
Result<Json> show_roster(const QueryContext& context, const Arguments& arguments);
Result<Json> hub_queue(const QueryContext& context, const Arguments& arguments);
Result<Json> national_table(const QueryContext& context, const Arguments& arguments);
Result<Json> list_access(const QueryContext& context, const Arguments& arguments);
Result<Json> verify_access(const QueryContext& context, const Arguments& arguments);
Result<Json> list_alerts(const QueryContext& context, const Arguments& arguments);
Result<Json> list_journals(const QueryContext& context, const Arguments& arguments);
Result<Json> report_basis_here(const QueryContext& context, const Arguments& arguments);
Result<Json> report_part(const QueryContext& context, const Arguments& arguments);
Result<Json> report_check(const QueryContext& context, const Arguments& arguments);

// Who answers: from the keys, or from the database when they are not at hand.
MemberId own_member(const QueryContext& context);

// {"id": "Diterima", "en": "Received"}.
Json label_json(CaseStatus status);
// The same for a kind of event, by its name ("forwarded"). Unknown kinds name themselves.
Json label_json(EventKind kind);
// For why somebody did so. Codes of later versions label themselves.
Json label_json(EventKind kind, const std::string& reason);

Json row_json(const CaseRow& row);
// What an event says beyond its kind: {"to": "51", "due": "...", ...}.
Json body_json(const EventBody& body);
// Position, kind, labels, author, times, enclosure roles and body.
Json event_json(const Event& event);

// {event, author, time, role, digest, state, text or why, ...}; `with_data`: files in base64 too.
Json text_json(const QueryContext& context, const Event& event, const EnclosureRef& ref,
               bool with_data);

// The case as its events here say. Error::kNotFound.
struct HeldCase {
  CaseRow row;
  std::vector<CaseEvent> events;
  CaseState state;
};
Result<HeldCase> held_case(const QueryContext& context, const CaseId& id);

// [{epoch, custodian, since, token}], in order.
Json route_json(const CaseState& state);
// [{member, name}].
Json members_json(const std::set<MemberId>& members, const Roster& roster);
// [{by, since}]: who has it held from being erased.
Json holds_json(const CaseState& state);
// [{by, at, ground, outstanding: [{member, name}]}], in order of time.
Json erasures_json(const CaseState& state, const Roster& roster);
// [{as, other, by, since, with, agreed, report: {stage, custodian, outcome}, here: {status, label,
// custodian, updated}}]: standing links, and how the other case stands where it is held here.
Json links_json(const QueryContext& context, const CaseState& state);
// Of the present custody: [{by, reason, label, suggested}].
Json declines_json(const CaseState& state);

// Whether a hub besides the journal's author has cosigned this checkpoint, judged by the keys in
// the roster: names alone prove nothing.
bool is_witnessed(const QueryContext& context, const JournalId& journal, const std::string& note);

// "recorded" (durable here alone), "acknowledged" (ours, and a receipt proves a second node has
// it), "received" (another's) or "witnessed" (another's, under a cosigned head).
class Grades {
 public:
  explicit Grades(const QueryContext& context);
  const char* of(const EventPosition& position);

 private:
  std::uint64_t confirmed_size(const JournalId& journal) const;
  const QueryContext& context_;
  MemberId self_;
  std::map<JournalId, std::uint64_t> confirmed_;
};

// The newest checkpoint of a journal. Error::kNotFound when none is held.
Result<std::string> newest_note(const QueryContext& context, const JournalId& journal);

// Argument `name` as a journal; without it, this node's newest generation.
Result<JournalId> journal_argument(const QueryContext& context, const Arguments& arguments);

Json hashes_json(std::span<const Digest> hashes);  // base64 each

}  // namespace simpul
