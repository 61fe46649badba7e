#include "node/daemon.h"

#include <cstdio>
#include <thread>

#include "node/access_log.h"
#include "node/config.h"
#include "node/control_server.h"
#include "node/data_watch.h"
#include "node/engine_driver.h"
#include "node/init.h"
#include "node/key_file.h"
#include "node/log.h"
#include "node/queries.h"
#include "node/query_desk.h"
#include "node/sd_notify.h"
#include "node/signals.h"
#include "node/system_random.h"
#include "node/transport_report.h"
#include "node/zmq_transport.h"

namespace simpul {
namespace {

constexpr std::uint32_t kFlushMs = 1'000;  // for what was queued when the node stops
// A small database is looked through before the node is ready; a larger one beside the running
// node, which is to start at once.
constexpr std::chrono::milliseconds kCheckWait{3'000};
constexpr std::uint64_t kCheckedFirstBytes = 64u << 20;

EngineOptions engine_options(const Config& config, const DaemonOptions& options, bool restored,
                             Random& random) {
  EngineOptions engine;
  engine.software = options.software;
  engine.endpoint = config.endpoint;
  engine.direct_links = config.direct_links;
  engine.journal_subscriptions = config.journals;
  engine.index_lag_max = config.index_lag_max;
  engine.ping_interval = std::chrono::seconds{config.ping_interval_seconds};
  engine.link_dead_after = std::chrono::seconds{config.link_dead_after_seconds};
  engine.confirm_wait = std::chrono::seconds{config.confirm_wait_seconds};
  engine.looks_restored = restored;
  engine.random_seed_for_jitter = random.next_u64();
  return engine;
}

// The data belongs to whoever used it first.
Result<void> claim_data(const Store& store, const Identity& identity) {
  WriteTransaction transaction = store.write();
  Tables tables(transaction);
  const MemberId owner = tables.meta.own_member();
  const std::string federation = tables.meta.federation();
  if ((!owner.empty() && owner != identity.member) ||
      (!federation.empty() && federation != identity.federation)) {
    return fail(ErrorCode::kConflict, "the data folder is of " + owner.text() + " in federation " +
                                          federation + ", not of " + identity.member.text() +
                                          " in " + identity.federation);
  }
  tables.meta.set_own_member(identity.member);
  tables.meta.set_federation(identity.federation);
  tables.meta.set_root_key(identity.root);
  return transaction.commit();
}

Result<Store> open_store(const Home& home, const Config& config, const Identity& identity) {
  SIMPUL_TRY(store, Store::open(home.data(), {.map_size_bytes = config.map_size_gib << 30}));
  SIMPUL_TRY_VOID(claim_data(store, identity));
  return std::move(store);
}

// The table that the first step hands out, so that no member is refused before it.
std::shared_ptr<const AdmissionTable> first_table(const Outputs& outputs) {
  for (const Output& output : outputs) {
    if (const auto* admission = std::get_if<AdmissionOut>(&output)) return admission->table;
  }
  return std::make_shared<const AdmissionTable>();
}

void say_ready(const Identity& identity, const std::string& endpoint) {
  std::printf("ready member=%s endpoint=%s pid=%d\n", identity.member.text().c_str(),
              endpoint.empty() ? "-" : endpoint.c_str(), ::getpid());
  std::fflush(stdout);
  log_event(LogLevel::kInfo, "ready",
            identity.member.text() + " is open" +
                (endpoint.empty() ? "; it dials only" : ", listening on " + endpoint));
  notify_service_manager("READY=1");
}

// From the first signal to the end; the engine's thread runs meanwhile.
void wait_for_end(StopSignals& signals, InputQueue& queue) {
  if (!signals.wait()) return;
  log_event(LogLevel::kInfo, "stopping", "A signal asks this node to stop.");
  notify_service_manager("STOPPING=1");
  queue.close();
  if (signals.wait()) ::_exit(130);
}

// What a query opens is recorded before it is shown.
Result<Json> answer(QueryDesk& queries, CommandDesk& desk, const ControlCall& request) {
  if (request.name == kRecordAccess) {
    return fail(ErrorCode::kNotAllowed, "readings are recorded by the node alone");
  }
  if (!is_query(request.name)) return desk.ask(request.name, request.arguments, request.bytes);
  SIMPUL_TRY(answered, queries.ask(request.name, request.arguments, SystemClock().now()));
  const Json opened = opened_by(request.name, answered, request.account);
  if (opened.is_null()) return answered;
  if (const auto recorded = desk.ask(kRecordAccess, opened, opened.dump().size()); !recorded) {
    return fail(
        recorded.error().code,
        "nothing is shown, since the reading could not be recorded: " + recorded.error().message);
  }
  return answered;
}

}  // namespace

Result<void> run_daemon(const DaemonOptions& options) {
  SIMPUL_TRY(signals, StopSignals::take());
  const Home home(options.home);
  SIMPUL_TRY(config, read_config(home.config()));
  set_up_log({config.log_level, config.log_format, config.member.text()});
  SIMPUL_TRY_VOID(home.create());
  const auto lock = HomeLock::take(home);
  if (!lock) return std::unexpected(lock.error());
  SIMPUL_TRY(passphrase, find_passphrase(home, options.passphrase));
  SIMPUL_TRY(identity, open_identity(home, config, passphrase));
  SIMPUL_TRY(key_file, KeyFile::open(home, std::move(passphrase)));
  explain_sudden_death();
  SIMPUL_TRY(store, open_store(home, config, identity));
  InputQueue queue;
  DataWatch watch(store, [&queue] { queue.close(); });
  const bool is_small = store.environment().stats().used_bytes <= kCheckedFirstBytes;
  SIMPUL_TRY_VOID(watch.wait(is_small ? kCheckWait : std::chrono::milliseconds{0}));
  SystemRandom random;
  SystemClock clock;
  SIMPUL_TRY(restored, renew_marker(home, store, identity.member, random));
  if (restored) {
    log_event(LogLevel::kError, "restored",
              "This node's data is not what it left: " + *restored +
                  ". It writes nothing until a hub has confirmed or completed its journal.");
  }
  EngineOptions with = engine_options(config, options, restored.has_value(), random);
  with.generation_noted = noted_generation(home);
  with.keep_keys = [&key_file](const Keystore& keys) { return key_file.keep(keys); };
  SIMPUL_TRY(engine, Engine::open(store, identity, random, std::move(with), clock.now()));
  CommandDesk desk(queue);
  Outputs first = engine->step({}, clock.now());
  ZmqTransportOptions transport_options;
  transport_options.listen = config.listen;
  transport_options.zmq_threads = static_cast<int>(config.network_threads);
  SIMPUL_TRY(transport, ZmqTransport::start(transport_options, identity.keys.transport,
                                            first_table(first), [&queue](TransportEvent&& event) {
                                              return queue.push(std::move(event));
                                            }));
  EngineDriver driver({.home = home,
                       .self = identity.member,
                       .store = store,
                       .engine = *engine,
                       .transport = *transport,
                       .queue = queue,
                       .desk = desk,
                       .clock = clock});
  driver.carry_out(std::move(first));

  QueryDesk queries(store, identity);
  SIMPUL_TRY(control, ControlServer::start(home, [&](const ControlCall& request) -> Result<Json> {
               if (request.name == "node.transport")
                 return transport_report(*transport, queue.size());
               return answer(queries, desk, request);
             }));
  std::thread engine_thread([&] {
    driver.run();
    signals.finish();
  });
  say_ready(identity, transport->endpoint());
  wait_for_end(signals, queue);
  engine_thread.join();
  control->stop();
  transport->stop(kFlushMs);
  SIMPUL_TRY_VOID(watch.wait({}));
  if (driver.failed()) return std::unexpected(*driver.failed());
  log_event(LogLevel::kInfo, "stopped", "Everything is on the disk.");
  return {};
}

}  // namespace simpul
