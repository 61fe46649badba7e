// Heads of one journal that came by different ways, and whether one extends the other. Each is
// signed by the author and was proved on its own; where what is held does not link them, whoever
// showed the larger one is asked to. A proof that contradicts convicts the author; a holder that
// knows the answer and does not give it is reported as withholding. SPEC.md, "Consistency between
// holders".
//
// What is unlinked lives in memory: after a restart a journal has one head again, and the next
// one that does not extend it is asked about. Not thread-safe; owned by the engine.
#pragma once

#include <map>
#include <vector>

#include "node/engine/intake.h"
#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

class Consistency {
 public:
  // How a proved head stands to those held.
  enum class Standing {
    kLinked,       // one history, as far as is known
    kUnlinked,     // it may be another history: someone will be asked
    kContradicts,  // it is: its nodes are not those held. Only the portable proof is missing
  };
  // Convicts the author, if one of those not linked has the same size and another root: it signed
  // both.
  std::optional<IntakeVerdict> receive_head(Step& step, const Peer& peer, const ProvedGroup& group,
                                            const Checkpoint& checkpoint);
  // A head that was proved to extend `known`, with the nodes learnt; before it is stored.
  Standing note(Step& step, const Peer& peer, const ProvedGroup& group,
                const Checkpoint& checkpoint, const Frontier& known,
                std::span<const TreeNode> learnt);

  // Heads of this journal are not linked yet: a relay may build on either.
  bool is_split(const JournalId& journal) const { return splits_.contains(journal); }

  // Asks what is due, and gives up on answers that did not come.
  void pump(Step& step, Peers& peers);
  // What is not linked is asked about again soon.
  void link_opened(Instant now);
  // What came for a request; `group` has no events and its checkpoint is the author's.
  IntakeVerdict receive(Step& step, const Peer& peer, const ProvedGroup& group,
                        const Checkpoint& checkpoint);

 private:
  struct Head {
    std::uint64_t size = 0;
    Digest root;
    std::string note;
    MemberId giver;   // empty: held before
    LinkId link = 0;  // over which it was given
  };
  struct Asked {
    LinkId link = 0;
    std::uint64_t known_size = 0, size = 0;
    Instant until{};
  };
  struct Split {
    std::vector<Head> heads;  // by size; at least two
    Instant since{}, ask_at{};
    std::optional<Asked> asked;
    std::size_t tries = 0;      // without an answer that counts, for the two smallest heads
    std::size_t doublings = 0;  // of the wait, since a link opened
    std::size_t refusals = 0;   // of these by who must know
    bool reported = false;
  };

  void ask(Step& step, Peers& peers, const JournalId& journal, Split& split);
  void not_answered(Step& step, const JournalId& journal, Split& split);

  std::map<JournalId, Split> splits_;
};

// Answers from what is held here, if the peer may know of the journal; else stays silent.
void answer_consistency(Step& step, const Peer& peer, const ConsistencyRequest& request);

}  // namespace simpul
