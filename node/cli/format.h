// Results of commands as text for people: one formatter a shape of result, named in the table
// of commands. Pure: the same result and view give the same text. None trusts a result to be
// complete or its texts to be harmless.
#pragma once

#include <string>

#include "node/cli/view.h"

namespace simpul {

using Formatter = std::string (*)(const Json& result, const View& view);

std::string format_json(const Json& result, const View& view);  // indented
std::string format_move(const Json& result, const View& view);
std::string format_bulk(const Json& result, const View& view);
std::string format_case_list(const Json& result, const View& view);
std::string format_case(const Json& result, const View& view);
std::string format_timeline(const Json& result, const View& view);
std::string format_similar(const Json& result, const View& view);
std::string format_links(const Json& result, const View& view);
std::string format_queue(const Json& result, const View& view);
std::string format_who(const Json& result, const View& view);
std::string format_status(const Json& result, const View& view);
std::string format_members(const Json& result, const View& view);
std::string format_roster(const Json& result, const View& view);
std::string format_admission(const Json& result, const View& view);
std::string format_home(const Json& result, const View& view);
std::string format_policy(const Json& result, const View& view);
std::string format_enrolment(const Json& result, const View& view);
std::string format_new_key(const Json& result, const View& view);
std::string format_national(const Json& result, const View& view);
std::string format_access(const Json& result, const View& view);
std::string format_access_verdict(const Json& result, const View& view);
std::string format_alerts(const Json& result, const View& view);
std::string format_journals(const Json& result, const View& view);
std::string format_log(const Json& result, const View& view);
std::string format_checkpoint(const Json& result, const View& view);
std::string format_proof(const Json& result, const View& view);
std::string format_log_report(const Json& result, const View& view);
std::string format_evidence_report(const Json& result, const View& view);
std::string format_report(const Json& result, const View& view);
std::string format_report_verdict(const Json& result, const View& view);
std::string format_import(const Json& result, const View& view);
std::string format_csv_import(const Json& result, const View& view);
std::string format_regions(const Json& result, const View& view);
std::string format_region(const Json& result, const View& view);

// What an event says beyond its kind, in a few words: "to 51, due 2026-01-07 08:00Z".
std::string details_text(const Json& event, const View& view);
// When a case was erased, by whom, and who has not confirmed it; empty if it was not.
std::string erasures_text(const Json& result, const View& view);
// The verb of the command line for a kind of event: "forwarded" -> "forward"; "" if there is none.
std::string verb_of(const std::string& kind);
// A line for each decline of the present custody: who, why, and whom it suggests.
std::string declines_text(const Json& result, const View& view);
// A region's code with its name, where it is known: "51.03 Kabupaten Badung".
std::string region_text(const std::string& code);

}  // namespace simpul
