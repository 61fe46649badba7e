#include "node/zmq_loop.h"

#include <poll.h>

#include <algorithm>

namespace simpul {
namespace {

using std::chrono::milliseconds;

constexpr int kLastLingerMs = 200;  // for what ZeroMQ still holds when everything closes

std::unique_ptr<zmq::context_t> make_context(int threads) {
  return std::make_unique<zmq::context_t>(threads);
}

}  // namespace

ZmqTransport::Loop::Loop(ZmqTransportOptions options, const TransportSecret& secret,
                         std::shared_ptr<const AdmissionTable> table, TransportSink sink)
    : options_(std::move(options)),
      secret_(secret.secret()),
      own_key_(secret.transport_key()),
      sink_(std::move(sink)),
      context_(make_context(options_.zmq_threads)),
      host_{options_, secret_, own_key_, *context_, ledger, gate, sink_} {
  gate.set(std::move(table));
  context_->set(zmq::ctxopt::max_sockets, 16'000);
  if (options_.listen.empty()) return;
  zap_ = std::make_unique<ZapHandler>(host_);
  listener_ = std::make_unique<Listener>(host_, [this] { return next_id(); });
  endpoint_ = listener_->endpoint();
}

ZmqTransport::Loop::~Loop() {
  stop(0);
}

void ZmqTransport::Loop::start() {
  thread_ = std::jthread([this] { run(); });
}

void ZmqTransport::Loop::stop(std::uint32_t flush_ms) {
  if (!thread_.joinable()) return;
  commands.push(StopCommand{flush_ms});
  thread_.join();
}

void ZmqTransport::Loop::run() {
  while (true) {
    now_ = std::chrono::steady_clock::now();
    bool active = false;
    for (Command& command : commands.take()) {
      obey(std::move(command));
      active = true;
    }
    if (gate.changed()) sweep();
    active |= step();
    if (stop_at_ && is_finished()) break;
    if (!active) rest();
  }
  shut();
}

void ZmqTransport::Loop::obey(Command&& command) {
  std::visit([this](auto&& any) { obey(std::move(any)); }, std::move(command));
}

void ZmqTransport::Loop::obey(DialCommand&& dial) {
  auto account = ledger.find(dial.link);
  if (!account) return;
  try {
    dialled_[dial.link] = std::make_unique<DialledLink>(host_, account, dial.endpoint, now_);
  } catch (const zmq::error_t& error) {
    dialled_.erase(dial.link);
    ledger.close(dial.link);
    host_.emit(LinkDown{dial.link, "cannot dial " + dial.endpoint + ": " + error.what()});
  }
}

void ZmqTransport::Loop::obey(SendCommand&& send) {
  if (const auto found = dialled_.find(send.link); found != dialled_.end()) {
    found->second->queue(std::move(send.frame));
  } else if (listener_) {
    listener_->queue(send.link, std::move(send.frame));
  }
}

void ZmqTransport::Loop::obey(CloseCommand&& close) {
  if (const auto found = dialled_.find(close.link); found != dialled_.end()) {
    found->second->close(now_, close.flush_ms);
  } else if (listener_) {
    listener_->close(close.link, now_, close.flush_ms);
  }
}

void ZmqTransport::Loop::obey(StalledCommand&& stalled) {
  const std::string reason = "stalled: the peer does not read; " +
                             std::to_string(options_.queued_bytes_max >> 20) +
                             " MiB were waiting for it";
  if (const auto found = dialled_.find(stalled.link); found != dialled_.end()) {
    found->second->end(reason);
  } else if (listener_) {
    listener_->end(stalled.link, reason);
  }
}

void ZmqTransport::Loop::obey(ResumeCommand&&) {
  host_.reading = true;
}

void ZmqTransport::Loop::obey(StopCommand&& stop) {
  stop_at_ = now_ + milliseconds(stop.flush_ms);
  for (const LinkTraffic& link : ledger.traffic()) obey(CloseCommand{link.link, stop.flush_ms});
}

bool ZmqTransport::Loop::step() {
  bool active = zap_ && zap_->serve(now_);
  if (listener_) active |= listener_->step(now_);
  for (auto at = dialled_.begin(); at != dialled_.end();) {
    if (!at->second->is_over()) active |= at->second->step(now_);
    at = at->second->is_over() ? dialled_.erase(at) : std::next(at);
  }
  return active;
}

void ZmqTransport::Loop::sweep() {
  if (listener_) listener_->sweep();
  for (auto& [id, link] : dialled_) {
    if (!gate.current().refused.contains(link->account().peer)) continue;
    link->end("the peer was suspended or removed from the roster");
  }
}

bool ZmqTransport::Loop::is_finished() const {
  return now_ >= *stop_at_ || (dialled_.empty() && !(listener_ && listener_->has_links()));
}

// Sleeps until a socket, a command or a deadline calls. ZeroMQ's descriptors signal edges; the
// step before this one found every socket empty, so that nothing is missed.
void ZmqTransport::Loop::rest() {
  std::vector<pollfd> watched;
  const auto watch = [&](int descriptor) { watched.push_back({descriptor, POLLIN, 0}); };
  watch(commands.descriptor());
  if (zap_) watch(zap_->descriptor());
  if (listener_) {
    watch(listener_->socket_descriptor());
    watch(listener_->monitor_descriptor());
  }
  for (const auto& [id, link] : dialled_) {
    watch(link->socket_descriptor());
    watch(link->monitor_descriptor());
  }
  ::poll(watched.data(), watched.size(), rest_ms());
}

int ZmqTransport::Loop::rest_ms() const {
  std::optional<SteadyTime> next = stop_at_;
  const auto consider = [&](std::optional<SteadyTime> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  bool is_blocked = false;
  if (listener_) {
    consider(listener_->deadline());
    is_blocked = listener_->is_blocked();
  }
  for (const auto& [id, link] : dialled_) {
    consider(link->deadline());
    is_blocked |= link->is_blocked();
  }
  if (is_blocked) consider(now_ + milliseconds(kBlockedRetryMs));
  if (!next) return -1;
  const auto left = std::chrono::ceil<milliseconds>(*next - now_).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void ZmqTransport::Loop::shut() {
  for (const LinkTraffic& link : ledger.traffic()) obey(CloseCommand{link.link, 0});
  dialled_.clear();
  for (const LinkTraffic& link : ledger.traffic()) {  // dialled after the stop
    ledger.close(link.link);
    host_.emit(LinkDown{link.link, "closed here"});
  }
  if (listener_) listener_->set_linger(kLastLingerMs);
  listener_.reset();
  zap_.reset();
  context_->close();
}

}  // namespace simpul
