// The lines between nodes, on virtual time. A link is an ordered stream as TCP gives: frames
// arrive in order or not at all. What may happen to it is what happens to TCP on a bad line:
// - frames are late; while a line is cut they wait, and come when it is whole again, unless an
//   end has given up meanwhile;
// - the connection is reset: both ends hear of it, each if the line lets it through;
// - an end vanishes without a word (power): the other hears of it when it next sends to a machine
//   that is up again and does not know the connection.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/transport.h"
#include "tests/simulation/millis.h"
#include "tests/simulation/prng.h"

namespace simpul::sim {

class Network {
 public:
  // After a cut is mended, until what waited comes.
  static constexpr Millis kRetransmitMax = 20'000;

  // Where a node's events go.
  using Sink = std::function<void(TransportEvent&&)>;

  explicit Network(std::uint64_t seed) : random_(seed, "network") {}

  // Nodes are numbered from 0 in this order. `endpoint` empty: dials only.
  std::size_t add(std::string endpoint, const TransportKey& key, Sink sink);

  // The node's machine: up, and who may connect; or down, when `quietly` without a word to peers.
  void up(std::size_t node);
  void down(std::size_t node, bool quietly);
  void set_admission(std::size_t node, std::shared_ptr<const AdmissionTable> table);

  LinkId dial(std::size_t from, const std::string& endpoint, const TransportKey& server);
  void send(std::size_t from, LinkId link, Bytes frame);
  void close(std::size_t from, LinkId link);
  // Who is at the other end; nullopt of a link that is not connected.
  std::optional<std::size_t> peer_of(std::size_t node, LinkId link) const;
  // A connected link of `from` that leads to `to`.
  std::optional<LinkId> link_between(std::size_t from, std::size_t to) const;

  // The line from one to the other, in that direction alone.
  void cut(std::size_t from, std::size_t to, bool is_cut);
  void delay(std::size_t from, std::size_t to, Millis extra);
  void heal();  // every line whole and fast
  // Every connection of the node is reset; how many.
  std::size_t reset_links(std::size_t node);
  // A connection is reset at one frame in `n`; 0: never.
  void reset_one_in(std::uint64_t n) { reset_one_in_ = n; }

  Millis now() const { return now_; }
  // When something is under way: its time.
  std::optional<Millis> next() const;
  void advance_to(Millis now);  // everything due by then

  std::uint64_t frames() const { return frames_; }
  // The most bytes that were ever on one link in one direction and had not arrived.
  std::uint64_t most_under_way() const { return most_under_way_; }
  std::uint64_t resets() const { return resets_; }

 private:
  struct Line {
    bool is_cut = false;
    Millis extra = 0;
  };
  struct Node {
    std::string endpoint;
    TransportKey key;
    Sink sink;
    bool up = false;
    std::shared_ptr<const AdmissionTable> table;
    std::map<LinkId, std::shared_ptr<struct Link>> links;  // open ends
  };
  struct End {
    std::size_t node = 0;
    LinkId id = 0;
    bool open = false;
    bool announced = false;
    Millis arrives = 0;                       // when the last frame sent from here arrives
    std::uint64_t under_way = 0;              // bytes sent from here that have not arrived
    std::vector<std::function<void()>> held;  // what the cut line from here holds back
  };
  friend struct Link;
  using LinkPtr = std::shared_ptr<Link>;

  void at(Millis time, std::function<void()> action);
  Line& line(std::size_t from, std::size_t to) { return lines_[{from, to}]; }
  Millis draw_delay(std::size_t from, std::size_t to);
  void carry(const LinkPtr& link, int side, std::function<void()> action);
  void arrive(const LinkPtr& link, int side, std::function<void()> action);
  void syn(const LinkPtr& link, const TransportKey& server);
  void receive(const LinkPtr& link, int side, Bytes frame);
  void end(const LinkPtr& link, int side, const std::string& reason);
  void tell_gone(const LinkPtr& link, int gone);
  void reset(const LinkPtr& link);
  bool refused(const End& here, const End& there) const;

  Prng random_;
  Millis now_ = 0;
  std::uint64_t sequence_ = 0, frames_ = 0, resets_ = 0, reset_one_in_ = 0;
  std::uint64_t most_under_way_ = 0;
  LinkId last_id_ = 0;
  std::map<std::pair<Millis, std::uint64_t>, std::function<void()>> agenda_;
  std::map<std::pair<std::size_t, std::size_t>, Line> lines_;
  std::vector<Node> nodes_;
};

}  // namespace simpul::sim
