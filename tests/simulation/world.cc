#include "tests/simulation/world.h"

#include <algorithm>
#include <filesystem>

#include "node/clock_leap.h"
#include "storage/data_check.h"
#include "tests/simulation/roll_call.h"

namespace simpul::sim {
namespace {

constexpr std::size_t kInputsPerStep = 512;
constexpr Millis kWaitMax = 60'000;     // as the node's own driver
constexpr Millis kBatching = 4;         // frames that come this close together make one step
constexpr Millis kStartAgain = 10'000;  // after a start that failed, or an end by itself

// What a run says must not depend on where it runs.
std::string without_folder(std::string text, const std::string& folder) {
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text.erase(at, folder.size());
  }
  return text;
}

template <class T>
T must(Result<T> result) {
  if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
  SIMPUL_CHECK(result.has_value());
  return *std::move(result);
}

}  // namespace

Instant MemberNode::local(Millis now) {
  return clock.advance(Instant(Duration(kEpochMs + now + clock_offset)), Duration(now));
}

World::World(WorldOptions options, History& history)
    : options_(std::move(options)),
      history_(history),
      network_(options_.seed),
      random_(options_.seed, "world"),
      keys_random_(options_.seed, "keys") {
  build();
}

World::~World() {
  for (auto& node : nodes_) {
    node->engine.reset();
    node->store.reset();
  }
}

void World::build() {
  RollCall call = call_roll(options_.members, options_.hubs, Instant(Duration(kEpochMs)), random_);
  for (Seat& seat : call.seats) {
    MemberNode& node = add(std::move(seat));
    const Store store = must(Store::open(node.data, {.map_size_bytes = kMapBytes}));
    WriteTransaction transaction(store.environment());
    Tables tables(transaction);
    tables.rosters.put(call.roster.roster.version, call.roster.bytes);
    SIMPUL_CHECK(transaction.commit());
  }
}

MemberNode& World::add(Seat seat) {
  const std::string folder = options_.folder + "/" + seat.identity.member.text();
  nodes_.push_back(std::make_unique<MemberNode>(nodes_.size(), std::move(seat.identity), seat.kind,
                                                seat.endpoint, folder, options_.seed));
  MemberNode& node = *nodes_.back();
  keep_keys(node, node.identity.keys);
  network_.add(node.endpoint, node.identity.keys.transport.transport_key(),
               [this, &node](TransportEvent&& event) { deliver(node, std::move(event)); });
  return node;
}

void World::keep_keys(MemberNode& node, const Keystore& keys) {
  node.key_file = encode_keystore(keys, {}, KeystoreCost::least(), keys_random_);
}

MemberNode* World::find(const MemberId& id) {
  for (auto& node : nodes_) {
    if (node->identity.member == id) return node.get();
  }
  return nullptr;
}

void World::say(const MemberNode& node, std::string_view kind, std::string_view words) {
  history_.add(now(), node.name(), kind, words);
}

void World::deliver(MemberNode& node, TransportEvent&& event) {
  if (!node.running()) return;
  if (const auto* frame = std::get_if<FrameIn>(&event)) {
    history_.add(now(), node.name(), "frame",
                 std::to_string(frame->link) + " " + std::to_string(frame->bytes.size()),
                 frame->bytes);
    if (on_received) on_received(node, frame->link, frame->bytes);
  } else if (const auto* up = std::get_if<LinkUp>(&event)) {
    history_.add(now(), node.name(), "link-up", std::to_string(up->link));
  } else {
    const auto& down = std::get<LinkDown>(event);
    history_.add(now(), node.name(), "link-down", std::to_string(down.link) + " " + down.reason);
  }
  std::visit([&](auto& one) { node.inbox.push_back(std::move(one)); }, event);
  node.wake = std::min(node.wake, now() + std::max(kBatching, node.slow_by));
}

void World::run_until(Millis until) {
  while (!halted_) {
    Millis next = network_.next().value_or(until);
    for (const auto& node : nodes_) {
      if (node->running()) next = std::min(next, node->wake);
      if (!node->running() && node->start_at) next = std::min(next, *node->start_at);
    }
    if (next > until) break;
    network_.advance_to(std::max(next, now()));
    for (auto& node : nodes_) {
      if (!node->running() && node->start_at && *node->start_at <= now()) start(*node);
      if (node->running() && node->wake <= now() && !halted_) step(*node);
    }
    if (next == until && !network_.next()) break;
  }
  if (!halted_) network_.advance_to(until);
}

void World::command(MemberNode& node, std::string name, Json arguments) {
  if (!node.running()) return;
  CommandInput input{++last_command_, std::move(name), std::move(arguments)};
  history_.add(now(), node.name(), "command", input.name + " " + input.arguments.dump());
  node.asked.emplace(input.id, input);
  node.inbox.emplace_back(std::move(input));
  node.wake = std::min(node.wake, now() + std::max(kBatching, node.slow_by));
}

