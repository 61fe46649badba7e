#include "node/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>

#include "crypto/encoding.h"
#include "protocol/enclosure_content.h"

namespace simpul {
namespace {

constexpr std::size_t kSourceSizeMax = kAttachmentSizeMax;

// Where CLI11 puts what it finds.
struct Slot {
  const OptionSpec* spec = nullptr;
  std::string text;
  std::string file;  // of --NAME-file
  std::vector<std::string> files;
  std::int64_t number = 0;
  bool flag = false;
  CLI::Option* option = nullptr;
  CLI::Option* file_option = nullptr;

  bool given() const { return option->count() > 0; }
  bool given_as_file() const { return file_option && file_option->count() > 0; }
};

struct Bound {
  CLI::App* app = nullptr;
  const CommandSpec* command = nullptr;
  std::deque<Slot> slots;
};

void bind(CLI::App& app, const OptionSpec& spec, Slot& slot) {
  const std::string name(spec.name);
  const std::string help(spec.help);
  slot.spec = &spec;
  switch (spec.kind) {
    case ValueKind::kText:
      slot.option = app.add_option(name, slot.text, help);
      break;
    case ValueKind::kNumber:
      slot.option = app.add_option(name, slot.number, help);
      break;
    case ValueKind::kFlag:
      slot.option = app.add_flag(name, slot.flag, help);
      break;
    case ValueKind::kSource:
      slot.option = app.add_option(name, slot.text, help);
      slot.file_option = app.add_option(name + "-file", slot.file, "the same, from a file");
      slot.option->excludes(slot.file_option);
      break;
    case ValueKind::kFiles:
      slot.option = app.add_option(name, slot.files, help);
      if (!spec.is_positional()) slot.option->expected(1)->take_all();
      break;
  }
  if (spec.required) slot.option->required();
  if (!spec.choices.empty()) slot.option->check(CLI::IsMember(split(spec.choices, '|')));
}

// The subcommand of a path, made together with those above it. `made`: those there are, by path.
CLI::App* app_of(CLI::App& root, const CommandSpec& command,
                 std::map<std::string, CLI::App*>& made) {
  CLI::App* app = &root;
  std::string path;
  for (const std::string& word : split(command.path, ' ')) {
    path += (path.empty() ? "" : " ") + word;
    CLI::App*& next = made[path];
    if (!next) {
      const bool is_last = path == command.path;
      next = app->add_subcommand(word, std::string(is_last ? command.help : group_help(word)));
      next->fallthrough();
      if (!is_last) next->require_subcommand(1);
    }
    app = next;
  }
  return app;
}

Result<std::string> source_text(const Slot& slot, const ReadSource& read) {
  if (!slot.given_as_file() && slot.text != "-") return slot.text;
  SIMPUL_TRY(bytes, read(slot.given_as_file() ? slot.file : "-"));
  std::string text(as_text(bytes));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<Json> attachments(const std::vector<std::string>& paths, const ReadSource& read) {
  Json files = Json::array();
  for (const std::string& path : paths) {
    SIMPUL_TRY(bytes, read(path));
    const std::string name = path.substr(path.find_last_of('/') + 1);
    files.push_back({{"name", name}, {"type", media_type_of(name)}, {"data", to_base64(bytes)}});
  }
  return files;
}

Result<void> put_value(Json& arguments, const Slot& slot, const ReadSource& read) {
  const std::string key = slot.spec->key();
  switch (slot.spec->kind) {
    case ValueKind::kText:
      arguments[key] = slot.text;
      break;
    case ValueKind::kNumber:
      arguments[key] = slot.number;
      break;
    case ValueKind::kFlag:
      arguments[key] = slot.flag;
      break;
    case ValueKind::kSource: {
      SIMPUL_TRY(text, source_text(slot, read));
      arguments[key] = text;
      break;
    }
    case ValueKind::kFiles: {
      SIMPUL_TRY(files, attachments(slot.files, read));
      arguments[key] = files;
      break;
    }
  }
  return {};
}

Result<Json> arguments_of(const std::deque<Slot>& slots, const ReadSource& read) {
  Json arguments = Json::object();
  for (const Slot& slot : slots) {
    if (!slot.given() && !slot.given_as_file()) continue;
    SIMPUL_TRY_VOID(put_value(arguments, slot, read));
  }
  return arguments;
}

std::string default_home() {
  if (const char* home = std::getenv("SIMPUL_HOME"); home && *home) return home;
  const char* user = std::getenv("HOME");
  return std::string(user ? user : ".") + "/.simpul";
}

GlobalOptions globals_of(const std::deque<Slot>& slots) {
  GlobalOptions globals;
  const Json json = arguments_of(slots, {}).value_or(Json::object());
  globals.home = json.value("home", default_home());
  globals.json = json.value("json", false);
  globals.quiet = json.value("quiet", false);
  globals.language = json.value("lang", "id") == "en" ? Language::kEnglish : Language::kIndonesian;
  globals.zone = *zone_of(json.value("tz", "utc"));
  globals.passphrase_file = json.value("passphrase_file", "");
  globals.timeout_seconds = std::max<std::int64_t>(1, json.value("timeout", std::int64_t{60}));
  return globals;
}

// The path that the words begin with, as far as there are such commands, when it leads nowhere:
// a sentence about the word that does not fit.
std::optional<std::string> unknown_command(const std::vector<std::string>& words,
                                           const std::map<std::string, CLI::App*>& made) {
  std::string path;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const OptionSpec* global = nullptr;
    for (const OptionSpec& spec : global_options()) {
      if (spec.name == word) global = &spec;
    }
    if (word.starts_with("-")) {
      if (global && global->kind != ValueKind::kFlag) ++i;
      continue;
    }
    const std::string next = path + (path.empty() ? "" : " ") + word;
    if (!made.contains(next)) return "there is no command '" + next + "'";
    if (find_command(next)) return std::nullopt;
    path = next;
  }
  return std::nullopt;
}

NoInvocation usage_error(const CLI::App& root, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    std::ostringstream out, err;
    root.exit(error, out, err);
    return {0, out.str()};
  }
  return {2, "simpul: " + std::string(error.what()) + "\nTry: simpul --help\n"};
}

}  // namespace

