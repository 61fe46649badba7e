// The transport's twin in memory: nodes in one thread, virtual time, one seed. It keeps the
// promises of node/transport.h and no more: frames of a link arrive in order or the link
// ends, links overtake each other, ends may come at any time.
//
// Nothing happens inside a call to a MemoryTransport; events come from step() and advance_to().
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "crypto/random.h"
#include "node/transport.h"

namespace simpul {

class MemoryNetwork;
struct MemoryLink;

class MemoryTransport final : public Transport {
 public:
  // A process that vanishes: its peers see their links end, what it had in flight is lost.
  ~MemoryTransport() override;

  LinkId dial(std::string_view endpoint, const TransportKey& server) override;
  void send(LinkId link, Bytes frame) override;
  void close(LinkId link, std::uint32_t flush_ms) override;
  void set_admission(std::shared_ptr<const AdmissionTable> table) override;
  void resume() override;
  TransportStats stats() const override { return stats_; }
  std::vector<LinkTraffic> traffic() const override;

  const std::string& name() const { return name_; }

 private:
  friend class MemoryNetwork;
  MemoryTransport(MemoryNetwork& network, std::string name, std::string endpoint,
                  const TransportKey& key, TransportSink sink);

  MemoryNetwork& network_;
  const std::string name_;
  const std::string endpoint_;  // empty: dials only
  const TransportKey key_;
  const TransportSink sink_;
  std::shared_ptr<const AdmissionTable> table_ = std::make_shared<AdmissionTable>();
  bool reading_ = true;
  std::deque<std::function<void()>> held_;  // arrivals while the sink had enough
  std::map<LinkId, std::shared_ptr<MemoryLink>> links_;
  TransportStats stats_;
};

class MemoryNetwork {
 public:
  struct Faults {
    std::uint64_t delay_ms_min = 1;
    std::uint64_t delay_ms_max = 1;        // drawn per frame; order within a link is kept
    std::uint64_t lose_per_million = 0;    // frames at which the link ends instead
    std::uint64_t damage_per_million = 0;  // frames that arrive with one byte changed
    std::size_t queued_bytes_max = 32u << 20;
  };

  explicit MemoryNetwork(Random& random) : random_(random) {}

  // The network must outlive the transport. Names and endpoints are unique among the living.
  std::unique_ptr<MemoryTransport> attach(std::string name, std::string endpoint,
                                          const TransportKey& key, TransportSink sink);

  void set_faults(const Faults& faults) { faults_ = faults; }
  void set_partition(const std::string& one, const std::string& other, bool apart);
  void cut_links(const std::string& name);  // every link of that node ends now

  std::uint64_t now_ms() const { return now_ms_; }
  bool is_quiet() const { return agenda_.empty(); }
  bool step();                            // the next thing under way; false if there is none
  void advance_to(std::uint64_t now_ms);  // everything due by then

 private:
  friend class MemoryTransport;

  void at(std::uint64_t time_ms, std::function<void()> action);
  std::uint64_t draw_delay();
  bool happens(std::uint64_t per_million);
  bool are_apart(const std::string& one, const std::string& other) const;
  MemoryTransport* listener_at(const std::string& endpoint) const;

  LinkId dial(MemoryTransport& from, std::string endpoint, const TransportKey& server);
  void arrive(const std::shared_ptr<MemoryLink>& link, const std::string& endpoint,
              const TransportKey& server);
  void send(MemoryTransport& from, LinkId id, Bytes frame);
  void carry(const std::shared_ptr<MemoryLink>& link, int side, Bytes frame);
  void receive(const std::shared_ptr<MemoryLink>& link, int side, Bytes frame);
  void give(const std::shared_ptr<MemoryLink>& link, int side, Bytes frame);
  void close(MemoryTransport& from, LinkId id, std::uint32_t flush_ms);
  void sweep(MemoryTransport& node);
  void release(MemoryTransport& node);
  void reach(const std::shared_ptr<MemoryLink>& link, int side, std::function<void()> action);
  void end(const std::shared_ptr<MemoryLink>& link, int side, const std::string& reason);
  void break_link(const std::shared_ptr<MemoryLink>& link, const std::string& here, int side,
                  const std::string& there);
  void detach(MemoryTransport& node);
  static void emit(MemoryTransport& node, TransportEvent&& event);

  Random& random_;
  Faults faults_;
  std::uint64_t now_ms_ = 0;
  std::uint64_t sequence_ = 0;
  LinkId last_id_ = 0;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::function<void()>> agenda_;
  std::map<std::string, MemoryTransport*> nodes_;
  std::set<std::pair<std::string, std::string>> partitions_;  // names in order
};

}  // namespace simpul
