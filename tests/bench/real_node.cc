#include "tests/bench/real_node.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "node/config.h"
#include "node/federation_file.h"
#include "node/files.h"
#include "node/passphrase.h"
#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

void write_text(const std::string& path, const std::string& text) {
  must(replace_file(path, as_bytes(text)));
}

pid_t start(const Home& home, int output) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::dup2(output, STDOUT_FILENO);
  const int log = ::open((home.path() + "/log").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(log, STDERR_FILENO);
  ::execl(SIMPUL_BINARY, SIMPUL_BINARY, "run", "--home", home.path().c_str(), nullptr);
  ::_exit(127);
}

// A line of smaps that begins a mapping, not one that describes it.
bool begins_mapping(const std::string& first_word) {
  return first_word.find('-') != std::string::npos && first_word.back() != ':';
}

}  // namespace

void make_home(const World& world, const std::string& member, const Home& home,
               const KeystoreCost& cost) {
  must(home.create());
  const Identity& identity = world.identity(member);
  const Member& listed = *world.roster().roster.find(identity.member);
  Config config;
  config.member = identity.member;
  config.federation = identity.federation;
  config.name = listed.name;
  config.kind = listed.kind;
  config.endpoint = config.listen = listed.endpoint;
  FederationFile federation{identity.federation, identity.root, {}};
  for (const Member& each : world.roster().roster.members) {
    if (each.kind == MemberKind::kHub && !each.endpoint.empty())
      federation.hubs.push_back({each.id, each.endpoint, each.transport});
  }
  write_text(home.config(), to_toml(config));
  write_text(home.federation(), to_json_text(federation));
  write_text(home.passphrase(), "not secret at all\n");
  SeededRandom random(3);
  const auto passphrase = must(find_passphrase(home, {.may_prompt = false}));
  must(replace_file(home.keystore(),
                    encode_keystore(identity.keys, passphrase.view(), cost, random)));
}

RealNode::RealNode(const Home& home) {
  int ends[2];
  SIMPUL_CHECK(::pipe2(ends, O_CLOEXEC) == 0);
  const Stopwatch watch;
  pid_ = start(home, ends[1]);
  ::close(ends[1]);
  output_ = ends[0];
  std::string said;
  char byte = 0;
  while (!said.ends_with('\n') && ::read(output_, &byte, 1) == 1) said += byte;
  ready_after_ms_ = watch.seconds() * 1000;
  if (said.starts_with("ready ")) return;
  std::fprintf(stderr, "the node did not start:\n");
  std::ifstream log(home.path() + "/log");
  for (std::string line; std::getline(log, line);) std::fprintf(stderr, "%s\n", line.c_str());
  std::exit(1);
}

RealNode::~RealNode() {
  ::kill(pid_, SIGTERM);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  ::close(output_);
}

Memory RealNode::memory() const {
  std::ifstream smaps("/proc/" + std::to_string(pid_) + "/smaps");
  Memory memory;
  bool database = false, file = false;
  for (std::string line; std::getline(smaps, line);) {
    std::istringstream fields(line);
    std::string first, second;
    fields >> first >> second;
    if (begins_mapping(first)) {
      database = line.find("/data.mdb") != std::string::npos;
      file = line.find('/') != std::string::npos;
    } else if (first == "Rss:") {
      const double mib = std::stod(second) / 1024;
      (database ? memory.database : file ? memory.program : memory.anonymous) += mib;
    } else if (first == "Anonymous:" && file && !database) {
      const double mib = std::stod(second) / 1024;  // written parts of libraries
      memory.program -= mib;
      memory.anonymous += mib;
    }
  }
  return memory;
}

}  // namespace simpul::bench
