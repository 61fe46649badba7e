#include "node/zmq_listener.h"

#include <cerrno>

#include "crypto/encoding.h"

namespace simpul {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kForgottenMax = 4'096;  // routing ids; older ones are cut off long since
constexpr const char* kLostStanding = "the peer was suspended or removed from the roster";
constexpr auto kCheckInterval = milliseconds(100);
constexpr std::size_t kKernelBufferMax = 16u << 20;  // bytes; what TCP may hold on top

// What a part costs on the wire in ZMTP 3 with CURVE, frame header included.
std::size_t wire_bytes(std::size_t size) {
  const std::size_t sealed = size + kCurveOverhead;
  return sealed + (sealed > 255 ? 9 : 2);
}

}  // namespace

Listener::Listener(LinkHost& host, NextId next_id)
    : host_(host),
      next_id_(std::move(next_id)),
      socket_(host.context, zmq::socket_type::router),
      monitor_(host.context, socket_, "monitor-listener") {
  apply_common_options(socket_, host_);
  socket_->set(zmq::sockopt::router_mandatory, true);
  socket_->set(zmq::sockopt::curve_server, true);
  socket_->set(zmq::sockopt::zap_domain, kZapDomain);
  socket_->set(zmq::sockopt::backlog, host_.options.backlog);
  socket_->bind(host_.options.listen);
  endpoint_ = socket_->get(zmq::sockopt::last_endpoint);
}

bool Listener::step(SteadyTime now) {
  bool active = heed_monitor(now);
  if (now >= next_check_) enforce_limits(now);
  active |= read(now);
  active |= flush();
  active |= finish_closing(now);
  return active;
}

bool Listener::heed_monitor(SteadyTime now) {
  bool active = false;
  while (const auto event = monitor_.next()) {
    heed(*event, now);
    active = true;
  }
  host_.ledger.connections = connections_.size();
  return active;
}

void Listener::heed(const SocketEvent& event, SteadyTime now) {
  const int descriptor = static_cast<int>(event.value);
  switch (event.kind) {
    case ZMQ_EVENT_ACCEPTED:
      drop_connection(descriptor);
      connections_[descriptor].tcp = TcpConnection::of(descriptor);
      connections_[descriptor].speak_by = now + milliseconds(host_.options.first_frame_ms);
      break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      host_.ledger.handshakes_failed += 1;
      break;
    case ZMQ_EVENT_DISCONNECTED:
      drop_connection(descriptor);
      break;
    default:
      break;
  }
}

void Listener::drop_connection(int descriptor) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;
  if (found->second.route) lost_.push_back(*found->second.route);
  connections_.erase(found);
}

bool Listener::read(SteadyTime now) {
  if (!host_.reading) {
    socket_.settle();
    return false;
  }
  std::size_t bytes = 0;
  int count = 0;
  while (count < kReadBatchFrames && bytes < kReadBatchBytes && host_.reading) {
    auto message = receive();
    if (!message) {
      end_lost_links();
      break;
    }
    ++count;
    bytes += message->wire_bytes;
    take(std::move(*message), now);
  }
  return count > 0;
}

std::optional<Listener::Message> Listener::receive() {
  const auto routing = socket_.receive();
  if (!routing) return std::nullopt;
  Message message;
  const auto* id = static_cast<const std::uint8_t*>(routing->data());
  if (routing->size() == 5 && id[0] == 0) {
    message.route = Route{id[1]} << 24 | Route{id[2]} << 16 | Route{id[3]} << 8 | Route{id[4]};
  }
  while (socket_->get(zmq::sockopt::rcvmore)) {
    auto part = socket_.receive();
    if (!part) break;
    message.wire_bytes += wire_bytes(part->size());
    if (message.parts++ == 0) message.payload = std::move(*part);
  }
  // The routing id part carries no User-Id in 4.3.4; the payload does.
  message.descriptor = zmq_msg_get(message.payload.handle(), ZMQ_SRCFD);
  if (const char* user = zmq_msg_gets(message.payload.handle(), "User-Id")) {
    if (const auto raw = from_hex(user)) {
      if (const auto key = TransportKey::from(*raw)) message.peer = *key;
    }
  }
  return message;
}

