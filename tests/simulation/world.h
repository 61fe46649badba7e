// The simulated country: every member's node over its real store, the lines between them, one
// clock. Drives engines as a node's own driver does, and does to them what faults ask for.
// Not thread-safe: everything happens in run_until().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/credit.h"
#include "tests/simulation/history.h"
#include "tests/simulation/member_node.h"
#include "tests/simulation/network.h"
#include "tests/simulation/roll_call.h"

namespace simpul::sim {

struct WorldOptions {
  std::uint64_t seed = 1;
  std::size_t members = 9;  // with hubs
  std::size_t hubs = 2;
  std::string folder;    // for the data of all
  Millis tick = 30'000;  // an idle engine is stepped at most so often: a slow machine
};

class World {
 public:
  World(WorldOptions options, History& history);
  ~World();

  // Called after each step that was committed, before anything of it leaves the node.
  std::function<void(MemberNode&)> on_step;
  // Called when a node's data is not what it was: lost, or put back from a copy.
  std::function<void(MemberNode&)> on_data_replaced;
  // Called at each start with what looking through the data found.
  std::function<void(MemberNode&, const Result<void>&)> on_data_checked;
  std::function<void(MemberNode&, const LogOut&)> on_log;
  std::function<void(MemberNode&, const CommandInput&, const Result<Json>&)> on_reply;
  // Called with every frame as it leaves a node and as it reaches one, and the node's own link.
  std::function<void(MemberNode&, LinkId, BytesView frame)> on_sent, on_received;

  // What stands between a node and its disk and lines, and may do other than they should: liars
  // (liars.h) and deliberate bugs (bugs.h). Each may be empty.
  struct Twins {
    std::function<void(MemberNode&)> before_step;
    // The disk has what was committed, and nobody has looked at it yet.
    std::function<void(MemberNode&)> committed;
    // What looking through everything stored found at a start.
    std::function<void(MemberNode&, Result<void>& sound)> checked;
    // All that was to leave has left. May stop the node.
    std::function<void(MemberNode&)> after_step;
    // False: the frame is not sent. May send others.
    std::function<bool(MemberNode& from, MemberNode& to, LinkId link, Bytes& frame)> send;
  };
  Twins twins;

  Millis now() const { return network_.now(); }
  std::vector<std::unique_ptr<MemberNode>>& nodes() { return nodes_; }
  MemberNode* find(const MemberId& id);
  Network& network() { return network_; }
  History& history() { return history_; }
  const WorldOptions& options() const { return options_; }
  std::uint64_t steps() const { return steps_; }
  // As every node is started with: one that is stepped seldom is patient with its links.
  EngineOptions engine_options() const;
  // When a node started last.
  Millis last_start() const { return last_start_; }

  // Everything up to then, or until someone calls halt().
  void run_until(Millis until);
  void halt() { halted_ = true; }
  bool halted() const { return halted_; }

  // A further member, which does not run and is in nobody's roster.
  MemberNode& add(Seat seat);
  void command(MemberNode& node, std::string name, Json arguments);
  // As its service manager does: again and again until it runs.
  void start(MemberNode& node);
  // The process ends at once. `quietly`: its machine too, so that nobody hears of it.
  void stop(MemberNode& node, bool quietly);
  void say(const MemberNode& node, std::string_view kind, std::string_view words);

  // REQUIRES a node that does not run.
  void lose_data(MemberNode& node);
  void restore_data(MemberNode& node, const std::string& copy);
  // A copy of a node's data as of now, running or not.
  std::string copy_data(MemberNode& node);
  // The node grants credit again; what it held back meanwhile comes now.
  void end_stinginess(MemberNode& node);
  // Puts it back under the running process, which does not notice. No fault: only bugs do it.
  void swap_data(MemberNode& node, const std::string& copy);

 private:
  void build();
  void step(MemberNode& node);
  bool run_engine(MemberNode& node, std::vector<Input>& inputs, Outputs& outputs);
  void end_by_itself(MemberNode& node, const char* why);
  Result<void> try_start(MemberNode& node);
  Result<void> open_sound_data(MemberNode& node);
  void note_head(MemberNode& node);
  void keep_keys(MemberNode& node, const Keystore& keys);
  bool carry_out(MemberNode& node, Outputs outputs);
  void handle(MemberNode& node, Output& output);
  Result<bool> renew_marker(MemberNode& node);
  void deliver(MemberNode& node, TransportEvent&& event);
  void send(MemberNode& node, SendOut& out);
  void note_replaced(MemberNode& node);

  WorldOptions options_;
  History& history_;
  Network network_;
  Prng random_, keys_random_;
  WithheldCredit withheld_;
  std::vector<std::unique_ptr<MemberNode>> nodes_;
  std::uint64_t last_command_ = 0, copies_ = 0, steps_ = 0;
  bool halted_ = false;
  Millis last_start_ = 0;
};

}  // namespace simpul::sim
