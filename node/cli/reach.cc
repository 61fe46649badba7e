#include "node/cli/reach.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "node/access_log.h"
#include "node/account.h"
#include "node/clock.h"
#include "node/config.h"
#include "node/control_client.h"
#include "node/control_wire.h"
#include "node/files.h"
#include "node/init.h"
#include "node/queries.h"

namespace simpul {
namespace {

// The keys, if their passphrase lies ready: nobody is asked for one just to read.
std::optional<Identity> identity_at_hand(const Home& home, const GlobalOptions& globals) {
  const auto config = read_config(home.config());
  if (!config) return std::nullopt;
  const auto passphrase =
      find_passphrase(home, {.file = globals.passphrase_file, .may_prompt = false});
  if (!passphrase) return std::nullopt;
  auto identity = open_identity(home, *config, *passphrase);
  if (!identity) return std::nullopt;
  return *std::move(identity);
}

Result<Roster> roster_of(Tables& tables, const std::optional<Identity>& identity,
                         const Home& home) {
  const auto bytes = tables.rosters.newest();
  if (!bytes) return Roster{};
  std::optional<VerifyKey> root = identity ? std::optional(identity->root) : std::nullopt;
  if (!root) {
    SIMPUL_TRY(federation, read_federation(home.federation()));
    root = federation.root;
  }
  SIMPUL_TRY(opened, open_roster(*bytes, *root));
  return std::move(opened.roster);
}

// As a running node does: before anything is shown.
Result<void> record_reading(Store& store, const Json& opened) {
  if (opened.is_null()) return {};
  SIMPUL_TRY(records, access_records(opened, SystemClock().now()));
  WriteTransaction transaction(store.environment());
  Tables tables(transaction);
  for (AccessRecord& record : records) tables.access.append(std::move(record));
  return transaction.commit();
}

Result<Json> read_stopped(const Home& home, const GlobalOptions& globals, const std::string& name,
                          const Json& arguments) {
  const auto lock = HomeLock::take(home);  // no node starts meanwhile
  if (!lock) return std::unexpected(lock.error());
  SIMPUL_TRY(config, read_config(home.config()));
  SIMPUL_TRY(store, Store::open(home.data(), {.map_size_bytes = config.map_size_gib << 30}));
  const std::optional<Identity> identity = identity_at_hand(home, globals);
  ReadTransaction transaction = store.read();
  Tables tables(transaction);
  SIMPUL_TRY(roster, roster_of(tables, identity, home));
  const QueryContext context{.tables = tables,
                             .self = identity ? &*identity : nullptr,
                             .roster = roster,
                             .now = SystemClock().now()};
  auto answer = run_query(context, name, arguments);
  SIMPUL_TRY_VOID(transaction.check());
  if (answer)
    SIMPUL_TRY_VOID(record_reading(store, opened_by(name, *answer, account_text(::getuid()))));
  return answer;
}

// What a command that follows at once on the one before may meet: a node that is just starting, or
// that waits, just admitted, for the hub's first word.
constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::milliseconds kAskAgain{100};

bool started_within(const std::string& home, std::chrono::steady_clock::time_point deadline) {
  while (!node_runs(home)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kAskAgain);
  }
  return true;
}

}  // namespace

bool node_runs(const std::string& home) {
  return connect_to(Home(home)).has_value();
}

Result<Json> reach_node(const GlobalOptions& globals, const std::string& name,
                        const Json& arguments) {
  const Home home(globals.home);
  if (!file_exists(home.config())) {
    return fail(ErrorCode::kUnavailable, "there is no node in " + globals.home +
                                             "; make one with simpul init, or name its "
                                             "home with --home");
  }
  const auto limit = std::chrono::seconds(globals.timeout_seconds);
  if (is_query(name)) {
    if (node_runs(globals.home)) return call_node(home, name, arguments, limit);
    if (file_exists(home.data() + "/data.mdb")) return read_stopped(home, globals, name, arguments);
  }
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (started_within(globals.home, deadline)) {
    auto answer = call_node(home, name, arguments, limit);
    const bool wait = !answer && answer.error().code == ErrorCode::kNotYet;
    if (!wait || std::chrono::steady_clock::now() > deadline) return answer;
    std::this_thread::sleep_for(kAskAgain);
  }
  return fail(ErrorCode::kUnavailable,
              "the node in " + globals.home + " does not run; start it with simpul run");
}

}  // namespace simpul