Result<Bytes> read_source(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return fail(ErrorCode::kNotFound, "cannot read " + path);
  }
  std::istream& in = path == "-" ? std::cin : file;
  Bytes bytes;
  std::array<char, 64 * 1024> block;
  while (in.read(block.data(), block.size()) || in.gcount() > 0) {
    append(bytes, as_bytes({block.data(), static_cast<std::size_t>(in.gcount())}));
    if (bytes.size() > kSourceSizeMax) {
      return fail(ErrorCode::kTooLarge, path + " is larger than 200 MiB");
    }
  }
  if (in.bad()) return fail(ErrorCode::kUnavailable, "cannot read " + path);
  return bytes;
}

std::string media_type_of(std::string_view file_name) {
  static constexpr auto kTypes = std::to_array<std::pair<std::string_view, const char*>>({
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"png", "image/png"},
      {"gif", "image/gif"},
      {"webp", "image/webp"},
      {"heic", "image/heic"},
      {"pdf", "application/pdf"},
      {"txt", "text/plain"},
      {"md", "text/markdown"},
      {"csv", "text/csv"},
      {"json", "application/json"},
      {"mp4", "video/mp4"},
      {"mp3", "audio/mpeg"},
      {"m4a", "audio/mp4"},
      {"ogg", "audio/ogg"},
      {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
      {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      {"zip", "application/zip"},
  });
  std::string ending(file_name.substr(std::min(file_name.rfind('.') + 1, file_name.size())));
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [known, type] : kTypes) {
    if (known == ending) return type;
  }
  return "application/octet-stream";
}

std::expected<Invocation, NoInvocation> parse_command_line(const std::vector<std::string>& words,
                                                           const ReadSource& read) {
  CLI::App root("Simpul: a node of a federation of complaint systems", "simpul");
  root.require_subcommand(1);
  root.footer("Exit status: " + std::string(kExitCodes) + ".");
  std::deque<Slot> globals;
  for (const OptionSpec& spec : global_options()) bind(root, spec, globals.emplace_back());
  std::deque<Bound> bound;
  std::map<std::string, CLI::App*> made;
  for (const CommandSpec& command : command_table()) {
    Bound& entry = bound.emplace_back();
    entry.command = &command;
    entry.app = app_of(root, command, made);
    for (const OptionSpec& spec : command.options) {
      bind(*entry.app, spec, entry.slots.emplace_back());
    }
  }
  try {
    root.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    if (const auto why = error.get_exit_code() == 0 ? std::nullopt : unknown_command(words, made)) {
      return std::unexpected(NoInvocation{2, "simpul: " + *why + "\nTry: simpul --help\n"});
    }
    return std::unexpected(usage_error(root, error));
  }
  const auto chosen = std::ranges::find_if(bound, [](const Bound& entry) {
    return entry.app->parsed() && entry.app->get_subcommands().empty();
  });
  if (chosen == bound.end()) return std::unexpected(NoInvocation{2, root.help()});
  auto arguments = arguments_of(chosen->slots, read);
  if (!arguments) {
    return std::unexpected(NoInvocation{1, "simpul: " + arguments.error().message + "\n"});
  }
  return Invocation{chosen->command, *std::move(arguments), globals_of(globals)};
}

}  // namespace simpul
