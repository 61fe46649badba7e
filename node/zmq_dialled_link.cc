#include "node/zmq_dialled_link.h"

#include <cerrno>

namespace simpul {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLingerMsMax = 1'000;

}  // namespace

DialledLink::DialledLink(LinkHost& host, std::shared_ptr<LinkAccount> account, std::string endpoint,
                         SteadyTime now)
    : host_(host),
      account_(std::move(account)),
      endpoint_(std::move(endpoint)),
      socket_(host.context, zmq::socket_type::dealer),
      monitor_(host.context, socket_, "monitor-" + std::to_string(account_->link)),
      dial_deadline_(now + milliseconds(host.options.dial_ms)) {
  apply_common_options(socket_, host_);
  socket_->set(zmq::sockopt::reconnect_ivl, -1);
  socket_->set(zmq::sockopt::connect_timeout, host_.options.connect_ms);
  socket_->set(zmq::sockopt::curve_publickey, zmq::buffer(host_.own_key.bytes));
  socket_->set(zmq::sockopt::curve_serverkey, zmq::buffer(account_->peer.bytes));
  socket_->connect(endpoint_);
}

bool DialledLink::step(SteadyTime now) {
  bool active = heed_monitor();
  if (over_) return true;
  active |= read();
  if (over_) return true;
  active |= flush();
  if (over_) return true;
  if (!up_ && now >= dial_deadline_) end(failure());
  if (close_deadline_ && (outgoing_.empty() || now >= *close_deadline_)) {
    const auto left = std::chrono::duration_cast<milliseconds>(*close_deadline_ - now).count();
    if (left > 0) {
      socket_->set(zmq::sockopt::linger, static_cast<int>(std::min<std::size_t>(
                                             static_cast<std::size_t>(left), kLingerMsMax)));
    }
    end("closed here");
  }
  return active || over_;
}

void DialledLink::close(SteadyTime now, std::uint32_t flush_ms) {
  close_deadline_ = now + milliseconds(flush_ms);
  if (!up_ || flush_ms == 0) end("closed here");
}

void DialledLink::end(std::string reason) {
  if (std::exchange(over_, true)) return;
  host_.ledger.close(account_->link);
  host_.emit(LinkDown{account_->link, std::move(reason)});
}

std::optional<SteadyTime> DialledLink::deadline() const {
  if (!up_) return dial_deadline_;
  return close_deadline_;
}

bool DialledLink::heed_monitor() {
  bool active = false;
  while (!over_) {
    const auto event = monitor_.next();
    if (!event) break;
    heed(*event);
    active = true;
  }
  return active;
}

void DialledLink::heed(const SocketEvent& event) {
  switch (event.kind) {
    case ZMQ_EVENT_CONNECTED:
      connected_ = true;
      break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      up_ = true;
      host_.emit(LinkUp{account_->link, account_->peer, true});
      break;
    case ZMQ_EVENT_CLOSED:
      if (!connected_) end(failure());
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      end(endpoint_ + " answered, but not as a node does; check the address and port");
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      end(failure());
      break;
    case ZMQ_EVENT_DISCONNECTED:
      if (!up_) end(failure());
      lost_ = true;
      break;
    default:
      break;
  }
}

std::string DialledLink::failure() const {
  if (connected_) {
    return "handshake refused by " + endpoint_ +
           ": our key is not in the peer's roster, or it has another key than we think, or it "
           "is no node";
  }
  return "cannot connect to " + endpoint_ +
         ": connection refused or no answer; check that the node there runs and that its port "
         "is open";
}

// Nothing is read before LinkUp was given, for frames may overtake the monitor.
bool DialledLink::read() {
  if (!up_ || !host_.reading) {
    socket_.settle();
    return false;
  }
  std::size_t bytes = 0;
  int count = 0;
  while (count < kReadBatchFrames && bytes < kReadBatchBytes && host_.reading) {
    auto part = socket_.receive();
    if (!part) {
      if (lost_) end("the connection to " + endpoint_ + " was lost");
      break;
    }
    ++count;
    if (host_.gate.current().refused.contains(account_->peer)) {
      end("the peer was suspended or removed from the roster");
      break;
    }
    if (socket_->get(zmq::sockopt::rcvmore)) {
      host_.ledger.messages_refused += 1;
      end("the peer sent a message of several parts");
      break;
    }
    if (close_deadline_) {
      host_.ledger.frames_dropped += 1;
      continue;
    }
    bytes += part->size();
    host_.ledger.count_in(*account_, part->size());
    const auto* data = static_cast<const std::uint8_t*>(part->data());
    host_.emit(FrameIn{account_->link, Bytes(data, data + part->size())});
  }
  return count > 0;
}

bool DialledLink::flush() {
  if (!up_ || lost_) return false;
  bool active = false;
  while (!outgoing_.empty()) {
    const std::size_t size = outgoing_.front().size();
    if (socket_.send(outgoing_.front(), false) != 0) break;
    host_.ledger.count_out(*account_, size);
    outgoing_.pop_front();
    active = true;
  }
  return active;
}

}  // namespace simpul
