// The program. Until the command line is written: the few commands that run a node by hand.
//
//   simpul hub init --home DIR --member ID --federation ID --name NAME --endpoint tcp://HOST:PORT
//   simpul init     --home DIR --member ID --name NAME --from federation.json [--kind KIND]
//   simpul run      --home DIR
//   simpul call     --home DIR NAME [JSON]
// init also takes --listen, --endpoint, --passphrase-file, --keep-passphrase,
// --insecure-fast-keys.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "node/control_client.h"
#include "node/daemon.h"
#include "node/init.h"

namespace simpul {
namespace {

struct Words {
  std::vector<std::string> plain;
  std::map<std::string, std::string> options;

  std::string option(const std::string& name) const {
    const auto found = options.find(name);
    return found == options.end() ? "" : found->second;
  }
};

Words parse_words(int count, char** words) {
  Words parsed;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (!word.starts_with("--")) {
      parsed.plain.push_back(word);
    } else if (word == "--keep-passphrase" || word == "--insecure-fast-keys" || i + 1 == count) {
      parsed.options[word] = "yes";
    } else {
      parsed.options[word] = words[++i];
    }
  }
  return parsed;
}

int report(const Error& error) {
  std::fprintf(stderr, "simpul: %s (%s)\n", error.message.c_str(), name_of(error.code));
  return 1;
}

int init(const Words& words, bool is_hub) {
  InitOptions options;
  options.home = words.option("--home");
  const auto member = MemberId::parse(words.option("--member"));
  if (!member) return report(member.error());
  options.config.member = *member;
  options.config.federation = words.option("--federation");
  options.config.name = words.option("--name");
  options.config.endpoint = words.option("--endpoint");
  options.config.listen = words.option("--listen");
  if (is_hub && options.config.listen.empty()) options.config.listen = options.config.endpoint;
  options.config.kind = member_kind_of(words.option("--kind")).value_or(MemberKind::kRegency);
  options.passphrase.file = words.option("--passphrase-file");
  options.keep_passphrase = words.options.contains("--keep-passphrase");
  options.insecure_fast_keys = words.options.contains("--insecure-fast-keys");
  const auto made = is_hub ? init_hub(options) : init_member(options, words.option("--from"));
  if (!made) return report(made.error());
  std::printf("%s\nfingerprint %s\n", made->home.c_str(), made->fingerprint.c_str());
  return 0;
}

int run(const Words& words) {
  const PassphraseSource source{.file = words.option("--passphrase-file")};
  const auto ended = run_daemon({.home = words.option("--home"), .passphrase = source});
  return ended ? 0 : report(ended.error());
}

int call(const Words& words) {
  const std::string text = words.plain.size() > 2 ? words.plain[2] : "{}";
  const Json arguments = Json::parse(text, nullptr, false);
  const auto answer = call_node(Home(words.option("--home")), words.plain[1], arguments);
  if (!answer) return report(answer.error());
  std::printf("%s\n", answer->dump(2).c_str());
  return 0;
}

int simpul_main(int count, char** given) {
  const Words words = parse_words(count, given);
  const std::string first = words.plain.empty() ? "" : words.plain[0];
  const std::string second = words.plain.size() > 1 ? words.plain[1] : "";
  if (first == "hub" && second == "init") return init(words, true);
  if (first == "init") return init(words, false);
  if (first == "run") return run(words);
  if (first == "call" && !second.empty()) return call(words);
  std::fprintf(stderr, "usage: simpul init | hub init | run | call NAME [JSON]\n");
  return 2;
}

}  // namespace
}  // namespace simpul

int main(int count, char** words) {
  return simpul::simpul_main(count, words);
}
