#include "node/cli/local_commands.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "crypto/encoding.h"
#include "node/cli/bulk_commands.h"
#include "node/cli/completion.h"
#include "node/cli/reach.h"
#include "node/cli/region_commands.h"
#include "node/cli/report_commands.h"
#include "node/cli/transfer_commands.h"
#include "node/config.h"
#include "node/daemon.h"
#include "node/demo/demo.h"
#include "node/evidence.h"
#include "node/files.h"
#include "node/init.h"

namespace simpul {
namespace {

std::string argument(const Invocation& invocation, const char* name) {
  return invocation.arguments.value(name, "");
}

Result<int> init(const Invocation& invocation, bool is_hub) {
  InitOptions options;
  options.home = invocation.globals.home;
  SIMPUL_TRY(member, MemberId::parse(argument(invocation, "member")));
  options.config.member = member;
  options.config.federation = argument(invocation, "federation");
  options.config.name = argument(invocation, "name");
  options.config.endpoint = argument(invocation, "endpoint");
  options.config.listen = argument(invocation, "listen");
  if (is_hub && options.config.listen.empty()) options.config.listen = options.config.endpoint;
  options.config.kind = is_hub ? MemberKind::kHub
                               : member_kind_of(invocation.arguments.value("kind", "regency"))
                                     .value_or(MemberKind::kRegency);
  options.passphrase = {.file = invocation.globals.passphrase_file, .is_new = true};
  options.keep_passphrase = invocation.arguments.value("keep_passphrase", false);
  options.insecure_fast_keys = invocation.arguments.value("insecure_fast_keys", false);
  SIMPUL_TRY(made, is_hub ? init_hub(options) : init_member(options, argument(invocation, "from")));
  show(invocation, {{"member", made.member},
                    {"home", made.home},
                    {"fingerprint", made.fingerprint},
                    {"federation_file", made.federation_file},
                    {"is_hub", is_hub}});
  return 0;
}

Result<int> run_node(const Invocation& invocation) {
  const PassphraseSource source{.file = invocation.globals.passphrase_file};
  SIMPUL_TRY_VOID(run_daemon({.home = invocation.globals.home,
                              .passphrase = source,
                              .software = "simpul " SIMPUL_VERSION}));
  return 0;
}

// What is not said on the command line stands in the configuration.
Result<int> enrol(const Invocation& invocation) {
  SIMPUL_TRY(config, read_config(Home(invocation.globals.home).config()));
  Json arguments = invocation.arguments;
  if (!arguments.contains("name")) arguments["name"] = config.name;
  if (!arguments.contains("kind")) arguments["kind"] = name_of(config.kind);
  if (!arguments.contains("endpoint")) arguments["endpoint"] = config.endpoint;
  SIMPUL_TRY(result, reach_node(invocation.globals, "enrol", arguments));
  show(invocation, result);
  return 0;
}

Result<int> write_evidence(const Invocation& invocation) {
  Json arguments = invocation.arguments;
  arguments.erase("out");
  SIMPUL_TRY(file, reach_node(invocation.globals, "evidence", arguments));
  const std::string text = file.dump(1) + "\n";
  std::string path = argument(invocation, "out");
  if (path == "-" || (path.empty() && invocation.globals.json)) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  if (path.empty()) path = file.value("case", "case") + ".evidence.json";
  SIMPUL_TRY_VOID(replace_file(path, as_bytes(text)));
  if (!invocation.globals.quiet) {
    std::printf("%s\nCheck it anywhere with: simpul verify %s --root-key %s\n", path.c_str(),
                path.c_str(), file.value("root_key", "").c_str());
  }
  return 0;
}

Result<int> verify(const Invocation& invocation) {
  SIMPUL_TRY(bytes, read_source(argument(invocation, "file")));
  std::optional<VerifyKey> root;
  if (invocation.arguments.contains("root_key")) {
    SIMPUL_TRY(raw, from_hex(argument(invocation, "root_key")));
    SIMPUL_TRY(key, VerifyKey::from(raw));
    root = key;
  }
  SIMPUL_TRY(report, verify_evidence(as_text(bytes), root));
  show(invocation, report);
  return report["verified"].get<bool>() ? 0 : 1;
}

Result<int> call(const Invocation& invocation) {
  std::string text = invocation.arguments.value("arguments", "{}");
  if (text == "-") {
    SIMPUL_TRY(bytes, read_source("-"));
    text = std::string(as_text(bytes));
  }
  const Json arguments = Json::parse(text, nullptr, false);
  if (!arguments.is_object()) {
    return fail(ErrorCode::kMalformed, "the arguments are not a JSON object");
  }
  SIMPUL_TRY(result, reach_node(invocation.globals, argument(invocation, "name"), arguments));
  show(invocation, result);
  return 0;
}

int demo(const Invocation& invocation) {
  DemoOptions options;
  options.once = invocation.arguments.value("once", false);
  options.directory = argument(invocation, "dir");
  options.rate_per_minute = invocation.arguments.value("rate", options.rate_per_minute);
  options.seed = invocation.arguments.value("seed", options.seed);
  options.language = invocation.globals.language == Language::kEnglish ? "en" : "id";
  options.quiet = invocation.globals.quiet;
  return run_demo(options);
}

}  // namespace

bool shows_progress(const GlobalOptions& globals) {
  return !globals.quiet && !globals.json && isatty(STDERR_FILENO) == 1;
}

View view_for(const GlobalOptions& globals) {
  const char* no_colour = std::getenv("NO_COLOR");
  const bool wants_colour = !no_colour || !*no_colour;
  return {.language = globals.language,
          .zone = globals.zone,
          .colour = wants_colour && isatty(STDOUT_FILENO) == 1};
}

void show(const Invocation& invocation, const Json& result) {
  if (invocation.globals.quiet) return;
  const Formatter format = invocation.globals.json ? format_json : invocation.command->format;
  const std::string text = format(result, view_for(invocation.globals));
  std::fwrite(text.data(), 1, text.size(), stdout);
}

Result<int> run_local(const Invocation& invocation) {
  switch (invocation.command->local) {
    case LocalCommand::kInit:
      return init(invocation, false);
    case LocalCommand::kHubInit:
      return init(invocation, true);
    case LocalCommand::kRun:
      return run_node(invocation);
    case LocalCommand::kEnrol:
      return enrol(invocation);
    case LocalCommand::kEvidence:
      return write_evidence(invocation);
    case LocalCommand::kVerify:
      return verify(invocation);
    case LocalCommand::kReportTable:
      return report_table(invocation);
    case LocalCommand::kReportVerify:
      return report_verify(invocation);
    case LocalCommand::kImport:
      return import_open311(invocation);
    case LocalCommand::kImportCsv:
      return import_csv(invocation);
    case LocalCommand::kExport:
      return export_table(invocation);
    case LocalCommand::kBulk:
      return bulk_command(invocation);
    case LocalCommand::kAnswer:
      return answer_command(invocation);
    case LocalCommand::kRegionList:
      return list_regions(invocation);
    case LocalCommand::kRegionShow:
      return show_region(invocation);
    case LocalCommand::kCall:
      return call(invocation);
    case LocalCommand::kCompletion:
      std::fputs(completion_script(argument(invocation, "shell")).c_str(), stdout);
      return 0;
    case LocalCommand::kManual:
      std::fputs(manual_page().c_str(), stdout);
      return 0;
    case LocalCommand::kVersion:
      std::puts("simpul " SIMPUL_VERSION);
      return 0;
    case LocalCommand::kDemo:
      return demo(invocation);
    case LocalCommand::kNone:
      break;
  }
  return fail(ErrorCode::kNotFound, "this command is not built in");
}

}  // namespace simpul
