// The commands of the program as a table: what the parser, the help, the completion scripts and
// the manual page are made from. Constant data; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/cli/format.h"

namespace simpul {

enum class ValueKind {
  kText,
  kNumber,
  kFlag,
  kSource,  // --NAME TEXT ("-" reads standard input), and --NAME-file FILE
  kFiles,   // files whose contents become attachments; may come more than once
};

struct OptionSpec {
  std::string_view name;  // "--to"; without dashes it is positional
  std::string_view help;
  ValueKind kind = ValueKind::kText;
  bool required = false;
  std::string_view choices;  // "a|b|c"; empty: anything

  bool is_positional() const { return name.substr(0, 2) != "--"; }
  // Its name among the arguments: "--due-before" -> "due_before".
  std::string key() const;
};

// What a command without a node behind it does; see local_commands.h.
enum class LocalCommand {
  kNone,
  kInit,
  kHubInit,
  kRun,
  kEnrol,
  kEvidence,
  kVerify,
  kReportTable,
  kReportVerify,
  kImport,
  kImportCsv,
  kExport,
  kBulk,
  kAnswer,
  kRegionList,
  kRegionShow,
  kCall,
  kCompletion,
  kManual,
  kVersion,
  kDemo,
};

struct CommandSpec {
  std::string_view path;  // "case forward"
  std::string_view help;
  std::string_view call;  // the command or query by its name; empty: local alone
  Formatter format = format_json;
  std::vector<OptionSpec> options;
  LocalCommand local = LocalCommand::kNone;
};

std::span<const CommandSpec> command_table();
const CommandSpec* find_command(std::string_view path);
// What "simpul case" and "simpul hub" are, for the help.
std::string_view group_help(std::string_view group);

// Options before and after every command.
std::span<const OptionSpec> global_options();

std::vector<std::string> split(std::string_view text, char by);

inline constexpr std::string_view kExitCodes =
    "0 done; 1 refused, failed or not verified; 2 wrong usage; 3 the node does not run or "
    "cannot be reached; 4 not found";

}  // namespace simpul