void Listener::take(Message message, SteadyTime now) {
  if (message.route && forgotten_.contains(*message.route)) {
    host_.ledger.frames_dropped += 1;
    return;
  }
  Link* link = link_for(message, now);
  if (link == nullptr) return;
  if (const auto connection = connections_.find(link->descriptor);
      connection != connections_.end()) {
    connection->second.wire_bytes_read += message.wire_bytes;
  }
  if (link->close_deadline) {
    host_.ledger.frames_dropped += 1;
    return;
  }
  const auto* data = static_cast<const std::uint8_t*>(message.payload.data());
  host_.ledger.count_in(*link->account, message.payload.size());
  host_.emit(FrameIn{link->account->link, Bytes(data, data + message.payload.size())});
}

// The link a message belongs to, begun if need be; null if it was refused.
Listener::Link* Listener::link_for(const Message& message, SteadyTime now) {
  const bool is_known = message.route && links_.contains(*message.route);
  if (!is_known) heed_monitor(now);  // its connection was announced before it could speak
  if (const char* fault = fault_in(message, is_known)) {
    host_.ledger.messages_refused += 1;
    refuse(message, fault);
    return nullptr;
  }
  if (host_.gate.current().standing(*message.peer) == Standing::kRefused) {
    host_.ledger.frames_dropped += 1;
    refuse(message, kLostStanding);
    return nullptr;
  }
  return is_known ? &links_[*message.route] : begin_link(message);
}

// Why a message is refused whoever sent it; null if it is not.
const char* Listener::fault_in(const Message& message, bool is_known) {
  if (!message.route || !message.peer) return "the peer chose its own routing id";
  if (message.parts != 1) return "the peer sent a message of several parts";
  if (message.payload.size() == 0) return "the peer sent an empty message";
  const bool is_full = strangers_ >= host_.options.strangers_max;
  if (!is_known && is_full && is_stranger(*message.peer)) return "too many strangers";
  return nullptr;
}

bool Listener::is_stranger(const TransportKey& peer) {
  return host_.gate.current().standing(peer) == Standing::kStranger;
}

Listener::Link* Listener::begin_link(const Message& message) {
  const Route route = *message.route;
  Link& link = links_[route];
  link.account = host_.ledger.open(next_id_(), *message.peer, false);
  link.descriptor = message.descriptor;
  link.is_stranger = is_stranger(*message.peer);
  if (link.is_stranger) ++strangers_;
  route_of_[link.account->link] = route;
  const auto connection = connections_.find(message.descriptor);
  if (connection == connections_.end()) {
    lost_.push_back(route);  // spoke and left
  } else {
    if (connection->second.route) lost_.push_back(*connection->second.route);
    connection->second.route = route;
    connection->second.speak_by.reset();
  }
  host_.emit(LinkUp{link.account->link, link.account->peer, false});
  return &link;
}

void Listener::refuse(const Message& message, std::string reason) {
  const auto found = message.route ? links_.find(*message.route) : links_.end();
  if (found != links_.end()) {
    end(found->second.account->link, std::move(reason));
    return;
  }
  cut(message.descriptor);
  if (message.route) forget(*message.route);
}

void Listener::forget(Route route) {
  if (!forgotten_.insert(route).second) return;
  forgotten_order_.push_back(route);
  if (forgotten_order_.size() <= kForgottenMax) return;
  forgotten_.erase(forgotten_order_.front());
  forgotten_order_.pop_front();
}

void Listener::cut(int descriptor) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end() || !found->second.tcp) return;
  found->second.tcp->cut();
}

void Listener::end(LinkId id, std::string reason) {
  const auto known = route_of_.find(id);
  if (known == route_of_.end()) return;
  const Route route = known->second;
  const auto found = links_.find(route);
  const auto connection = connections_.find(found->second.descriptor);
  if (connection != connections_.end() && connection->second.route == route) {
    connection->second.route.reset();
    if (found->second.close_deadline && connection->second.tcp) {
      parting_.push_back({*connection->second.tcp, *found->second.close_deadline});
    } else {
      cut(found->second.descriptor);
    }
  }
  if (found->second.is_stranger) --strangers_;
  links_.erase(found);
  route_of_.erase(known);
  pending_.erase(route);
  closing_.erase(route);
  forget(route);
  host_.ledger.close(id);
  host_.emit(LinkDown{id, std::move(reason)});
}

