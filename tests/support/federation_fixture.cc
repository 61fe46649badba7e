#include "tests/support/federation_fixture.h"

#include <fstream>
#include <stdexcept>

#include "node/files.h"

namespace simpul {
namespace {

constexpr std::size_t kLogShown = 4000;

std::string fresh_endpoint(const Place& place) {
  return "tcp://" + place.address + ":" + std::to_string(free_port());
}

}  // namespace

FederationFixture::FederationFixture(std::string program, std::string hub, Place hub_place)
    : program_(std::move(program)), hub_(std::move(hub)) {
  const std::string endpoint = fresh_endpoint(hub_place);
  const NodeSpec spec{
      .id = hub_, .kind = "hub", .name = "Hub", .listens = true, .place = std::move(hub_place)};
  Node& node =
      nodes_.emplace(hub_, Node{spec, Home(scratch_ / hub_), endpoint, {}, nullptr}).first->second;
  init(node, {"hub", "init", "--federation", "id-test"});
  start(hub_);
}

void FederationFixture::create(const NodeSpec& spec) {
  const std::string endpoint = spec.listens ? fresh_endpoint(spec.place) : "";
  Node node{spec, Home(scratch_ / spec.id), endpoint, {}, nullptr};
  if (node.spec.name.empty()) node.spec.name = "Node " + spec.id;
  Node& kept = nodes_.emplace(spec.id, std::move(node)).first->second;
  init(kept, {"init", "--from", home(hub_).federation(), "--kind", spec.kind});
  start(spec.id);
}

void FederationFixture::init(Node& node, std::vector<std::string> words) {
  for (const std::string& word :
       {std::string("--home"), node.home.path(), std::string("--member"), node.spec.id,
        std::string("--name"), node.spec.name, std::string("--keep-passphrase"),
        std::string("--insecure-fast-keys")}) {
    words.push_back(word);
  }
  if (!node.endpoint.empty()) {
    for (const char* option : {"--endpoint", "--listen"}) {
      words.emplace_back(option);
      words.push_back(node.endpoint);
    }
  }
  node.process = launch(node, words);
  if (node.process->wait(kLimit) != 0) give_up(node.spec.id, "could not be initialised");
}

void FederationFixture::enrol(const std::string& id) {
  const Node& enrolled = node(id);
  call(id, "enrol",
       {{"name", enrolled.spec.name},
        {"kind", enrolled.spec.kind},
        {"endpoint", enrolled.endpoint}});
  wait_for(hub_, "hub.members", Json::object(), [&](const Json& answer) {
    for (const Json& request : answer["requests"]) {
      if (request["member"] == id && request["state"] == "pending") return true;
    }
    return false;
  });
  call(hub_, "hub.admit", {{"member", id}});
  wait_for(id, "status", Json::object(),
           [](const Json& status) { return status["admitted"] == true; });
}

void FederationFixture::add(const NodeSpec& spec) {
  create(spec);
  enrol(spec.id);
  wait_for(spec.id, "status", Json::object(),
           [](const Json& status) { return status["may_author"] == true; });
}

Result<Json> FederationFixture::try_call(const std::string& id, const std::string& name,
                                         const Json& arguments) {
  return call_node(home(id), name, arguments, kLimit);
}

Json FederationFixture::call(const std::string& id, const std::string& name,
                             const Json& arguments) {
  auto answer = try_call(id, name, arguments);
  if (!answer) {
    give_up(id, name + " was refused: " + answer.error().message + " (" +
                    name_of(answer.error().code) + ")");
  }
  return std::move(*answer);
}

Json FederationFixture::wait_for(const std::string& id, const std::string& name,
                                 const Json& arguments,
                                 const std::function<bool(const Json&)>& wanted) {
  Result<Json> last = Json();
  const bool held = holds_within(kLimit, [&] {
    last = try_call(id, name, arguments);
    return last && wanted(*last);
  });
  if (!held) {
    give_up(id, name + " never became as wanted; last: " +
                    (last ? last->dump(1) : last.error().message));
  }
  return std::move(*last);
}

void FederationFixture::wait_acknowledged(const std::string& id) {
  wait_for(id, "status", Json::object(), [&](const Json& status) {
    for (const Json& peer : status["peers"]) {
      if (peer["member"] == hub_) {
        return peer.contains("confirmed_through") && peer["journal_backlog"] == 0;
      }
    }
    return false;
  });
}

void FederationFixture::start(const std::string& id) {
  Node& started = node(id);
  started.process = launch(started, {"run", "--home", started.home.path()});
  const bool ready = holds_within(kLimit, [&] {
    return !started.process->running() || log(id).find("ready member=") != std::string::npos;
  });
  if (!ready || !started.process->running()) give_up(id, "did not become ready");
}

int FederationFixture::start_in_vain(const std::string& id) {
  Node& started = node(id);
  started.process = launch(started, {"run", "--home", started.home.path()});
  const auto status = started.process->wait(kLimit);
  if (!status) give_up(id, "runs, though it should not");
  return *status;
}

std::unique_ptr<ChildProcess> FederationFixture::launch(Node& node,
                                                        const std::vector<std::string>& words) {
  std::vector<std::string> all = node.spec.place.launcher;
  all.push_back(program_);
  all.insert(all.end(), words.begin(), words.end());
  return std::make_unique<ChildProcess>(all, node.home.path() + ".log", node.environment);
}

void FederationFixture::stop(const std::string& id) {
  Node& stopped = node(id);
  stopped.process->signal(SIGTERM);
  if (stopped.process->wait(kLimit) != 0) give_up(id, "did not end well on SIGTERM");
}

void FederationFixture::kill9(const std::string& id) {
  Node& killed = node(id);
  killed.process->signal(SIGKILL);
  killed.process->wait(kLimit);
}

void FederationFixture::restart(const std::string& id) {
  stop(id);
  start(id);
}

void FederationFixture::wipe_data(const std::string& id) {
  std::filesystem::remove_all(home(id).data());
}

void FederationFixture::copy_data(const std::string& id, const std::string& copy_name) {
  std::filesystem::copy(home(id).data(), home(id).path() + "-" + copy_name,
                        std::filesystem::copy_options::recursive);
}

void FederationFixture::restore_data(const std::string& id, const std::string& copy_name) {
  wipe_data(id);
  std::filesystem::copy(home(id).path() + "-" + copy_name, home(id).data(),
                        std::filesystem::copy_options::recursive);
}

void FederationFixture::configure(const std::string& id, const std::string& key,
                                  const std::string& value) {
  std::ifstream in(home(id).config());
  std::string text, line;
  while (std::getline(in, line)) {
    if (!line.starts_with(key + " = ")) text += line + "\n";
  }
  text += key + " = " + value + "\n";
  if (!replace_file(home(id).config(), as_bytes(text))) give_up(id, "could not be configured");
}

void FederationFixture::set_environment(const std::string& id,
                                        std::vector<std::string> environment) {
  node(id).environment = std::move(environment);
}

bool FederationFixture::running(const std::string& id) {
  return node(id).process->running();
}

pid_t FederationFixture::pid(const std::string& id) {
  return node(id).process->pid();
}

void FederationFixture::signal(const std::string& id, int number) {
  node(id).process->signal(number);
}

std::string FederationFixture::log(const std::string& id) {
  return node(id).process->log();
}

FederationFixture::Node& FederationFixture::node(const std::string& id) {
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) throw std::runtime_error("there is no node " + id);
  return found->second;
}

void FederationFixture::give_up(const std::string& id, const std::string& what) {
  const std::string all = log(id);
  const std::string end = all.substr(all.size() - std::min(all.size(), kLogShown));
  throw std::runtime_error(id + " " + what + "\n--- its log ends:\n" + end);
}

}  // namespace simpul
