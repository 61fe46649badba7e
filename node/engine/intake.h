// What comes in over links: verified, then stored; never trusted. A refused record has no
// effect but a log line and, where the peer broke the protocol, the end of its link. Stateless
// over the tables.
#pragma once

#include "node/engine/case_files.h"
#include "node/engine/peers.h"
#include "node/engine/step.h"
#include "protocol/checkpoint.h"

namespace simpul {

// What becomes of the link after a frame was taken in.
struct IntakeVerdict {
  // kSkipped: what came contradicts what is held of a journal, but who brought it only relays.
  enum class Kind { kTaken, kSkipped, kAgain, kClose } kind = Kind::kTaken;
  ByeCode code = ByeCode::kMalformed;  // for kClose
  std::string reason;                  // for kClose, and why kAgain or kSkipped
  std::vector<Bytes> fork_proofs;      // found just now: everyone should have them
};

class Consistency;

// This node's cosignature line on `journal` at `size`, all of which it must hold: the one given
// before, for ever, or one given now on `note`. REQUIRES a checkpoint of that size in `note`.
std::string give_receipt(Step& step, const JournalId& journal, std::uint64_t size,
                         const std::string& note);

class Intake {
 public:
  Intake(CaseFiles& files, Consistency& consistency) : files_(files), consistency_(consistency) {}

  // A run of a complete journal. On success the acknowledgement with its receipt waits in
  // step.frames. kAgain: does not follow what is held; subscribe again from held_size().
  IntakeVerdict receive(Step& step, Peer& peer, const JournalRecords& records);

  // Sparse events with proofs, and key packets.
  IntakeVerdict receive(Step& step, Peer& peer, const MailboxRecords& records);

  // A receipt on one of this node's own journals, or a mailbox cursor.
  IntakeVerdict receive(Step& step, Peer& peer, const Ack& ack);

  // The peer's receipts for what was not held here when they came, as far as it is now.
  IntakeVerdict receive_early(Step& step, Peer& peer);

 private:
  IntakeVerdict receive_group(Step& step, Peer& peer, const ProvedGroup& group);
  IntakeVerdict receive_answer(Step& step, Peer& peer, const ProvedGroup& group);
  bool shows_two_faces(Step& step, const JournalId& journal) const;
  // Files an event that has been stored.
  void record(Step& step, const Envelope& envelope, BytesView bytes, const Digest& leaf);
  IntakeVerdict acknowledge(Step& step, Peer& peer, const JournalId& journal,
                            const std::string& note, std::uint64_t size);
  IntakeVerdict acknowledge_duplicate(Step& step, Peer& peer, const JournalRecords& records,
                                      const Checkpoint& checkpoint);

  CaseFiles& files_;
  Consistency& consistency_;
};

}  // namespace simpul
