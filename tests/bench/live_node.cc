#include "tests/bench/live_node.h"

#include <fstream>

#include "tests/bench/stopwatch.h"

namespace simpul::bench {
namespace {

constexpr std::size_t kInputsPerStep = 256;
constexpr std::size_t kInboxFrames = 256;
constexpr std::size_t kInboxBytes = 16u << 20;

// By this thread, ever.
StepWrites writes_so_far() {
  StepWrites writes;
  std::ifstream io("/proc/thread-self/io");
  std::string name;
  for (std::uint64_t value = 0; io >> name >> value;) {
    if (name == "syscw:") writes.calls = value;
    if (name == "wchar:") writes.bytes = value;
  }
  return writes;
}

}  // namespace

Instant system_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

LiveNode::LiveNode(const World& world, const std::string& member, Options options)
    : member_(member),
      store_(world.open_store(options.directory, options.sync)),
      random_(static_cast<std::uint64_t>(system_now().time_since_epoch().count())) {
  options.engine.confirm_wait = Duration{0};
  engine_ = must(Engine::open(store_, world.identity(member), random_, options.engine, now()));
  ZmqTransportOptions zmq;
  zmq.listen = options.listen;
  transport_ = must(ZmqTransport::start(
      zmq, world.identity(member).keys.transport, world.admission(),
      [this](TransportEvent&& event) {
        const std::lock_guard lock(mutex_);
        std::visit([&](auto& one) { inbox_.emplace_back(std::move(one)); }, event);
        changed_.notify_all();
        stalled_ = inbox_.size() >= kInboxFrames;
        return !stalled_;
      }));
  thread_ = std::thread([this] { run(); });
}

LiveNode::~LiveNode() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_all();
  }
  thread_.join();
  transport_->stop(0);
  engine_.reset();
}

Instant LiveNode::now() {
  const std::int64_t held = held_at_;
  return held != 0 ? Instant(Duration(held)) : system_now();
}

void LiveNode::hold_clock(bool held) {
  held_at_ = held ? system_now().time_since_epoch().count() : 0;
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void LiveNode::on_step(std::function<void()> hook) {
  hook_ = std::move(hook);
}

std::vector<Input> LiveNode::wait_for_inputs() {
  const Instant wake = engine_->next_wake(now());
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::clamp(wake - now(), Duration{held_at_ != 0 ? 1 : 0}, Duration{200}),
                    [&] { return stop_ || !inbox_.empty(); });
  std::vector<Input> inputs;
  std::size_t bytes = 0;
  while (!inbox_.empty() && inputs.size() < kInputsPerStep && bytes < kInboxBytes) {
    if (const auto* frame = std::get_if<FrameIn>(&inbox_.front())) bytes += frame->bytes.size();
    inputs.push_back(std::move(inbox_.front()));
    inbox_.pop_front();
  }
  if (stalled_ && inbox_.size() < kInboxFrames / 2) {
    stalled_ = false;
    transport_->resume();
  }
  return inputs;
}

void LiveNode::run() {
  while (!stop_) {
    std::vector<Input> inputs = wait_for_inputs();
    const StepWrites before = writes_so_far();
    Outputs outputs = engine_->step(inputs, now());
    const StepWrites after = writes_so_far();
    last_writes_ = {after.calls - before.calls, after.bytes - before.bytes};
    ++steps_;
    if (hook_) hook_();
    carry_out(outputs);
  }
}

void LiveNode::carry_out(Outputs& outputs) {
  for (Output& output : outputs) {
    if (auto* send = std::get_if<SendOut>(&output)) {
      transport_->send(send->link, std::move(send->frame));
    } else if (const auto* close = std::get_if<CloseOut>(&output)) {
      transport_->close(close->link, close->flush_ms);
    } else if (const auto* dial = std::get_if<DialOut>(&output)) {
      engine_->dialled(dial->member, transport_->dial(dial->endpoint, dial->key));
    } else if (auto* reply = std::get_if<ReplyOut>(&output)) {
      const std::lock_guard lock(mutex_);
      replies_.emplace(reply->command, std::move(reply->result));
      changed_.notify_all();
    } else if (const auto* admission = std::get_if<AdmissionOut>(&output)) {
      transport_->set_admission(admission->table);
    } else if (const auto* log = std::get_if<LogOut>(&output)) {
      if (log->level >= LogLevel::kWarning || std::getenv("SIMPUL_BENCH_LOG") != nullptr)
        std::fprintf(stderr, "%s %s: %s\n", member_.c_str(), log->event.c_str(), log->text.c_str());
    }
  }
}

Result<Json> LiveNode::call(const std::string& name, Json arguments) {
  std::unique_lock lock(mutex_);
  const std::uint64_t command = next_command_++;
  inbox_.emplace_back(CommandInput{command, name, std::move(arguments)});
  changed_.notify_all();
  changed_.wait(lock, [&] { return replies_.contains(command); });
  return replies_.extract(command).mapped();
}

bool LiveNode::fully_indexed() {
  ReadTransaction transaction(store_.environment());
  Tables tables(transaction);
  return tables.arrivals.indexed_through() == tables.arrivals.end();
}

}  // namespace simpul::bench
