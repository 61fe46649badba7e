// The listening side: one ROUTER for every link that others dialled. A link begins with the
// first frame of a connection and is known by that connection's key. Internal to the zmq_*
// sources.
//
// Connections are followed by descriptor, from the monitor; messages tell the descriptor they
// came from. That is how a single peer can be cut off, which ZeroMQ 4.3.4 itself cannot.
// Routing ids that ZeroMQ chose are never used again, so what still comes from a link that
// has ended is recognised and dropped.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "node/tcp_connection.h"
#include "node/zmq_sockets.h"

namespace simpul {

class Listener {
 public:
  using NextId = std::function<LinkId()>;

  // Binds. Throws zmq::error_t.
  Listener(LinkHost& host, NextId next_id);

  const std::string& endpoint() const { return endpoint_; }

  // Monitor, limits, reading, sending. True if it did anything.
  bool step(SteadyTime now);
  // After the admission table changed: ends links that it refuses.
  void sweep();

  bool has(LinkId link) const { return route_of_.contains(link); }
  bool has_links() const { return !links_.empty(); }
  void queue(LinkId link, Bytes frame);
  void close(LinkId link, SteadyTime now, std::uint32_t flush_ms);
  void end(LinkId link, std::string reason);  // at once
  void set_linger(int ms) { socket_->set(zmq::sockopt::linger, ms); }

  std::optional<SteadyTime> deadline() const;  // when step() has something to do, undisturbed
  bool is_blocked() const { return !pending_.empty(); }
  int socket_descriptor() const { return socket_.descriptor(); }
  int monitor_descriptor() const { return monitor_.descriptor(); }

 private:
  using Route = std::uint32_t;  // the number in a routing id that ZeroMQ chose

  struct Connection {
    std::optional<TcpConnection> tcp;
    std::optional<SteadyTime> speak_by;  // until the first frame
    std::optional<Route> route;
    std::uint64_t wire_bytes_read = 0;
  };
  struct Link {
    std::shared_ptr<LinkAccount> account;
    int descriptor = -1;
    bool is_stranger = false;
    SendQueue outgoing;
    std::optional<SteadyTime> close_deadline;
  };
  struct Message {
    std::optional<Route> route;  // empty: the peer chose its routing id
    int descriptor = -1;
    std::optional<TransportKey> peer;
    std::size_t parts = 0;  // after the routing id
    std::size_t wire_bytes = 0;
    zmq::message_t payload;
  };
  struct Parting {
    TcpConnection tcp;
    SteadyTime at;
  };

  bool heed_monitor(SteadyTime now);
  void heed(const SocketEvent& event, SteadyTime now);
  void drop_connection(int descriptor);
  bool read(SteadyTime now);
  std::optional<Message> receive();
  void take(Message message, SteadyTime now);
  Link* link_for(const Message& message, SteadyTime now);
  const char* fault_in(const Message& message, bool is_known);
  bool is_stranger(const TransportKey& peer);
  Link* begin_link(const Message& message);
  void refuse(const Message& message, std::string reason);
  void forget(Route route);
  void cut(int descriptor);
  void end_lost_links();
  bool flush();
  bool flush(Route route, Link& link);
  bool finish_closing(SteadyTime now);
  void enforce_limits(SteadyTime now);
  void cut_hoarder(Connection& connection);

  LinkHost& host_;
  const NextId next_id_;
  PolledSocket socket_;
  SocketMonitor monitor_;
  std::string endpoint_;
  std::map<int, Connection> connections_;  // by descriptor
  std::unordered_map<Route, Link> links_;
  std::unordered_map<LinkId, Route> route_of_;
  std::set<Route> pending_;  // links with frames to send
  std::set<Route> closing_;
  std::vector<Route> lost_;  // disconnected; what they sent is still to be read
  std::unordered_set<Route> forgotten_;
  std::deque<Route> forgotten_order_;
  std::vector<Parting> parting_;  // ended, but the last frames may be on their way
  std::size_t strangers_ = 0;
  SteadyTime next_check_{};
};

}  // namespace simpul
