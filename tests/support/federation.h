// A whole federation in one thread: real engines over real storage in temporary folders, on a
// virtual clock and the network in memory. The same seed gives the same run. For tests and the
// simulator.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/engine.h"
#include "node/restore_marker.h"
#include "tests/support/memory_transport.h"
#include "tests/support/temp_directory.h"

namespace simpul::test {

class Federation;

// One member: its keys and data live as long as this; its engine comes and goes.
class FederationNode {
 public:
  explicit FederationNode(Identity identity) : identity_(std::move(identity)) {}
  bool running() const { return engine_ != nullptr; }
  const MemberId& id() const { return identity_.member; }
  const Identity& identity() const { return identity_; }
  const Store& store() const { return *store_; }
  const std::string& data_folder() const { return data_; }
  std::vector<LogOut>& logs() { return logs_; }
  // Its keystore file, which a start reads; writing it may fail for a while.
  const Bytes& key_file() const { return key_file_; }
  Bytes put_key_file(Bytes file) { return std::exchange(key_file_, std::move(file)); }
  void fail_key_file(bool fails) { key_file_fails_ = fails; }

 private:
  friend class Federation;
  Identity identity_;
  std::string endpoint_, data_;
  std::unique_ptr<SeededRandom> random_;
  std::optional<Store> store_;
  std::unique_ptr<MemoryTransport> transport_;
  std::unique_ptr<Engine> engine_;
  std::vector<Input> inbox_;
  std::map<std::uint64_t, Result<Json>> replies_;
  std::vector<LogOut> logs_;
  bool looks_restored_ = false;
  OwnHead noted_;  // beside the keys
  Bytes key_file_;
  bool key_file_fails_ = false;
  std::uint64_t map_size_bytes_ = 1ull << 34;
};

class Federation {
 public:
  struct Seat {
    std::string id;
    MemberKind kind;
    bool has_endpoint = false;
    bool listed = true;  // in the roster from the start; others know the hubs and have none
  };
  // The first seat is the hub.
  Federation(std::uint64_t seed, const std::vector<Seat>& seats);
  ~Federation();

  FederationNode& node(const std::string& id);
  void start(const std::string& id);
  // As after the loss of everything but the keys.
  void start_without_roster(const std::string& id);
  // The process vanishes: what was not committed is gone, links break.
  void kill(const std::string& id);
  // Its data folder is lost; keys stay. Only while not running.
  void lose_data(const std::string& id);
  // A copy of the data folder, and its return. Only while not running.
  std::string copy_data(const std::string& id);
  // Puts a copy back as if nothing had been written since: a commit that a crash undid.
  void undo_data(const std::string& id, const std::string& copy);
  void restore_data(const std::string& id, const std::string& copy);
  // Its database may grow no larger, from its next start on.
  void limit_room(const std::string& id, std::uint64_t bytes);
  // What its home has beside the keys is lost too.
  void forget_marker(const std::string& id);

  // A command, answered. Lets the federation run until it is.
  Result<Json> call(const std::string& id, const std::string& name, Json arguments);

  // A query, answered from what the node has.
  Result<Json> ask(const std::string& id, const std::string& name, const Json& arguments);

  // Several at once: as many as possible in one step.
  std::vector<Result<Json>> call_together(const std::string& id, const std::string& name,
                                          const std::vector<Json>& arguments);

  // Sees every frame as its receiver gets it.
  using Tap = std::function<void(const std::string& receiver, BytesView frame)>;
  void set_tap(Tap tap) { tap_ = std::move(tap); }

  void run_for(Duration duration);
  // Until the condition holds; false if it does not within `limit` of virtual time.
  bool run_until(const std::function<bool()>& condition, Duration limit = std::chrono::minutes{5});

  // The case as folded from what this node holds.
  CaseState state(const std::string& id, const std::string& case_id);
  // From where on this node counts a journal's events as void; nullopt: from nowhere.
  std::optional<std::uint64_t> disputed_from(const std::string& id, const JournalId& journal);
  // The text of an enclosure by role, as readable at this node; nullopt if not.
  std::optional<std::string> text(const std::string& id, const std::string& case_id,
                                  EnclosureRole role);

  MemoryNetwork& network() { return network_; }
  Instant now() const {
    return Instant(Duration(epoch_ms_ + static_cast<std::int64_t>(network_.now_ms())));
  }
  const Roster& roster() const { return roster_.roster; }

 private:
  void start(FederationNode& node, bool with_roster);
  void introduce_hubs(FederationNode& node);
  void note_head(FederationNode& node);
  Result<void> keep_keys(FederationNode& node, const Keystore& keys);
  void wire(FederationNode& node);
  void step(FederationNode& node);
  void pass();  // one millisecond or the next event, then all engines

  SeededRandom random_;
  Tap tap_;
  MemoryNetwork network_;
  TempDirectory directory_;
  std::optional<SigningKey> root_;
  SignedRoster roster_;
  std::map<std::string, std::unique_ptr<FederationNode>> nodes_;
  std::uint64_t next_command_ = 1;
  std::int64_t epoch_ms_ = 1'767'225'600'000;  // 2026-01-01
  int copies_ = 0;
};

}  // namespace simpul::test
