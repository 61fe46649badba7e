// Fills the links: for every stream that a peer subscribed, what follows its cursor, within its
// credit. Reads committed data only. Stateless over the tables.
#pragma once

#include "node/engine/peers.h"
#include "node/identity.h"
#include "protocol/roster.h"
#include "storage/store.h"

namespace simpul {

struct Pump {
  Tables& tables;  // of a read transaction begun after the commit
  const Identity& self;
  const Roster& roster;
  Instant now{};

  // Queues frames on the peer's session until its streams are drained or out of credit.
  void fill(Peer& peer);

 private:
  bool send_journal(Peer& peer, const OutStream& stream);
  bool send_mailbox(Peer& peer, const OutStream& stream);
  // Adds them in one group where one head proves them all, otherwise in one for each event that can
  // be proved. Whether all could.
  bool add_proved(Peer& peer, const JournalId& journal, std::vector<std::uint64_t> indexes,
                  std::vector<ProvedGroup>& groups);
  Result<ProvedGroup> proved_as_settled(const JournalId& journal,
                                        std::vector<std::uint64_t>& indexes);
  Result<ProvedGroup> proved_together(Peer& peer, const JournalId& journal,
                                      const std::vector<std::uint64_t>& indexes);
  Result<ProvedGroup> proved_alone(const JournalId& journal, std::uint64_t index);
  // With a proof that builds on `known`, a size of the journal that the peer knows, or on nothing.
  Result<ProvedGroup> proved_under(const std::string& note, const JournalId& journal,
                                   std::uint64_t known, const std::vector<std::uint64_t>& indexes);
  friend std::vector<ProvedGroup> proved_case(Pump&, Peer&, const std::vector<EventPosition>&);
};

// The events at these positions with proofs, as far as they can be proved: to answer a case
// request.
std::vector<ProvedGroup> proved_case(Pump& pump, Peer& peer,
                                     const std::vector<EventPosition>& positions);

}  // namespace simpul
