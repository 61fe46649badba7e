// The demo's nine nodes: made, started, enrolled, asked, and ended. Every wait has a limit, ends
// when Ctrl-C is pressed, and notices a node that died. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "node/demo/child_node.h"
#include "node/demo/demo_folder.h"
#include "node/demo/voice.h"
#include "node/engine.h"

namespace simpul {

class DemoFederation {
 public:
  static constexpr std::chrono::seconds kPatience{30};

  // Both must outlive it.
  DemoFederation(DemoFolder& folder, Voice& voice) : folder_(folder), voice_(voice) {}

  // Nine homes, nine processes, eight enrolments with fingerprints compared, and every node
  // linked to the hub and allowed to write.
  Result<void> start();

  // What the node answers; an error names the node.
  Result<Json> ask(const std::string& member, const std::string& name,
                   const Json& arguments = Json::object());
  // Asks until the answer is as wanted. `what` completes "waited N s for ...".
  Result<Json> ask_until(const std::string& member, const std::string& name, const Json& arguments,
                         const std::string& what, const std::function<bool(const Json&)>& wanted,
                         std::chrono::seconds limit = kPatience);

  // An error with its last words if a node died. For loops that wait on their own.
  Result<void> all_run();

  // Ends all nodes, by SIGTERM; an error when one did not end well.
  Result<void> stop();

  const DemoFolder& folder() const { return folder_; }

 private:
  struct Node {
    std::string endpoint, fingerprint;
  };
  Result<void> make_homes();
  Result<void> make_home(const std::string& member, const std::string& endpoint);
  Result<void> start_nodes();
  Result<void> ask_to_enrol(const std::string& member);
  Result<void> enrol_all();
  Result<void> admit(const std::string& member);

  DemoFolder& folder_;
  Voice& voice_;
  std::map<std::string, Node> nodes_;
  std::map<std::string, ChildNode> children_;
};

}  // namespace simpul
