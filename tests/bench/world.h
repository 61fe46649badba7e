// A small federation made from a seed: the same in every process of a run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/admission.h"
#include "node/identity.h"
#include "protocol/roster.h"
#include "storage/store.h"

namespace simpul::bench {

inline constexpr Instant kWorldStart{std::chrono::sys_days{std::chrono::January / 1 / 2026}};

struct World {
  struct Seat {
    std::string id;
    MemberKind kind;
    std::string endpoint;
  };
  // The first seat is the hub.
  explicit World(const std::vector<Seat>& seats);

  Identity& identity(const std::string& id) const { return identities_.at(id); }
  const SignedRoster& roster() const { return roster_; }
  std::shared_ptr<const AdmissionTable> admission() const;
  // A store that holds the roster. `sync` off: for data that is only made to be measured later.
  Store open_store(const std::string& directory, bool sync) const;

 private:
  mutable std::map<std::string, Identity> identities_;  // a node may replace its signing key
  SignedRoster roster_;
};

// tcp://127.0.0.1: and a port that nobody listens on now.
std::string free_endpoint();

// A hub, Badung and Bantul as authors; only the hub listens.
World small_world(const std::string& hub_endpoint);

}  // namespace simpul::bench
