// The engine: the one writer of a node. A state machine: inputs and the time in, outputs out,
// over a Store. Each step applies a bounded number of inputs in ONE transaction, commits once,
// and only then hands out what may leave (frames, acknowledgements, replies): the output
// commit rule. A step whose commit fails has no outputs but refusals and closed links.
//
// Not thread-safe: one thread owns an engine. The program drives it with ZeroMQ and the real
// clock; tests and the simulator drive dozens in one thread from one seed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "crypto/random.h"
#include "node/identity.h"
#include "node/transport.h"
#include "storage/store.h"

namespace simpul {

using Json = nlohmann::json;

struct EngineOptions {
  std::string software = "simpul";
  std::string endpoint;                         // announced at enrolment; empty: dials only
  bool direct_links = true;                     // dial members that have an endpoint
  std::vector<MemberId> journal_subscriptions;  // complete journals besides those a hub holds
  std::size_t index_lag_max = 20'000;           // events journalled but not yet folded
  std::size_t index_eager_max = 256;            // fold in the same step up to this many
  Duration ping_interval = std::chrono::seconds{15};
  Duration link_dead_after = std::chrono::seconds{45};
  // How long a node that started with nothing amiss waits for a hub to confirm its journal
  // head before it authors anyway. A node whose data looks restored waits for ever.
  Duration confirm_wait = std::chrono::seconds{10};
  bool looks_restored = false;  // the data is older than the marker beside the keys
  // The highest generation of its journal that this node began, as noted beside the keys: one that
  // the data has forgotten is not begun again. 0: nothing is noted.
  std::uint32_t generation_noted = 0;
  std::uint64_t random_seed_for_jitter = 0;
  // Writes the keystore, durably, whole or not at all. Empty: this node's keys cannot change.
  std::function<Result<void>(const Keystore&)> keep_keys = {};
};

// A request by a person or a program: name and arguments as in the table of commands.
struct CommandInput {
  std::uint64_t id = 0;
  std::string name;
  Json arguments;
};

using Input = std::variant<LinkUp, FrameIn, LinkDown, CommandInput>;

struct SendOut {
  LinkId link;
  Bytes frame;
};
struct CloseOut {
  LinkId link;
  std::uint32_t flush_ms;
};
// The driver dials and tells the engine which link it became: Engine::dialled.
struct DialOut {
  MemberId member;
  std::string endpoint;
  TransportKey key;
};
struct ReplyOut {
  std::uint64_t command = 0;
  Result<Json> result;
};
struct AdmissionOut {
  std::shared_ptr<const AdmissionTable> table;
};
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };
struct LogOut {
  LogLevel level;
  std::string event;
  std::string text;
};

using Output = std::variant<SendOut, CloseOut, DialOut, ReplyOut, AdmissionOut, LogOut>;
using Outputs = std::vector<Output>;

class Engine {
 public:
  // `store`, `identity` and `random` must outlive the engine, which replaces the signing key when
  // it rotates; other threads may read the other keys meanwhile.
  static Result<std::unique_ptr<Engine>> open(Store& store, Identity& identity, Random& random,
                                              EngineOptions options, Instant now);
  ~Engine();

  // Applies inputs in one transaction and commits. Also does what time demands (pings, timers,
  // redials), so it may be called with no inputs.
  Outputs step(std::span<Input> inputs, Instant now);

  // When step() wants to be called at the latest, whatever else happens.
  Instant next_wake(Instant now) const;

  // The link that a DialOut became.
  void dialled(const MemberId& member, LinkId link);

  // Says bye on every link; to be sent before the process ends.
  Outputs shut_down(Instant now);

  // Why no step will succeed any more, if so: the database gave up. The process must end; started
  // anew it goes on from the last commit.
  const std::optional<Error>& broken() const;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace simpul
