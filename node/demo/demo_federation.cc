#include "node/demo/demo_federation.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "node/control_client.h"
#include "node/demo/interrupt.h"
#include "node/demo/seats.h"
#include "node/files.h"
#include "node/init.h"

namespace simpul {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A hub takes few strangers a second, and who comes too often waits longer each time.
constexpr milliseconds kBetweenStarts{250};
constexpr seconds kEnrolmentLimit{120};
constexpr milliseconds kAskAgain{25};
constexpr std::size_t kAnswerShown = 600;  // characters, in a complaint
constexpr const char* kFederation = "demo";

// "tcp://127.0.0.1:PORT" for each seat that listens, on ports nobody uses: all are held until
// all are known, so that they differ.
Result<std::vector<std::string>> free_endpoints(std::size_t count) {
  std::vector<Descriptor> held;
  std::vector<std::string> endpoints;
  for (std::size_t i = 0; i < count; ++i) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (!socket || ::bind(socket.get(), generic, size) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0) {
      return std::unexpected(file_error("find", "a free port of 127.0.0.1"));
    }
    endpoints.push_back("tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
    held.push_back(std::move(socket));
  }
  return endpoints;
}

Error about(const std::string& member, const std::string& name, const Error& error) {
  return {error.code, called(member) + ", " + name + ": " + error.message};
}

}  // namespace

Result<void> DemoFederation::start() {
  SIMPUL_TRY_VOID(make_homes());
  SIMPUL_TRY_VOID(start_nodes());
  return enrol_all();
}

Result<void> DemoFederation::make_homes() {
  SIMPUL_TRY(endpoints, free_endpoints(seats().size()));
  for (std::size_t i = 0; i < seats().size(); ++i) {
    const Seat& seat = seats()[i];
    SIMPUL_TRY_VOID(make_home(seat.id, seat.listens ? endpoints[i] : ""));
  }
  voice_.step(
      {"Sembilan simpul dibuat: kunci sendiri, folder data sendiri, di " + folder_.path(),
       "Nine nodes made: keys of their own, data folders of their own, in " + folder_.path()});
  return {};
}

Result<void> DemoFederation::make_home(const std::string& member, const std::string& endpoint) {
  const Seat& seat = seat_of(member);
  SIMPUL_TRY_VOID(folder_.make_home(member));
  InitOptions options;
  options.home = folder_.home_of(member).path();
  SIMPUL_TRY(id, MemberId::parse(member));
  options.config.member = id;
  options.config.federation = kFederation;
  options.config.name = seat.name;
  options.config.kind = seat.kind;
  options.config.listen = endpoint;
  options.config.endpoint = endpoint;
  options.config.map_size_gib = 4;
  options.passphrase.may_prompt = false;
  options.keep_passphrase = true;
  options.insecure_fast_keys = true;
  const std::string hub_file = folder_.home_of(kHubSeat).federation();
  const auto made = member == kHubSeat ? init_hub(options) : init_member(options, hub_file);
  if (!made) return std::unexpected(about(member, "init", made.error()));
  nodes_[member] = {endpoint, made->fingerprint};
  return {};
}

Result<void> DemoFederation::start_nodes() {
  for (const Seat& seat : seats()) {
    SIMPUL_TRY(child, ChildNode::start(folder_.home_of(seat.id).path(), folder_.log_of(seat.id)));
    const pid_t pid = child.pid();
    children_.emplace(seat.id, std::move(child));
    SIMPUL_TRY_VOID(folder_.record(pid, seat.id));
    SIMPUL_TRY_VOID(ask_until(seat.id, "status", Json::object(), "the node to be ready",
                              [](const Json&) { return true; }));
    const std::string where = seat.listens ? nodes_[seat.id].endpoint : "-";
    voice_.step({padded(seat.name, 36) + "proses " + std::to_string(pid) + "  " + where,
                 padded(seat.name, 36) + "process " + std::to_string(pid) + "  " + where});
    if (seat.kind == MemberKind::kHub) continue;
    SIMPUL_TRY_VOID(ask_to_enrol(seat.id));
    SIMPUL_TRY_VOID(rest(kBetweenStarts));
  }
  return {};
}

Result<void> DemoFederation::ask_to_enrol(const std::string& member) {
  const Seat& seat = seat_of(member);
  const Json request = {
      {"name", seat.name}, {"kind", name_of(seat.kind)}, {"endpoint", nodes_[member].endpoint}};
  SIMPUL_TRY_VOID(ask(member, "enrol", request));
  return {};
}

