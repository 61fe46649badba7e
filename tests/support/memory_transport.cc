#include "tests/support/memory_transport.h"

#include <algorithm>

#include "crypto/result.h"
#include "protocol/frame.h"

namespace simpul {

// One connection; end 0 dialled, end 1 accepted.
struct MemoryLink {
  struct End {
    MemoryTransport* node = nullptr;  // null once this end is over: the node may be gone by then
    std::string name;                 // the node's
    LinkId id = 0;
    bool is_announced = false;  // LinkUp was given
    bool is_open = false;
    bool is_closing = false;
    std::uint64_t arrives_at = 0;  // of the last frame sent from here
    LinkTraffic traffic;
  };
  End ends[2];
  bool is_connected = false;
  bool is_broken = false;   // what is in flight is lost
  std::deque<Bytes> early;  // queued by the dialler before it was up
};

namespace {

constexpr const char* kLostStanding = "the peer was suspended or removed from the roster";

std::pair<std::string, std::string> pair_of(const std::string& one, const std::string& other) {
  return std::minmax(one, other);
}

bool is_refused(const AdmissionTable& table, const TransportKey& peer, bool dialled_here) {
  if (dialled_here) return table.refused.contains(peer);
  return table.standing(peer) == Standing::kRefused;
}

}  // namespace

MemoryTransport::MemoryTransport(MemoryNetwork& network, std::string name, std::string endpoint,
                                 const TransportKey& key, TransportSink sink)
    : network_(network),
      name_(std::move(name)),
      endpoint_(std::move(endpoint)),
      key_(key),
      sink_(std::move(sink)) {}

MemoryTransport::~MemoryTransport() {
  network_.detach(*this);
}

LinkId MemoryTransport::dial(std::string_view endpoint, const TransportKey& server) {
  return network_.dial(*this, std::string(endpoint), server);
}

void MemoryTransport::send(LinkId link, Bytes frame) {
  SIMPUL_CHECK(!frame.empty() && frame.size() <= kFrameSizeMax);
  network_.send(*this, link, std::move(frame));
}

void MemoryTransport::close(LinkId link, std::uint32_t flush_ms) {
  network_.close(*this, link, flush_ms);
}

void MemoryTransport::set_admission(std::shared_ptr<const AdmissionTable> table) {
  table_ = std::move(table);
  network_.sweep(*this);
}

void MemoryTransport::resume() {
  reading_ = true;
  network_.at(network_.now_ms(), [name = name_, &network = network_] {
    const auto found = network.nodes_.find(name);
    if (found != network.nodes_.end()) network.release(*found->second);
  });
}

std::vector<LinkTraffic> MemoryTransport::traffic() const {
  std::vector<LinkTraffic> all;
  for (const auto& [id, link] : links_) all.push_back(link->ends[link->ends[0].id != id].traffic);
  return all;
}

std::unique_ptr<MemoryTransport> MemoryNetwork::attach(std::string name, std::string endpoint,
                                                       const TransportKey& key,
                                                       TransportSink sink) {
  SIMPUL_CHECK(!nodes_.contains(name));
  SIMPUL_CHECK(endpoint.empty() || listener_at(endpoint) == nullptr);
  std::unique_ptr<MemoryTransport> node(
      new MemoryTransport(*this, std::move(name), std::move(endpoint), key, std::move(sink)));
  nodes_[node->name_] = node.get();
  return node;
}

void MemoryNetwork::detach(MemoryTransport& node) {
  nodes_.erase(node.name_);
  for (const auto& [id, link] : std::exchange(node.links_, {})) {
    const int side = link->ends[0].id == id ? 0 : 1;
    link->ends[side].is_open = false;
    link->ends[side].node = nullptr;
    link->is_broken = true;
    at(now_ms_ + draw_delay(), [this, link = link, side] {
      reach(link, 1 - side, [this, link, side] { end(link, 1 - side, "the peer disconnected"); });
    });
  }
}

void MemoryNetwork::set_partition(const std::string& one, const std::string& other, bool apart) {
  if (apart) {
    partitions_.insert(pair_of(one, other));
  } else {
    partitions_.erase(pair_of(one, other));
  }
}

void MemoryNetwork::cut_links(const std::string& name) {
  const auto found = nodes_.find(name);
  if (found == nodes_.end()) return;
  for (const auto& [id, link] : std::map(found->second->links_)) {
    break_link(link, "the connection was lost", 0, "the connection was lost");
  }
}

bool MemoryNetwork::step() {
  if (agenda_.empty()) return false;
  auto next = agenda_.extract(agenda_.begin());
  now_ms_ = std::max(now_ms_, next.key().first);
  next.mapped()();
  return true;
}

void MemoryNetwork::advance_to(std::uint64_t now_ms) {
  while (!agenda_.empty() && agenda_.begin()->first.first <= now_ms) step();
  now_ms_ = std::max(now_ms_, now_ms);
}

void MemoryNetwork::at(std::uint64_t time_ms, std::function<void()> action) {
  agenda_.emplace(std::pair(time_ms, ++sequence_), std::move(action));
}

std::uint64_t MemoryNetwork::draw_delay() {
  return faults_.delay_ms_min + random_.below(faults_.delay_ms_max - faults_.delay_ms_min + 1);
}

bool MemoryNetwork::happens(std::uint64_t per_million) {
  return per_million != 0 && random_.below(1'000'000) < per_million;
}

bool MemoryNetwork::are_apart(const std::string& one, const std::string& other) const {
  return partitions_.contains(pair_of(one, other));
}

MemoryTransport* MemoryNetwork::listener_at(const std::string& endpoint) const {
  for (const auto& [name, node] : nodes_) {
    if (node->endpoint_ == endpoint) return node;
  }
  return nullptr;
}

LinkId MemoryNetwork::dial(MemoryTransport& from, std::string endpoint,
                           const TransportKey& server) {
  auto link = std::make_shared<MemoryLink>();
  const LinkId id = ++last_id_;
  link->ends[0] = {.node = &from,
                   .name = from.name_,
                   .id = id,
                   .is_open = true,
                   .traffic = {.link = id, .peer = server, .dialled = true}};
  from.links_[id] = link;
  at(now_ms_ + draw_delay(),
     [this, link, endpoint = std::move(endpoint), server] { arrive(link, endpoint, server); });
  return id;
}

// The dialler's handshake at the endpoint.
void MemoryNetwork::arrive(const std::shared_ptr<MemoryLink>& link, const std::string& endpoint,
                           const TransportKey& server) {
  MemoryTransport* const from = link->ends[0].node;
  if (from == nullptr || !link->ends[0].is_open) return;
  MemoryTransport* const to = endpoint.empty() ? nullptr : listener_at(endpoint);
  if (to == nullptr || are_apart(from->name_, to->name_)) {
    return end(link, 0, "cannot connect to " + endpoint + ": connection refused or no answer");
  }
  if (to->key_ != server || is_refused(*to->table_, from->key_, false)) {
    ++to->stats_.handshakes_refused;
    return end(link, 0,
               "handshake refused by " + endpoint +
                   ": our key is not in the peer's roster, or it has another key than we think");
  }
  const LinkId id = ++last_id_;
  link->ends[1] = {.node = to,
                   .name = to->name_,
                   .id = id,
                   .is_open = true,
                   .traffic = {.link = id, .peer = from->key_}};
  to->links_[id] = link;
  link->is_connected = true;
  link->ends[0].arrives_at = link->ends[1].arrives_at = now_ms_ + draw_delay();
  at(link->ends[1].arrives_at, [this, link] {
    reach(link, 0, [this, link] {
      if (!link->ends[0].is_open) return;
      link->ends[0].is_announced = true;
      emit(*link->ends[0].node, LinkUp{link->ends[0].id, link->ends[0].traffic.peer, true});
      for (Bytes& frame : std::exchange(link->early, {})) carry(link, 0, std::move(frame));
    });
  });
}

void MemoryNetwork::send(MemoryTransport& from, LinkId id, Bytes frame) {
  const auto found = from.links_.find(id);
  if (found == from.links_.end()) return;
  const auto link = found->second;
  const int side = link->ends[0].id == id ? 0 : 1;
  MemoryLink::End& end_here = link->ends[side];
  if (!end_here.is_open) return;
  if (end_here.traffic.bytes_queued + frame.size() > faults_.queued_bytes_max) {
    return break_link(link, "stalled: the peer does not read", side, "the peer disconnected");
  }
  end_here.traffic.bytes_queued += frame.size();
  if (side == 0 && !end_here.is_announced) {
    link->early.push_back(std::move(frame));
  } else {
    carry(link, side, std::move(frame));
  }
}

void MemoryNetwork::carry(const std::shared_ptr<MemoryLink>& link, int side, Bytes frame) {
  std::uint64_t& arrives_at = link->ends[side].arrives_at;
  arrives_at = std::max(arrives_at, now_ms_ + draw_delay());
  at(arrives_at, [this, link, side, frame = std::move(frame)]() mutable {
    receive(link, side, std::move(frame));
  });
}

// A frame from `side` reaches the other end, through what may happen on the way.
void MemoryNetwork::receive(const std::shared_ptr<MemoryLink>& link, int side, Bytes frame) {
  if (link->is_broken) return;
  if (are_apart(link->ends[0].name, link->ends[1].name) || happens(faults_.lose_per_million)) {
    return break_link(link, "the connection was lost", 0, "the connection was lost");
  }
  if (happens(faults_.damage_per_million)) {
    frame[random_.below(frame.size())] ^= static_cast<std::uint8_t>(1 + random_.below(255));
  }
  reach(link, 1 - side, [this, link, side, frame = std::move(frame)]() mutable {
    give(link, side, std::move(frame));
  });
}

void MemoryNetwork::give(const std::shared_ptr<MemoryLink>& link, int side, Bytes frame) {
  MemoryLink::End& sender = link->ends[side];
  MemoryLink::End& receiver = link->ends[1 - side];
  if (!receiver.is_open) return;
  sender.traffic.bytes_queued -= std::min<std::uint64_t>(sender.traffic.bytes_queued, frame.size());
  MemoryTransport& node = *receiver.node;
  if (is_refused(*node.table_, receiver.traffic.peer, receiver.traffic.dialled)) {
    ++node.stats_.frames_dropped;
    return break_link(link, kLostStanding, 1 - side, "the peer disconnected");
  }
  ++sender.traffic.frames_out;
  sender.traffic.bytes_out += frame.size();
  ++receiver.traffic.frames_in;
  receiver.traffic.bytes_in += frame.size();
  ++node.stats_.frames_in;
  node.stats_.bytes_in += frame.size();
  if (sender.node != nullptr) {
    ++sender.node->stats_.frames_out;
    sender.node->stats_.bytes_out += frame.size();
  }
  if (!std::exchange(receiver.is_announced, true)) {
    emit(node, LinkUp{receiver.id, receiver.traffic.peer, false});
  }
  emit(node, FrameIn{receiver.id, std::move(frame)});
}

void MemoryNetwork::close(MemoryTransport& from, LinkId id, std::uint32_t flush_ms) {
  const auto found = from.links_.find(id);
  if (found == from.links_.end()) return;
  const auto link = found->second;
  const int side = link->ends[0].id == id ? 0 : 1;
  if (std::exchange(link->ends[side].is_closing, true)) return;
  if (flush_ms == 0 || !link->is_connected) {
    return break_link(link, "closed here", side, "the peer disconnected");
  }
  for (Bytes& frame : std::exchange(link->early, {})) carry(link, side, std::move(frame));
  link->ends[side].is_open = false;
  at(now_ms_, [this, link, side] {
    link->ends[side].is_open = true;
    end(link, side, "closed here");
  });
  at(link->ends[side].arrives_at, [this, link, side] {
    reach(link, 1 - side, [this, link, side] { end(link, 1 - side, "the peer disconnected"); });
  });
}

// After a new table: links of refused peers end.
void MemoryNetwork::sweep(MemoryTransport& node) {
  for (const auto& [id, link] : std::map(node.links_)) {
    const int side = link->ends[0].id == id ? 0 : 1;
    const LinkTraffic& traffic = link->ends[side].traffic;
    if (!is_refused(*node.table_, traffic.peer, traffic.dialled)) continue;
    break_link(link, kLostStanding, side, "the peer disconnected");
  }
}

void MemoryNetwork::release(MemoryTransport& node) {
  while (node.reading_ && !node.held_.empty()) {
    const auto action = std::move(node.held_.front());
    node.held_.pop_front();
    action();
  }
}

// Does something at an end of a link, or later if that node has enough for now.
void MemoryNetwork::reach(const std::shared_ptr<MemoryLink>& link, int side,
                          std::function<void()> action) {
  MemoryTransport* const node = link->ends[side].node;
  if (node == nullptr) return;
  if (node->reading_ && node->held_.empty()) {
    action();
  } else {
    node->held_.push_back(std::move(action));
  }
}

void MemoryNetwork::end(const std::shared_ptr<MemoryLink>& link, int side,
                        const std::string& reason) {
  MemoryLink::End& here = link->ends[side];
  if (here.node == nullptr || !here.is_open) return;
  here.is_open = false;
  MemoryTransport& node = *std::exchange(here.node, nullptr);
  node.links_.erase(here.id);
  if (side == 0 || here.is_announced) emit(node, LinkDown{here.id, reason});
}

// Ends both sides, each with its reason; what is in flight is lost.
void MemoryNetwork::break_link(const std::shared_ptr<MemoryLink>& link, const std::string& here,
                               int side, const std::string& there) {
  link->is_broken = true;
  link->early.clear();
  at(now_ms_, [this, link, here, side] { end(link, side, here); });
  at(now_ms_ + draw_delay(), [this, link, there, side] {
    reach(link, 1 - side, [this, link, there, side] { end(link, 1 - side, there); });
  });
}

void MemoryNetwork::emit(MemoryTransport& node, TransportEvent&& event) {
  if (!node.sink_(std::move(event))) node.reading_ = false;
}

}  // namespace simpul
