#include "node/cli/simpul_main.h"

#include <cstdio>

#include "node/cli/local_commands.h"
#include "node/cli/reach.h"

namespace simpul {
namespace {

constexpr int kFailed = 1;
constexpr int kNotReached = 3;
constexpr int kNotFound = 4;

Result<int> run(const Invocation& invocation) {
  if (invocation.command->local != LocalCommand::kNone) return run_local(invocation);
  SIMPUL_TRY(result, reach_node(invocation.globals, std::string(invocation.command->call),
                                invocation.arguments));
  show(invocation, result);
  return flag_at(result, "verified") || !result.contains("verified") ? 0 : kFailed;
}

// A node that answers "unavailable" was reached; one that does not answer was not.
int code_of(const Invocation& invocation, const Error& error) {
  if (error.code == ErrorCode::kNotFound) return kNotFound;
  if (error.code != ErrorCode::kUnavailable) return kFailed;
  const LocalCommand local = invocation.command->local;
  const bool needs_no_node = local == LocalCommand::kInit || local == LocalCommand::kHubInit ||
                             local == LocalCommand::kRun || local == LocalCommand::kVerify;
  return needs_no_node || node_runs(invocation.globals.home) ? kFailed : kNotReached;
}

void complain(const Invocation& invocation, const Error& error) {
  if (invocation.globals.json) {
    const Json json{{"error", {{"code", name_of(error.code)}, {"message", error.message}}}};
    std::fputs(format_json(json, {}).c_str(), stderr);
  } else {
    std::fprintf(stderr, "simpul: %s\n", printable(error.message).c_str());
  }
}

}  // namespace

int simpul_main(int argc, char** argv) {
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const auto invocation = parse_command_line(words, read_source);
  if (!invocation) {
    const NoInvocation& why = invocation.error();
    std::fputs(why.text.c_str(), why.code == 0 ? stdout : stderr);
    return why.code;
  }
  const auto code = run(*invocation);
  if (code) return *code;
  complain(*invocation, code.error());
  return code_of(*invocation, code.error());
}

}  // namespace simpul
