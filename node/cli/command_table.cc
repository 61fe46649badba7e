#include "node/cli/command_table.h"

#include <algorithm>
#include <array>
#include <map>

#include "protocol/reason_codes.h"

namespace simpul {
namespace {

using enum ValueKind;
using Options = std::vector<OptionSpec>;

constexpr std::string_view kPrivacies = "public|anonymous|confidential";
constexpr std::string_view kRelations = "part-of|duplicate-of|related";
constexpr std::string_view kAllRelations = "part-of|duplicate-of|related|has-part|has-duplicate";
constexpr std::string_view kKinds = "hub|ministry|province|regency|auditor";

const OptionSpec kCase{"case", "the case's id, like 51.03-7K3Q-9XWD", kText, true};
const OptionSpec kOther{"other", "the other case's id", kText, true};
const OptionSpec kMember{"member", "the member's id, like 51.03", kText, true};
const OptionSpec kText_{"--text", "what to say; '-' reads standard input", kSource};
const OptionSpec kAttach{"--attach", "a file to attach; may be repeated", kFiles};
const OptionSpec kHappened{"--happened", "when it happened, if not now (2026-01-05T08:00:00Z)"};
const OptionSpec kPublishAnyway{"--publish-anyway", "though the text looks as if it named a person",
                                kFlag};
const OptionSpec kDryRun{"--dry-run", "say whether it would be done, and do nothing", kFlag};
const OptionSpec kTemplate{"--template",
                           "the text, with {case}, {category}, {region}, {opened}, {custodian}, "
                           "{origin}, {unit} and {status} filled in",
                           kSource};
const OptionSpec kKey{"--key", "source key: the same again changes nothing"};

// A move on a case: its own options, and those that every move has.
Options move_with(Options own) {
  Options options{kCase};
  options.insert(options.end(), own.begin(), own.end());
  options.insert(options.end(), {kText_, kAttach, kHappened, kDryRun, kKey});
  return options;
}

// An option for one of the codes that people may give for an event of that kind.
OptionSpec reason_option(std::string_view name, std::string_view help, EventKind kind) {
  static std::map<EventKind, std::string> codes;  // options refer to them
  std::string& choices = codes[kind];
  if (choices.empty()) {
    for (const ReasonCode& each : reason_codes(kind)) {
      if (!each.by_node) choices += (choices.empty() ? "" : "|") + std::string(each.code);
    }
  }
  return {name, help, kText, false, choices};
}

Options open_options() {
  return {{"--category", "code, like roads.potholes", kText, true},
          {"--region", "region code, as in 'region list'; this node's own by default"},
          {"--class", "class of the report", kText, false, "information|complaint|oversight"},
          {"--channel", "how it came in", kText, false,
           "other|web|sms|app|letter|counter|phone|social|import"},
          {"--privacy", "who may know what", kText, false, kPrivacies},
          kText_,
          {"--identity", "who reports; '-' reads standard input", kSource},
          {"--place", "exact place; '-' reads standard input", kSource},
          kPublishAnyway,
          kAttach,
          kHappened,
          kKey};
}

// What a listing of cases is narrowed to.
Options case_filters() {
  return {{"--status", "by name or label (in-progress, Diproses)"},
          {"--custodian", "who must act"},
          {"--offeree", "to whom it is on offer"},
          {"--audience", "who may see it"},
          {"--region", "region code"},
          {"--category", "category code"},
          {"--due-before", "due earlier than this time; the most urgent first"},
          {"--limit", "at most so many", kNumber}};
}

Options list_options() {
  Options options = case_filters();
  options.push_back({"--from", "go on where a listing ended"});
  return options;
}

// The same move on all cases that the filters leave.
Options bulk_with(Options own) {
  Options options = case_filters();
  options.insert(options.end(), own.begin(), own.end());
  options.insert(options.end(), {kText_, kDryRun});
  return options;
}

Options export_options() {
  Options options{{"--format", "csv by default", kText, false, "csv|json"},
                  {"--out", "file to write; '-', the default, is standard output"}};
  const Options filters = case_filters();
  options.insert(options.end(), filters.begin(), filters.end());
  return options;
}

Options init_options(bool is_hub) {
  Options options{{"--member", "this node's member id, like 51.03", kText, true},
                  {"--name", "name as shown to people", kText, true}};
  if (is_hub) {
    options.push_back({"--federation", "id of the new federation, like id-pilot", kText, true});
    options.push_back({"--endpoint", "tcp://host:port that members dial", kText, true});
  } else {
    options.push_back({"--kind", "kind of member", kText, false, kKinds});
    options.push_back({"--from", "federation.json from the hub's administrator", kText, true});
    options.push_back({"--endpoint", "tcp://host:port that others can reach, if any"});
  }
  options.push_back({"--listen", "tcp://address:port to listen on"});
  options.push_back({"--keep-passphrase", "draw a passphrase and keep it beside the keys", kFlag});
  options.push_back({"--insecure-fast-keys", "for demonstrations and tests only", kFlag});
  return options;
}

const std::vector<CommandSpec>& commands() {
  static const std::vector<CommandSpec> kCommands{
      {"init", "make a node's home: keys and configuration", "", format_home, init_options(false),
       LocalCommand::kInit},
      {"run", "run the node until SIGTERM or SIGINT", "", format_json, {}, LocalCommand::kRun},
      {"enrol",
       "ask the hub to be admitted",
       "enrol",
       format_enrolment,
       {{"--name", "name as shown to people; the configured one by default"},
        {"--kind", "kind of member; the configured one by default", kText, false, kKinds},
        {"--endpoint", "tcp://host:port that others can reach, if any"}},
       LocalCommand::kEnrol},
      {"status", "links, backlogs, journals and alerts", "status", format_status, {}},

      {"hub init", "found a federation with this node as its hub", "", format_home,
       init_options(true), LocalCommand::kHubInit},
      {"hub members", "members and enrolment requests", "hub.members", format_members, {}},
      {"hub admit",
       "admit a member that asked, after comparing the fingerprint by telephone",
       "hub.admit",
       format_admission,
       {kMember, {"--fingerprint", "as read over the telephone: refused if it differs"}}},
      {"hub reject",
       "refuse a request; its keys never enrol again",
       "hub.reject",
       format_admission,
       {kMember, {"--reason", "told to the one who asked", kText, true}}},
      {"hub suspend", "suspend a member", "hub.suspend", format_admission, {kMember}},
      {"hub reinstate", "end a member's suspension", "hub.reinstate", format_admission, {kMember}},
      {"hub confirm-key",
       "put a member's new signing key in force, after comparing the fingerprint by telephone",
       "hub.confirm-key",
       format_admission,
       {kMember,
        {"--fingerprint", "as read over the telephone: refused if it differs", kText, true}}},
      {"hub revoke",
       "void what a lost key signed in a journal past its last good head",
       "hub.revoke",
       format_admission,
       {{"journal", "like 51.03/1", kText, true}, {"--size", "events that count", kNumber, true}}},
      {"hub renew",
       "issue the roster anew before it expires",
       "hub.renew",
       format_admission,
       {{"--until", "when it expires then (2027-01-05T08:00:00Z); in a year by default"}}},
      {"hub policy",
       "show the federation's policy, or put another in force",
       "hub.policy",
       format_policy,
       {{"--policy", "TOML, as in deploy/policy.toml", kSource}}},
      {"hub queue",
       "cases that wait for a ruling, with what the parties wrote",
       "hub.queue",
       format_queue,
       {{"--limit", "at most so many; 50 by default", kNumber}}},
      {"hub rule",
       "rule who has custody of a referred or unanswered case",
       "hub.rule",
       format_move,
       {kCase,
        {"--to", "member that gets custody", kText, true},
        reason_option("--ground", "on what ground", EventKind::kRuled),
        kText_}},
      {"hub settle",
       "settle which history of a disputed journal counts",
       "hub.settle",
       format_json,
       {{"journal", "like 51.03/1", kText, true},
        {"--size", "events that count; 0: none", kNumber, true},
        {"--root", "their root, base64: refused if the hub holds another", kText}}},
      {"keys rotate",
       "make a new signing key; the ruling hub's administrator then confirms it",
       "keys.rotate",
       format_new_key,
       {}},
      {"roster show", "the members in force and their keys", "roster.show", format_roster, {}},

      {"case open", "open a case", "case.open", format_move, open_options()},
      {"case list", "list cases, newest first", "case.list", format_case_list, list_options()},
      {"case export", "all cases held here as a table, without any text of theirs", "", format_json,
       export_options(), LocalCommand::kExport},
      {"case show",
       "one case: state, texts readable here, legal moves",
       "case.show",
       format_case,
       {kCase, {"--data", "with the contents of attachments (for --json)", kFlag}}},
      {"case timeline", "every event of a case", "case.timeline", format_timeline, {kCase}},
      {"case who",
       "who has been given which of its texts, when and why",
       "case.who",
       format_who,
       {kCase}},
      {"case verify", "verify a received case", "case.verify", format_move, move_with({})},
      {"case assign", "assign it to an internal unit", "case.assign", format_move,
       move_with({{"--unit", "code of the unit", kText, true}})},
      {"case postpone", "postpone it", "case.postpone", format_move,
       move_with(
           {{"--until", "until when"}, reason_option("--reason", "why", EventKind::kPostponed)})},
      {"case resume", "resume a postponed case", "case.resume", format_move, move_with({})},
      {"case forward", "offer custody to another member", "case.forward", format_move,
       move_with(
           {{"--to", "member it is offered to; by default whose business the policy says it is"},
            {"--due", "answer expected by"},
            reason_option("--reason", "why there", EventKind::kForwarded)})},
      {"case accept", "accept custody offered to this node", "case.accept", format_move,
       move_with({})},
      {"case decline", "decline custody offered to this node", "case.decline", format_move,
       move_with({reason_option("--reason", "why not", EventKind::kDeclined),
                  {"--suggest", "member it belongs to"}})},
      {"case recall", "ask for an open offer back", "case.recall", format_move, move_with({})},
      {"case refer", "ask the ruling hub whose it is", "case.refer", format_move,
       move_with({reason_option("--ground", "why", EventKind::kReferred)})},
      {"case progress", "report progress", "case.progress", format_move, move_with({})},
      {"case answer", "answer the reporter", "case.answer", format_move,
       move_with({kTemplate, kPublishAnyway}), LocalCommand::kAnswer},
      {"case close", "close it", "case.close", format_move,
       move_with({{"--outcome", "how it ended", kText, false,
                   "resolved|out-of-scope|duplicate|withdrawn|expired"},
                  {"--duplicate-of", "the case it duplicates"},
                  {"--reason-text", "why not to wait for its parts", kSource}})},
      {"case split",
       "open a part of a case, for another member to do",
       "case.split",
       format_move,
       {kCase,
        {"--to", "member that is offered the part; without it the part stays here"},
        {"--due", "answer to that expected by"},
        {"--category", "of the part; the whole's by default"},
        {"--region", "of the part; the whole's by default"},
        kText_,
        {"--identity", "who reports, if they are to know; '-' reads standard input", kSource},
        {"--place", "exact place; '-' reads standard input", kSource},
        kPublishAnyway,
        kAttach,
        kKey}},
      {"case link",
       "say that a case is a duplicate or a part of another, or related to it",
       "case.link",
       format_move,
       {kCase,
        kOther,
        {"--as", "what it is to the other", kText, true, kRelations},
        {"--with", "who is to agree to a duplicate; by default who has the other case"},
        kText_}},
      {"case unlink",
       "take back that it is",
       "case.unlink",
       format_move,
       {kCase, kOther, {"--as", "what it was said to be", kText, true, kAllRelations}, kText_}},
      {"case similar",
       "cases held here that may tell of the same thing",
       "case.similar",
       format_similar,
       {kCase, {"--limit", "at most so many; 5 by default", kNumber}}},
      {"case links",
       "cases said to be duplicates of cases here, to agree to",
       "case.links",
       format_links,
       {}},
      {"case agree",
       "agree that a case is a duplicate of one here",
       "case.agree",
       format_move,
       {kCase, kText_}},
      {"case disagree", "say that it is none", "case.disagree", format_move, {kCase, kText_}},
      {"case reopen", "reopen a closed case", "case.reopen", format_move,
       move_with({reason_option("--reason", "why", EventKind::kReopened)})},
      {"case reply", "record the reporter's reply", "case.reply", format_move, move_with({})},
      {"case withdraw", "record that the reporter takes the complaint back", "case.withdraw",
       format_move, move_with({})},
      {"case appeal", "record the reporter's appeal to the next level", "case.appeal", format_move,
       move_with({{"--to", "member appealed to; by default the province, then the ruling hub"}})},
      {"case note", "add a note", "case.note", format_move,
       move_with({{"--internal", "for this node only: it never leaves", kFlag},
                  {"--officer", "who writes an internal note"}})},
      {"case correct", "correct region, category or class", "case.correct", format_move,
       move_with({{"--field", "what to correct", kText, true, "region|category|class"},
                  {"--value", "its new value", kText, true}})},
      {"case privacy", "change the privacy of a case", "case.privacy", format_move,
       move_with({{"privacy", "the new privacy", kText, true, kPrivacies}})},
      {"case rate", "record how the reporter rates a closed case", "case.rate", format_move,
       move_with({{"stars", "1, bad, to 5, good", kNumber, true}})},
      {"case erase", "destroy every text and file of a closed case, at every member", "case.erase",
       format_move,
       move_with({{"--for-good", "yes: nothing brings them back", kFlag},
                  reason_option("--ground", "why", EventKind::kErased)})},
      {"case hold", "keep a case from being erased: a legal hold", "case.hold", format_move,
       move_with({})},
      {"case release", "end this node's legal hold", "case.release", format_move, move_with({})},
      {"bulk forward", "offer many cases to another member", "case.forward", format_bulk,
       bulk_with({{"--to", "member they are offered to; by default whose each is by the policy"},
                  {"--due", "answer expected by"},
                  reason_option("--reason", "why there", EventKind::kForwarded)}),
       LocalCommand::kBulk},
      {"bulk assign", "assign many cases to an internal unit", "case.assign", format_bulk,
       bulk_with({{"--unit", "code of the unit", kText, true}}), LocalCommand::kBulk},
      {"bulk answer", "answer the reporters of many cases", "case.answer", format_bulk,
       bulk_with({kTemplate, kPublishAnyway}), LocalCommand::kBulk},
      {"bulk close", "close many cases", "case.close", format_bulk,
       bulk_with({{"--outcome", "how they ended", kText, false,
                   "resolved|out-of-scope|withdrawn|expired"}}),
       LocalCommand::kBulk},
      {"access list",
       "who read which texts at this node, the newest first",
       "access.list",
       format_access,
       {{"--case", "of this case alone"},
        {"--limit", "at most so many; 50 by default", kNumber},
        {"--from", "go on where a listing ended", kNumber}}},
      {"access verify",
       "whether the record of readings is whole",
       "access.verify",
       format_access_verdict,
       {}},
      {"attach",
       "attach files to a case",
       "attach",
       format_move,
       {kCase, {"attachments", "files to attach", kFiles, true}, kText_, kHappened, kKey}},

      {"log verify",
       "read every event again and compare with what was signed",
       "log.verify",
       format_log_report,
       {{"journal", "like 51.03/1; all by default"}}},
      {"log show",
       "events of a journal",
       "log.show",
       format_log,
       {{"journal", "like 51.03/1; this node's own by default"},
        {"--from", "index of the first", kNumber},
        {"--count", "at most so many", kNumber}}},
      {"log prove",
       "prove that an event is in a journal, or that a journal only grew",
       "log.prove",
       format_proof,
       {{"event", "like 51.03/1#42"},
        {"--journal", "for a proof of growth: like 51.03/1"},
        {"--from", "for a proof of growth: the earlier size", kNumber},
        {"--size", "of the checkpoint to prove against; the newest by default", kNumber}}},
      {"log checkpoint",
       "a journal's signed head",
       "log.checkpoint",
       format_checkpoint,
       {{"journal", "like 51.03/1; this node's own by default"},
        {"--size", "of an earlier head", kNumber}}},
      {"journals", "the journals held here", "journals", format_journals, {}},
      {"evidence",
       "write all proofs about a case into one file",
       "evidence",
       format_json,
       {kCase, {"--out", "file to write; '-' for standard output; CASE.evidence.json by default"}},
       LocalCommand::kEvidence},
      {"verify",
       "verify an evidence file, offline, on any machine",
       "",
       format_evidence_report,
       {{"file", "the evidence file; '-' reads standard input", kText, true},
        {"--root-key", "the federation's root key, hex, known from elsewhere"}},
       LocalCommand::kVerify},
      {"report table",
       "publish how cases were dealt with in a period, and what that was computed from",
       "report.part",
       format_report,
       {{"--from", "first day, like 2026-01-01; days are those of WIB", kText, true},
        {"--to", "last day, which counts too", kText, true},
        {"--by", "what a row is; custodian by default", kText, false, "custodian|region|category"},
        {"--format", "text by default; only json can be verified", kText, false, "text|csv|json"},
        {"--out", "file to write; standard output by default"}},
       LocalCommand::kReportTable},
      {"report verify",
       "compute a published table again from the journals here, up to its heads",
       "report.check",
       format_report_verdict,
       {{"file", "the table as --format json wrote it; '-' reads standard input", kText, true}},
       LocalCommand::kReportVerify},
      {"import open311",
       "replay this node's part of another city's service requests; run it on every node",
       "",
       format_import,
       {{"file", "a GeoReport v2 response, JSON", kText, true},
        {"--mapping", "which member each agency is, TOML or JSON", kText, true},
        {"--dry-run", "say what every member would do, and do nothing", kFlag},
        {"--patience", "seconds to wait for other members; 30 by default", kNumber}},
       LocalCommand::kImport},
      {"import csv",
       "open a case for each row of another system's table; again: for those that are new",
       "",
       format_csv_import,
       {{"file", "CSV in UTF-8 with a line of headings", kText, true},
        {"--mapping", "which column is what: TOML, as in deploy/lapor.toml", kText, true},
        {"--dry-run", "say which rows are good, and do nothing; needs no node", kFlag}},
       LocalCommand::kImportCsv},
      {"region list",
       "provinces, regencies and cities with their codes (idn-area-data, ODbL 1.0)",
       "",
       format_regions,
       {{"--province", "code of a province, like 51: it and what is in it"},
        {"--name", "those that this may mean, likeliest first"},
        {"--at", "those of that day (2022-01-31); of today by default"},
        {"--all", "those that have ended, too", kFlag}},
       LocalCommand::kRegionList},
      {"region show",
       "one region: since when, until when, what came before and after",
       "",
       format_region,
       {{"region", "its code, like 51.03", kText, true}},
       LocalCommand::kRegionShow},
      {"recover",
       "let a restored node write again without waiting for the others' word",
       "recover.override",
       format_json,
       {{"--override", "required: events that only others hold may be lost to this node", kFlag,
         true}}},
      {"index rebuild", "fold all cases again from the journals", "index.rebuild", format_json, {}},
      {"alerts",
       "what needs the operator's attention",
       "alerts",
       format_alerts,
       {{"--limit", "at most so many", kNumber}, {"--all", "dismissed ones too", kFlag}}},
      {"national", "cases by custodian and status", "national", format_national, {}},
      {"call",
       "any command by its name, with JSON arguments",
       "",
       format_json,
       {{"name", "like case.show", kText, true}, {"arguments", "a JSON object; '-' reads it"}},
       LocalCommand::kCall},
      {"completion",
       "a completion script for a shell",
       "",
       format_json,
       {{"shell", "which shell", kText, true, "bash|zsh|fish"}},
       LocalCommand::kCompletion},
      {"demo",
       "a whole federation on this machine: nine nodes, one story, lively traffic",
       "",
       format_json,
       {{"--once", "end when all is shown, instead of running until Ctrl-C", kFlag},
        {"--dir", "folder for the nodes' homes; cleared of an earlier demo first"},
        {"--rate", "cases a minute while it runs on, 20 if not said", kNumber},
        {"--seed", "what the traffic is drawn from", kNumber}},
       LocalCommand::kDemo},
      {"manual", "the manual page, in roff", "", format_json, {}, LocalCommand::kManual},
      {"version", "the program's version", "", format_json, {}, LocalCommand::kVersion},
  };
  return kCommands;
}

constexpr auto kGroups = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"hub", "found a federation and decide who belongs to it"},
    {"keys", "this node's keys"},
    {"roster", "the list of members"},
    {"access", "who read what at this node"},
    {"case", "work on cases"},
    {"bulk", "do the same to many of this node's cases, with a dry run"},
    {"log", "read, prove and verify journals"},
    {"index", "the index of cases"},
    {"report", "league tables that anyone with the same journals can check"},
    {"import", "take over cases from other systems"},
    {"region", "codes of provinces, regencies and cities"},
});

}  // namespace

std::string OptionSpec::key() const {
  std::string key(is_positional() ? name : name.substr(2));
  std::ranges::replace(key, '-', '_');
  if (key == "attach") return "attachments";
  return key;
}

std::span<const CommandSpec> command_table() {
  return commands();
}

const CommandSpec* find_command(std::string_view path) {
  const auto found = std::ranges::find(commands(), path, &CommandSpec::path);
  return found == commands().end() ? nullptr : &*found;
}

std::string_view group_help(std::string_view group) {
  for (const auto& [name, help] : kGroups) {
    if (name == group) return help;
  }
  return "";
}

std::span<const OptionSpec> global_options() {
  static const Options kGlobals{
      {"--home", "the node's home; $SIMPUL_HOME or ~/.simpul by default"},
      {"--json", "the result as JSON", kFlag},
      {"--lang", "language of labels: id or en", kText, false, "id|en"},
      {"--tz", "time zone of times shown", kText, false, "utc|wib|wita|wit"},
      {"--quiet", "no output but errors", kFlag},
      {"--passphrase-file", "file with the passphrase of the node's keys"},
      {"--timeout", "seconds to wait for the node; 60 by default", kNumber}};
  return kGlobals;
}

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace simpul
