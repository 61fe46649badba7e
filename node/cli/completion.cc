#include "node/cli/completion.h"

#include <map>
#include <set>

#include "node/cli/command_table.h"

namespace simpul {
namespace {

// The words that may follow each path: subcommands, or options and fixed choices.
std::map<std::string, std::set<std::string>> words_by_path() {
  std::map<std::string, std::set<std::string>> words;
  for (const CommandSpec& command : command_table()) {
    std::string path;
    for (const std::string& word : split(command.path, ' ')) {
      words[path].insert(word);
      path += (path.empty() ? "" : " ") + word;
    }
    for (const OptionSpec& option : command.options) {
      if (option.is_positional()) {
        for (const std::string& choice : split(option.choices, '|')) words[path].insert(choice);
        continue;
      }
      words[path].insert(std::string(option.name));
      if (option.kind == ValueKind::kSource) {
        words[path].insert(std::string(option.name) + "-file");
      }
    }
    for (const OptionSpec& option : global_options()) words[path].insert(std::string(option.name));
  }
  return words;
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::map<std::string, std::string> choices_by_option() {
  std::map<std::string, std::string> choices;
  const auto take = [&](const OptionSpec& option) {
    if (option.is_positional() || option.choices.empty()) return;
    std::string& words = choices[std::string(option.name)];
    for (const std::string& word : split(option.choices, '|')) {
      words += (words.empty() ? "" : " ") + word;
    }
  };
  for (const CommandSpec& command : command_table()) {
    for (const OptionSpec& option : command.options) take(option);
  }
  for (const OptionSpec& option : global_options()) take(option);
  return choices;
}

std::string bash_script() {
  std::string text = "# bash completion for simpul\ndeclare -gA _simpul_words=(\n";
  for (const auto& [path, words] : words_by_path()) {
    text += "  [\"/" + path + "\"]=\"" + joined(words) + "\"\n";
  }
  text += ")\ndeclare -gA _simpul_choices=(\n";
  for (const auto& [option, words] : choices_by_option()) {
    text += "  [\"" + option + "\"]=\"" + words + "\"\n";
  }
  return text + R"()
_simpul() {
  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" path="" word next
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="${path:+$path }$word"
    [[ -n "${_simpul_words["/$next"]}" ]] && path="$next"
  done
  if [[ -n "${_simpul_choices["$before"]}" ]]; then
    COMPREPLY=($(compgen -W "${_simpul_choices["$before"]}" -- "$current"))
  elif [[ "$before" == --*file || "$before" == --attach || "$before" == --home ||
          "$before" == --from || "$before" == --out || "$path" == verify ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "${_simpul_words["/$path"]}" -- "$current"))
  fi
}
complete -o filenames -F _simpul simpul
)";
}

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out + "'";
}

// One line of fish: offered after `path`.
std::string fish_line(const std::string& path, const std::string& what, std::string_view help) {
  std::string condition = path.empty() ? "__fish_use_subcommand" : "";
  for (const std::string& word : split(path, ' ')) {
    condition +=
        (condition.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") + word;
  }
  return "complete -c simpul -n " + shell_quoted(condition) + " " + what + " -d " +
         shell_quoted(help) + "\n";
}

std::string fish_script() {
  std::string text = "# fish completion for simpul\ncomplete -c simpul -f\n";
  std::set<std::string> groups;
  for (const CommandSpec& command : command_table()) {
    const auto words = split(command.path, ' ');
    const std::string path(command.path);
    if (words.size() == 2) {
      if (groups.insert(words[0]).second) {
        text += fish_line("", "-a " + words[0], group_help(words[0]));
      }
      text += fish_line(words[0], "-a " + words[1], command.help);
    } else {
      text += fish_line("", "-a " + path, command.help);
    }
    for (const OptionSpec& option : command.options) {
      if (option.is_positional()) continue;
      std::string what = "-l " + std::string(option.name.substr(2));
      if (option.kind != ValueKind::kFlag)
        what += option.kind == ValueKind::kFiles ? " -rF" : " -x";
      std::string choices;
      for (const std::string& choice : split(option.choices, '|')) choices += choice + " ";
      if (!choices.empty()) what += " -a " + shell_quoted(choices);
      text += fish_line(path, what, option.help);
      if (option.kind == ValueKind::kSource) {
        text += fish_line(path, "-l " + std::string(option.name.substr(2)) + "-file -rF",
                          "the same, from a file");
      }
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") {
    return "#compdef simpul\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script();
  }
  return shell == "fish" ? fish_script() : "";
}

}  // namespace simpul