void World::step(MemberNode& node) {
  node.local(now());
  if (const auto jump = node.clock.take_jump(); jump && is_set_back_too_far(*jump)) {
    return end_by_itself(node, "its clock was set back too far");
  }
  ++steps_;
  if (twins.before_step) twins.before_step(node);
  std::vector<Input> inputs;
  const std::size_t count = std::min(node.inbox.size(), kInputsPerStep);
  std::move(node.inbox.begin(), node.inbox.begin() + static_cast<std::ptrdiff_t>(count),
            std::back_inserter(inputs));
  node.inbox.erase(node.inbox.begin(), node.inbox.begin() + static_cast<std::ptrdiff_t>(count));
  Outputs outputs;
  if (!run_engine(node, inputs, outputs)) return;
  const bool broken = node.engine->broken().has_value();
  if (!broken) {  // a database that gave up cannot be read before the next start
    if (twins.committed) twins.committed(node);
    note_head(node);
    if (on_step) on_step(node);
  }
  if (!carry_out(node, std::move(outputs))) return;
  if (broken) return end_by_itself(node, "its database gave up");
  const Instant local = node.local(now());
  const Millis wait =
      std::clamp<Millis>((node.engine->next_wake(local) - local).count(), 1, kWaitMax);
  // What nobody waits for happens at the machine's own pace.
  const Millis idle = (now() + wait + options_.tick - 1) / options_.tick * options_.tick;
  node.wake = node.inbox.empty() ? idle : now() + std::max<Millis>(1, node.slow_by);
  if (twins.after_step) twins.after_step(node);
}

// False when the machine went down within it.
bool World::run_engine(MemberNode& node, std::vector<Input>& inputs, Outputs& outputs) {
  const DiskFault fault = node.disk;
  if (node.disk.steps > 0 && --node.disk.steps == 0) node.disk = {};
  const DiskTrouble trouble(fault);
  outputs = node.engine->step(inputs, node.local(now()));
  if (fault.kind != DiskFault::Kind::kBreaksOff || trouble.refused() == 0) return true;
  say(node, "fault", "power gone within a commit");
  stop(node, true);
  node.start_at = now() + random_.about(kStartAgain);
  return false;
}

// As a node's driver does; its service manager starts it again.
void World::end_by_itself(MemberNode& node, const char* why) {
  if (!node.running()) return;
  say(node, "ends", why);
  stop(node, false);
  node.start_at = now() + kStartAgain;
}

// As a node's driver does, at most once a second.
void World::note_head(MemberNode& node) {
  if (now() < node.next_note) return;
  node.next_note = now() + 1'000;
  ReadTransaction transaction = node.store->read();
  Tables tables(transaction);
  node.noted = std::max(node.noted, std::optional(own_head(tables, node.identity.member)));
}

// False when the process ended on the way.
bool World::carry_out(MemberNode& node, Outputs outputs) {
  const bool crash = std::exchange(node.crash_within_step, false);
  const std::size_t out = crash ? random_.under(outputs.size() + 1) : outputs.size();
  for (std::size_t i = 0; i < out; ++i) handle(node, outputs[i]);
  if (!crash) return true;
  say(node, "fault",
      "crash after " + std::to_string(out) + " of " + std::to_string(outputs.size()) + " outputs");
  stop(node, random_.percent(30));
  return false;
}

void World::handle(MemberNode& node, Output& output) {
  if (auto* send = std::get_if<SendOut>(&output)) {
    this->send(node, *send);
  } else if (const auto* close = std::get_if<CloseOut>(&output)) {
    network_.close(node.index, close->link);
  } else if (const auto* dial = std::get_if<DialOut>(&output)) {
    node.engine->dialled(dial->member, network_.dial(node.index, dial->endpoint, dial->key));
  } else if (const auto* admission = std::get_if<AdmissionOut>(&output)) {
    network_.set_admission(node.index, admission->table);
  } else if (const auto* reply = std::get_if<ReplyOut>(&output)) {
    const auto asked = node.asked.extract(reply->command);
    history_.add(now(), node.name(), "reply",
                 reply->result ? reply->result->dump()
                               : without_folder(reply->result.error().message, options_.folder));
    if (on_reply && asked) on_reply(node, asked.mapped(), reply->result);
  } else if (const auto* log = std::get_if<LogOut>(&output)) {
    history_.add(now(), node.name(), "log",
                 log->event + " " + without_folder(log->text, options_.folder));
    if (on_log) on_log(node, *log);
  }
}

void World::send(MemberNode& node, SendOut& out) {
  const auto peer = network_.peer_of(node.index, out.link);
  const bool lost = twins.send && peer && !twins.send(node, *nodes_[*peer], out.link, out.frame);
  if (node.stingy) withheld_.take(node.index, out.link, out.frame);
  if (lost) return;
  if (on_sent) on_sent(node, out.link, out.frame);
  network_.send(node.index, out.link, std::move(out.frame));
}

void World::end_stinginess(MemberNode& node) {
  node.stingy = false;
  for (auto& [link, frame] : withheld_.give_back(node.index)) {
    network_.send(node.index, link, std::move(frame));
  }
}

