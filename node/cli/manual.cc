#include "node/cli/command_table.h"
#include "node/cli/completion.h"

namespace simpul {
namespace {

// Text in which roff finds nothing to interpret.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return !out.empty() && (out[0] == '.' || out[0] == '\'') ? "\\&" + out : out;
}

std::string entry(std::string_view name, std::string_view value, std::string_view help) {
  std::string head = "\\fB" + roff(name) + "\\fR";
  if (!value.empty()) head += " \\fI" + roff(value) + "\\fR";
  return ".TP\n" + head + "\n" + roff(help) + "\n";
}

std::string value_name(const OptionSpec& option) {
  switch (option.kind) {
    case ValueKind::kFlag:
      return "";
    case ValueKind::kNumber:
      return "NUMBER";
    case ValueKind::kFiles:
      return "FILE";
    case ValueKind::kText:
    case ValueKind::kSource:
      break;
  }
  return option.choices.empty() ? "TEXT" : std::string(option.choices);
}

std::string option_entry(const OptionSpec& option) {
  std::string help(option.help);
  if (option.required) help += " (required)";
  if (option.is_positional()) return entry("", option.name, help);
  std::string text = entry(option.name, value_name(option), help);
  if (option.kind == ValueKind::kSource) {
    text += entry(std::string(option.name) + "-file", "FILE", "the same, from a file");
  }
  return text;
}

}  // namespace

std::string manual_page() {
  std::string text =
      ".TH SIMPUL 1\n.SH NAME\nsimpul \\- a node of a federation of complaint "
      "systems\n.SH SYNOPSIS\n.B simpul\n[options] command [subcommand] "
      "[arguments]\n.SH DESCRIPTION\nMakes and runs a node, works on its cases, and "
      "proves what happened to them.\nCommands talk to the node that runs in the "
      "home. Those that only read also work on a stopped one; texts then\nstay "
      "locked unless the passphrase of its keys lies ready.\n.SH OPTIONS\n";
  for (const OptionSpec& option : global_options()) text += option_entry(option);
  text += ".SH COMMANDS\n";
  for (const CommandSpec& command : command_table()) {
    text += ".SS simpul " + roff(command.path) + "\n" + roff(command.help) + ".\n";
    for (const OptionSpec& option : command.options) text += option_entry(option);
  }
  text += ".SH EXIT STATUS\n";
  for (const std::string& part : split(kExitCodes, ';')) {
    const std::string trimmed = part.substr(part.find_first_not_of(' '));
    text += entry(trimmed.substr(0, 1), "", trimmed.substr(2));
  }
  text += ".SH ENVIRONMENT\n";
  text += entry("SIMPUL_HOME", "", "the node's home, where --home is not given");
  text += entry("NO_COLOR", "", "no colours, even on a terminal");
  text += ".SH FILES\n";
  text += entry("simpul.toml", "", "configuration, in the home");
  text += entry("keys/", "", "the keystore and, if kept, its passphrase");
  text += entry("data/", "", "the database");
  return text;
}

}  // namespace simpul
