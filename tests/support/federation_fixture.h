// A federation of real processes on loopback: a hub that issues rosters, and members. Each node
// has its own home in a scratch directory. What goes wrong throws with the end of the node's log.
//
//   FederationFixture federation;            // the hub "hub" runs
//   federation.add({.id = "51.03"});         // initialised, running, enrolled, admitted
//   federation.call("51.03", "case.open", {...});
//   federation.wait_for("hub", "case.show", {...}, [](const Json& json) { ... });
#pragma once

#include <map>
#include <memory>
#include <string>

#include "node/control_client.h"
#include "tests/support/process.h"
#include "tests/support/scratch_directory.h"

namespace simpul {

// Where a node runs: its own address there, and the words that start a program there.
struct Place {
  std::string address = "127.0.0.1";
  std::vector<std::string> launcher = {};
};

struct NodeSpec {
  std::string id;
  std::string kind = "regency";
  std::string name = {};  // empty: made from the id
  bool listens = false;   // has an endpoint: others link to it directly
  Place place = {};
};

class FederationFixture {
 public:
  static constexpr seconds kLimit{30};  // for anything to happen; generous, for busy machines

  // `program`: path of simpul. Initialises and starts the hub.
  explicit FederationFixture(std::string program, std::string hub = "hub", Place hub_place = {});

  // Makes a member's home and starts it; enrol() makes it a member. add() does both and waits
  // until it may write.
  void create(const NodeSpec& spec);
  void enrol(const std::string& id);
  void add(const NodeSpec& spec);

  // What the node answers. call() throws when it refuses.
  Result<Json> try_call(const std::string& id, const std::string& name,
                        const Json& arguments = Json::object());
  Json call(const std::string& id, const std::string& name, const Json& arguments = Json::object());
  // Asks until the answer is as wanted, and returns it.
  Json wait_for(const std::string& id, const std::string& name, const Json& arguments,
                const std::function<bool(const Json&)>& wanted);
  // Until every event that `id` authored is at the hub and acknowledged.
  void wait_acknowledged(const std::string& id);

  void start(const std::string& id);  // waits until it is ready
  // Starts one that is not to become ready, and returns the status it ends with.
  int start_in_vain(const std::string& id);
  void stop(const std::string& id);  // SIGTERM; throws unless it ends with status 0
  void kill9(const std::string& id);
  void restart(const std::string& id);

  // REQUIRES a node that does not run.
  void wipe_data(const std::string& id);
  void copy_data(const std::string& id, const std::string& copy_name);
  void restore_data(const std::string& id, const std::string& copy_name);
  // Replaces a line of its configuration; the value as TOML.
  void configure(const std::string& id, const std::string& key, const std::string& value);
  // "NAME=value" for the node's next starts, such as LD_PRELOAD.
  void set_environment(const std::string& id, std::vector<std::string> environment);

  bool running(const std::string& id);
  pid_t pid(const std::string& id);
  void signal(const std::string& id, int number);
  std::string log(const std::string& id);  // since its last start
  const Home& home(const std::string& id) { return node(id).home; }
  const std::string& hub() const { return hub_; }

 private:
  struct Node {
    NodeSpec spec;
    Home home;
    std::string endpoint;
    std::vector<std::string> environment;
    std::unique_ptr<ChildProcess> process;
  };
  Node& node(const std::string& id);
  void init(Node& node, std::vector<std::string> words);
  std::unique_ptr<ChildProcess> launch(Node& node, const std::vector<std::string>& words);
  [[noreturn]] void give_up(const std::string& id, const std::string& what);

  const std::string program_;
  const std::string hub_;
  const ScratchDirectory scratch_;
  std::map<std::string, Node> nodes_;
};

}  // namespace simpul