void World::start(MemberNode& node) {
  SIMPUL_CHECK(!node.running());
  node.start_at.reset();
  node.clock = {};
  if (const auto started = try_start(node); !started) {
    node.store.reset();
    say(node, "no-start", without_folder(started.error().message, options_.folder));
    node.start_at = now() + kStartAgain;
    return;
  }
  network_.up(node.index);
  node.wake = now() + 1;
  last_start_ = now();
}

EngineOptions World::engine_options() const {
  EngineOptions options;
  options.ping_interval = std::max<Duration>(options.ping_interval, Duration(options_.tick * 4));
  options.link_dead_after = 3 * options.ping_interval;
  return options;
}

Result<void> World::try_start(MemberNode& node) {
  SIMPUL_TRY_VOID(open_sound_data(node));
  EngineOptions options = engine_options();
  SIMPUL_TRY(looks_restored, renew_marker(node));
  options.looks_restored = looks_restored;
  options.generation_noted = node.noted.value_or(OwnHead{}).generation;
  SIMPUL_TRY(keys, decode_keystore(node.key_file, {}));
  node.identity.keys = std::move(keys);
  options.keep_keys = [this, &node](const Keystore& changed) -> Result<void> {
    keep_keys(node, changed);
    return {};
  };
  ++node.starts;
  say(node, "start", options.looks_restored ? "on restored data" : "");
  SIMPUL_TRY(engine,
             Engine::open(*node.store, node.identity, node.random, options, node.local(now())));
  node.engine = std::move(engine);
  return {};
}

// Everything stored is looked through, as at a node's start. When it is damaged its operator puts
// the folder away, as the node says.
Result<void> World::open_sound_data(MemberNode& node) {
  node.store.reset();
  SIMPUL_TRY(store, Store::open(node.data, {.map_size_bytes = node.map_bytes}));
  node.store = std::move(store);
  Result<void> sound = check_data(node.store->environment(), {});
  if (twins.checked) twins.checked(node, sound);
  if (on_data_checked) on_data_checked(node, sound);
  if (sound) return {};
  say(node, "damaged", without_folder(sound.error().message, options_.folder));
  node.store.reset();
  lose_data(node);
  SIMPUL_TRY(fresh, Store::open(node.data, {.map_size_bytes = node.map_bytes}));
  node.store = std::move(fresh);
  return {};
}

// As node/restore_marker does with its files.
Result<bool> World::renew_marker(MemberNode& node) {
  WriteTransaction transaction = node.store->write();
  Tables tables(transaction);
  const auto verdict =
      judge_restore(node.marker, node.noted,
                    {tables.meta.instance_nonce(), own_head(tables, node.identity.member)});
  if (verdict) tables.meta.set_flag(kDataRestoredFlag, true);
  const bool looks_restored = tables.meta.flag(kDataRestoredFlag);
  const Bytes nonce = random_.bytes(16);
  tables.meta.set_instance_nonce(nonce);
  SIMPUL_TRY_VOID(transaction.commit());
  node.marker = RestoreMarker{.nonce = nonce, .next_nonce = {}};
  return looks_restored;
}

void World::stop(MemberNode& node, bool quietly) {
  if (!node.running()) return;
  say(node, "stop", quietly ? "power" : "process");
  node.engine.reset();
  node.store.reset();
  node.inbox.clear();
  node.asked.clear();
  node.disk = {};
  node.crash_within_step = false;
  withheld_.forget(node.index);
  network_.down(node.index, quietly);
}

void World::lose_data(MemberNode& node) {
  SIMPUL_CHECK(!node.running());
  std::filesystem::remove_all(node.data);
  node.rotten = false;
  say(node, "fault", "data lost");
  note_replaced(node);
}

void World::note_replaced(MemberNode& node) {
  ++node.data_replaced;
  if (on_data_replaced) on_data_replaced(node);
}

void World::swap_data(MemberNode& node, const std::string& copy) {
  node.store.reset();  // the engine keeps a reference to the optional's place
  std::filesystem::remove_all(node.data);
  std::filesystem::create_directory(node.data);
  std::filesystem::copy_file(copy + "/data.mdb", node.data + "/data.mdb");
  if (!node.running()) return;
  node.store = must(Store::open(node.data, {.map_size_bytes = kMapBytes}));
}

std::string World::copy_data(MemberNode& node) {
  const std::string copy = options_.folder + "/copy-" + std::to_string(++copies_);
  std::filesystem::create_directory(copy);
  std::filesystem::copy_file(node.data + "/data.mdb", copy + "/data.mdb");
  return copy;
}

void World::restore_data(MemberNode& node, const std::string& copy) {
  SIMPUL_CHECK(!node.running());
  std::filesystem::remove_all(node.data);
  std::filesystem::create_directory(node.data);
  std::filesystem::copy_file(copy + "/data.mdb", node.data + "/data.mdb");
  node.rotten = false;
  say(node, "fault", "data restored from an older copy");
  note_replaced(node);
}

}  // namespace simpul::sim