void Listener::end_lost_links() {
  for (const Route route : std::exchange(lost_, {})) {
    const auto found = links_.find(route);
    if (found != links_.end()) end(found->second.account->link, "the peer disconnected");
  }
}

void Listener::sweep() {
  std::vector<LinkId> refused;
  for (auto& [route, link] : links_) {
    const Standing standing = host_.gate.current().standing(link.account->peer);
    if (standing == Standing::kRefused) refused.push_back(link.account->link);
    const bool is_stranger = standing == Standing::kStranger;
    if (is_stranger != link.is_stranger) is_stranger ? ++strangers_ : --strangers_;
    link.is_stranger = is_stranger;
  }
  for (const LinkId link : refused) end(link, kLostStanding);
}

void Listener::queue(LinkId id, Bytes frame) {
  const auto known = route_of_.find(id);
  if (known == route_of_.end()) return;
  links_[known->second].outgoing.push_back(std::move(frame));
  pending_.insert(known->second);
}

bool Listener::flush() {
  bool active = false;
  for (auto at = pending_.begin(); at != pending_.end();) {
    Link& link = links_[*at];
    active |= flush(*at, link);
    at = link.outgoing.empty() ? pending_.erase(at) : std::next(at);
  }
  return active;
}

bool Listener::flush(Route route, Link& link) {
  const std::uint8_t id[5] = {
      0, static_cast<std::uint8_t>(route >> 24), static_cast<std::uint8_t>(route >> 16),
      static_cast<std::uint8_t>(route >> 8), static_cast<std::uint8_t>(route)};
  bool active = false;
  while (!link.outgoing.empty()) {
    const int error = socket_.send(id, true);
    if (error == EAGAIN) break;
    if (error != 0) {  // gone; the monitor says so too, or has
      lost_.push_back(route);
      link.outgoing.clear();
      break;
    }
    const std::size_t size = link.outgoing.front().size();
    socket_.send(link.outgoing.front(), false);
    host_.ledger.count_out(*link.account, size);
    link.outgoing.pop_front();
    active = true;
  }
  return active;
}

void Listener::close(LinkId id, SteadyTime now, std::uint32_t flush_ms) {
  const auto known = route_of_.find(id);
  if (known == route_of_.end()) return;
  if (flush_ms == 0) return end(id, "closed here");
  links_[known->second].close_deadline = now + milliseconds(flush_ms);
  closing_.insert(known->second);
}

bool Listener::finish_closing(SteadyTime now) {
  std::vector<LinkId> done;
  for (const Route route : closing_) {
    const Link& link = links_[route];
    if (link.outgoing.empty() || now >= *link.close_deadline) done.push_back(link.account->link);
  }
  for (const LinkId link : done) end(link, "closed here");
  std::erase_if(parting_, [&](const Parting& parting) {
    if (now < parting.at) return false;
    parting.tcp.cut();
    return true;
  });
  return !done.empty();
}

void Listener::enforce_limits(SteadyTime now) {
  next_check_ = now + kCheckInterval;
  for (auto& [descriptor, connection] : connections_) {
    if (!connection.tcp) continue;
    if (connection.speak_by && now >= *connection.speak_by) connection.tcp->cut();
    cut_hoarder(connection);
  }
}

// A message that does not end never reaches us, and ZeroMQ's limits count whole messages: so
// what has come in is compared with what was read.
void Listener::cut_hoarder(Connection& connection) {
  const auto frames = static_cast<std::size_t>(host_.options.receive_queue_frames) + 1;
  const auto received = connection.tcp->bytes_received();
  if (!received || *received < connection.wire_bytes_read) return;
  if (*received - connection.wire_bytes_read <= frames * kFrameSizeMax + kKernelBufferMax) return;
  host_.ledger.messages_refused += 1;
  connection.tcp->cut();
  if (!connection.route) return;
  const auto found = links_.find(*connection.route);
  if (found == links_.end()) return;
  end(found->second.account->link, "the peer sent more than a message may hold without ending it");
}

std::optional<SteadyTime> Listener::deadline() const {
  std::optional<SteadyTime> next;
  if (!connections_.empty()) next = next_check_;
  for (const Route route : closing_) {
    const auto& at = links_.at(route).close_deadline;
    if (!next || *at < *next) next = *at;
  }
  for (const Parting& parting : parting_) {
    if (!next || parting.at < *next) next = parting.at;
  }
  return next;
}

}  // namespace simpul