Result<void> DemoFederation::enrol_all() {
  voice_.step(
      {"Setiap anggota telah mengajukan pendaftaran (simpul enrol); hub menunggu permintaan, "
       "sekitar sepuluh detik",
       "Each member has asked to be enrolled (simpul enrol); the hub waits for the "
       "requests, about ten seconds"});
  for (const Seat& seat : seats()) {
    if (seat.kind != MemberKind::kHub) SIMPUL_TRY_VOID(admit(seat.id));
  }
  for (const Seat& seat : seats()) {
    SIMPUL_TRY_VOID(ask_until(
        seat.id, "status", Json::object(), "it to be admitted and writing",
        [](const Json& answer) {
          return answer["admitted"] == true && answer["may_author"] == true &&
                 answer["roster"]["members"] == seats().size();
        },
        kEnrolmentLimit));
  }
  SIMPUL_TRY(roster, ask(kHubSeat, "hub.members"));
  const std::string members = std::to_string(roster["members"].size());
  const std::string version = std::to_string(roster["roster"].get<std::uint64_t>());
  voice_.step({"Daftar anggota versi " + version + " berlaku di semua simpul: " + members +
                   " anggota, semua boleh menulis",
               "Roster version " + version + " is in force at every node: " + members +
                   " members, all may write"});
  return {};
}

// What an administrator does on the telephone: the fingerprint that the member's own node showed
// against the one of the request that reached the hub.
Result<void> DemoFederation::admit(const std::string& member) {
  std::string arrived;
  SIMPUL_TRY_VOID(ask_until(
      kHubSeat, "hub.members", Json::object(), "the request of " + called(member),
      [&](const Json& answer) {
        for (const Json& request : answer["requests"]) {
          if (request["member"] == member) arrived = request["fingerprint"];
        }
        return !arrived.empty();
      },
      kEnrolmentLimit));
  const std::string& known = nodes_[member].fingerprint;
  if (arrived != known) {
    return fail(ErrorCode::kConflict, "the request of " + called(member) + " has fingerprint " +
                                          arrived + ", its node showed " + known);
  }
  SIMPUL_TRY_VOID(ask(kHubSeat, "hub.admit", {{"member", member}, {"fingerprint", known}}));
  voice_.step(
      {padded(called(member), 36) + "sidik jari cocok (" + known.substr(0, 19) + "...), diterima",
       padded(called(member), 36) + "fingerprint matches (" + known.substr(0, 19) +
           "...), admitted"});
  return {};
}

Result<Json> DemoFederation::ask(const std::string& member, const std::string& name,
                                 const Json& arguments) {
  auto answer = call_node(folder_.home_of(member), name, arguments, kPatience);
  if (answer) return answer;
  if (answer.error().code == ErrorCode::kUnavailable) {
    SIMPUL_TRY_VOID(rest(kAskAgain));  // a node that dies is gone a moment after its socket
    SIMPUL_TRY_VOID(all_run());
  }
  return std::unexpected(about(member, name, answer.error()));
}

Result<Json> DemoFederation::ask_until(const std::string& member, const std::string& name,
                                       const Json& arguments, const std::string& what,
                                       const std::function<bool(const Json&)>& wanted,
                                       seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    auto answer = ask(member, name, arguments);
    if (answer && wanted(*answer)) return answer;
    SIMPUL_TRY_VOID(all_run());
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorCode::kUnavailable,
                  called(member) + ": waited " + std::to_string(limit.count()) + " s for " + what +
                      "; " +
                      (answer ? "last answer: " + shortened(answer->dump(), kAnswerShown)
                              : answer.error().message) +
                      "\n  " + children_.at(member).last_words());
    }
    SIMPUL_TRY_VOID(rest(kAskAgain));
  }
}

Result<void> DemoFederation::all_run() {
  for (auto& [member, child] : children_) {
    if (child.running()) continue;
    return fail(ErrorCode::kUnavailable, called(member) + " ended: " + child.last_words());
  }
  return {};
}

Result<void> DemoFederation::stop() {
  std::string bad;
  std::map<std::string, bool> ran;
  for (auto& [member, child] : children_) {
    ran[member] = child.running();
    child.ask_to_end();
  }
  for (auto& [member, child] : children_) {
    const int status = child.wait(kPatience);
    if (status != 0 && ran[member]) bad += "\n  " + called(member) + ": " + child.last_words();
  }
  children_.clear();
  SIMPUL_TRY_VOID(folder_.forget_processes());
  if (!bad.empty()) return fail(ErrorCode::kUnavailable, "nodes did not end well:" + bad);
  return {};
}

}  // namespace simpul
