#include "tests/simulation/network.h"

#include <algorithm>
#include <utility>

namespace simpul::sim {
namespace {

constexpr Millis kConnectTimeout = 10'000;
constexpr std::size_t kHeldMax = 4'000;  // frames that a cut line holds before it gives up

}  // namespace

struct Link {
  Network::End ends[2];  // 0 dialled
  bool connected = false;
  bool lost = false;  // reset: no frame of either side arrives any more
};

std::size_t Network::add(std::string endpoint, const TransportKey& key, Sink sink) {
  nodes_.push_back({.endpoint = std::move(endpoint),
                    .key = key,
                    .sink = std::move(sink),
                    .up = false,
                    .table = std::make_shared<AdmissionTable>(),
                    .links = {}});
  return nodes_.size() - 1;
}

void Network::at(Millis time, std::function<void()> action) {
  agenda_.emplace(std::pair(std::max(time, now_), ++sequence_), std::move(action));
}

std::optional<Millis> Network::next() const {
  if (agenda_.empty()) return std::nullopt;
  return agenda_.begin()->first.first;
}

void Network::advance_to(Millis now) {
  while (!agenda_.empty() && agenda_.begin()->first.first <= now) {
    auto due = agenda_.extract(agenda_.begin());
    now_ = std::max(now_, due.key().first);
    due.mapped()();
  }
  now_ = std::max(now_, now);
}

Millis Network::draw_delay(std::size_t from, std::size_t to) {
  const Millis extra = line(from, to).extra;
  return random_.between(1, 8) + (extra > 0 ? random_.between(extra / 2, extra) : 0);
}

void Network::up(std::size_t node) {
  nodes_[node].up = true;
}

void Network::down(std::size_t node, bool quietly) {
  nodes_[node].up = false;
  nodes_[node].table = std::make_shared<AdmissionTable>();
  for (const auto& [id, link] : std::exchange(nodes_[node].links, {})) {
    const int side = link->ends[0].id == id ? 0 : 1;
    link->ends[side].open = false;
    if (!quietly) tell_gone(link, side);
  }
}

void Network::set_admission(std::size_t node, std::shared_ptr<const AdmissionTable> table) {
  nodes_[node].table = std::move(table);
  for (const auto& [id, link] : std::map(nodes_[node].links)) {
    const int side = link->ends[0].id == id ? 0 : 1;
    if (link->connected && refused(link->ends[side], link->ends[1 - side])) reset(link);
  }
}

bool Network::refused(const End& here, const End& there) const {
  const AdmissionTable& table = *nodes_[here.node].table;
  const TransportKey& peer = nodes_[there.node].key;
  const bool dialled_here = here.id < there.id;
  if (dialled_here) return table.refused.contains(peer);
  return table.standing(peer) == Standing::kRefused;
}

// Something sent from `side` goes over the line, after what went before it.
void Network::carry(const LinkPtr& link, int side, std::function<void()> action) {
  End& here = link->ends[side];
  const std::size_t to = link->ends[1 - side].node;
  here.arrives = std::max(here.arrives, now_ + draw_delay(here.node, to));
  at(here.arrives, [this, link, side, action = std::move(action)]() mutable {
    arrive(link, side, std::move(action));
  });
}

void Network::arrive(const LinkPtr& link, int side, std::function<void()> action) {
  End& here = link->ends[side];
  if (!line(here.node, link->ends[1 - side].node).is_cut && here.held.empty()) return action();
  if (here.held.size() < kHeldMax) here.held.push_back(std::move(action));
}

void Network::cut(std::size_t from, std::size_t to, bool is_cut) {
  if (std::exchange(line(from, to).is_cut, is_cut) == is_cut || is_cut) return;
  // What waited is sent again at the next retransmission.
  std::map<LinkId, LinkPtr> waiting = nodes_[from].links;
  for (const auto& [id, link] : nodes_[to].links) waiting.emplace(id, link);
  for (const auto& [id, link] : waiting) {
    for (int side = 0; side < 2; ++side) {
      End& end_here = link->ends[side];
      if (end_here.node != from || link->ends[1 - side].node != to || end_here.held.empty())
        continue;
      at(now_ + random_.between(1, kRetransmitMax), [this, link, side, from, to] {
        if (line(from, to).is_cut) return;
        for (auto& action : std::exchange(link->ends[side].held, {})) action();
      });
    }
  }
}

void Network::delay(std::size_t from, std::size_t to, Millis extra) {
  line(from, to).extra = extra;
}

void Network::heal() {
  reset_one_in_ = 0;
  for (auto& [ends, line] : lines_) {
    line.extra = 0;
    cut(ends.first, ends.second, false);
  }
}

LinkId Network::dial(std::size_t from, const std::string& endpoint, const TransportKey& server) {
  auto link = std::make_shared<Link>();
  const LinkId id = ++last_id_;
  link->ends[0].node = from;
  link->ends[0].id = id;
  link->ends[0].open = true;
  nodes_[from].links[id] = link;
  const auto found = std::ranges::find_if(
      nodes_, [&](const Node& node) { return !endpoint.empty() && node.endpoint == endpoint; });
  if (found == nodes_.end()) {
    at(now_ + 1, [this, link] { end(link, 0, "no such endpoint"); });
    return id;
  }
  link->ends[1].node = static_cast<std::size_t>(found - nodes_.begin());
  const std::size_t to = link->ends[1].node;
  at(now_ + draw_delay(from, to), [this, link, server] { syn(link, server); });
  at(now_ + kConnectTimeout, [this, link] {
    if (!link->ends[0].announced) end(link, 0, "no answer");
  });
  return id;
}

void Network::syn(const LinkPtr& link, const TransportKey& server) {
  End& dialler = link->ends[0];
  End& listener = link->ends[1];
  if (!dialler.open || line(dialler.node, listener.node).is_cut) return;
  if (line(listener.node, dialler.node).is_cut) return;
  Node& to = nodes_[listener.node];
  if (!to.up || to.key != server) return end(link, 0, "connection refused");
  listener.id = ++last_id_;
  if (refused(listener, dialler)) return end(link, 0, "handshake refused");
  listener.open = true;
  link->connected = true;
  to.links[listener.id] = link;
  carry(link, 1, [this, link] {
    End& here = link->ends[0];
    if (!here.open) return tell_gone(link, 0);
    here.announced = true;
    nodes_[here.node].sink(LinkUp{here.id, nodes_[link->ends[1].node].key, true});
  });
}

void Network::send(std::size_t from, LinkId id, Bytes frame) {
  const auto found = nodes_[from].links.find(id);
  if (found == nodes_[from].links.end() || !found->second->connected) return;
  const LinkPtr link = found->second;
  const int side = link->ends[0].id == id ? 0 : 1;
  if (random_.one_in(reset_one_in_)) return reset(link);
  link->ends[side].under_way += frame.size();
  most_under_way_ = std::max(most_under_way_, link->ends[side].under_way);
  carry(link, side, [this, link, side, frame = std::move(frame)]() mutable {
    receive(link, side, std::move(frame));
  });
}

void Network::receive(const LinkPtr& link, int side, Bytes frame) {
  End& to = link->ends[1 - side];
  link->ends[side].under_way -= frame.size();
  if (!to.open || link->lost) {
    if (nodes_[to.node].up) tell_gone(link, 1 - side);
    return;
  }
  if (refused(to, link->ends[side])) return reset(link);
  if (!std::exchange(to.announced, true)) {
    nodes_[to.node].sink(LinkUp{to.id, nodes_[link->ends[side].node].key, false});
  }
  ++frames_;
  nodes_[to.node].sink(FrameIn{to.id, std::move(frame)});
}

std::optional<std::size_t> Network::peer_of(std::size_t node, LinkId id) const {
  const auto found = nodes_[node].links.find(id);
  if (found == nodes_[node].links.end() || !found->second->connected) return std::nullopt;
  const Link& link = *found->second;
  return link.ends[link.ends[0].id == id ? 1 : 0].node;
}

std::optional<LinkId> Network::link_between(std::size_t from, std::size_t to) const {
  for (const auto& [id, link] : nodes_[from].links) {
    if (peer_of(from, id) == to) return id;
  }
  return std::nullopt;
}

void Network::close(std::size_t from, LinkId id) {
  const auto found = nodes_[from].links.find(id);
  if (found == nodes_[from].links.end()) return;
  const LinkPtr link = found->second;
  const int side = link->ends[0].id == id ? 0 : 1;
  at(now_, [this, link, side] { end(link, side, "closed here"); });
  if (link->connected) tell_gone(link, side);
}

// An end is gone: the other hears of it, in order, if the line lets it through.
void Network::tell_gone(const LinkPtr& link, int gone) {
  carry(link, gone, [this, link, gone] { end(link, 1 - gone, "the peer disconnected"); });
}

void Network::reset(const LinkPtr& link) {
  ++resets_;
  link->lost = true;
  for (int side = 0; side < 2; ++side) {
    End& here = link->ends[side];
    if (!here.open) continue;
    const std::size_t other = link->ends[1 - side].node;
    if (link->connected && line(other, here.node).is_cut) continue;  // it does not hear of it
    at(now_ + random_.between(0, 5), [this, link, side] { end(link, side, "connection reset"); });
  }
}

std::size_t Network::reset_links(std::size_t node) {
  const auto links = nodes_[node].links;
  for (const auto& [id, link] : links) reset(link);
  return links.size();
}

void Network::end(const LinkPtr& link, int side, const std::string& reason) {
  End& here = link->ends[side];
  if (!here.open) return;
  here.open = false;
  Node& node = nodes_[here.node];
  node.links.erase(here.id);
  if (side == 0 || here.announced) node.sink(LinkDown{here.id, reason});
}

}  // namespace simpul::sim
