#include "node/cli/reach.h"

#include <cstdlib>

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
  return answer;
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
  if (node_runs(globals.home)) {
    return call_node(home, name, arguments, std::chrono::seconds(globals.timeout_seconds));
  }
  if (is_query(name) && file_exists(home.data() + "/data.mdb")) {
    return read_stopped(home, globals, name, arguments);
  }
  return fail(ErrorCode::kUnavailable,
              "the node in " + globals.home + " does not run; start it with simpul run");
}

}  // namespace simpul
