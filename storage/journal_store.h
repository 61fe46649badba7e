// Journals as held here: their events, verified heads, checkpoints and tree nodes. Stores what
// the protocol layer has verified and verifies nothing itself. A view on a transaction: cheap
// to build, caches nothing, used on the transaction's thread, outlived by it.
//
// A journal is *complete* when all its events up to the verified head are here; otherwise it is
// sparse: some events, and the tree nodes that prove them. `held` counts the events from 0 that are
// here without a gap. A complete stream continues at `held` whatever else has arrived.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "protocol/event.h"
#include "protocol/frame.h"
#include "protocol/ids.h"
#include "protocol/merkle.h"
#include "storage/environment.h"

namespace simpul {

inline constexpr std::uint64_t kTileWidth = 256;  // leaves in a tile: 8 levels, as C2SP tlog-tiles

struct JournalHead {
  JournalId id;
  std::uint32_t number = 0;                    // local, given on first sight, never reused
  std::uint64_t size = 0;                      // of the verified head; events held if complete
  bool complete = false;                       // held == size, all of them received in order from 0
  Frontier frontier;                           // at size
  std::uint64_t held = 0;                      // events [0, held) are here
  Frontier held_frontier;                      // at held; equals frontier when complete
  std::string checkpoint;                      // newest note; empty if none
  std::optional<std::uint64_t> disputed_from;  // forked or revoked from this index on
  std::optional<HeadRef> settled;              // events below its size count nevertheless

  // Whether the event at `index` is kept and shown but never counts.
  bool disputed(std::uint64_t index) const {
    return disputed_from && index >= *disputed_from && !(settled && index < settled->size);
  }
};

class JournalStore {
 public:
  explicit JournalStore(Transaction& transaction) : transaction_(&transaction) {}

  std::optional<JournalHead> head(const JournalId& journal) const;
  std::optional<JournalHead> head(std::uint32_t number) const;
  // The same without the checkpoint, which takes most of the time.
  std::optional<JournalHead> bare_head(const JournalId& journal) const;
  std::optional<JournalHead> bare_head(std::uint32_t number) const;
  std::vector<JournalHead> heads() const;                           // by number
  std::vector<JournalHead> heads_of(const MemberId& member) const;  // by generation

  std::optional<std::uint32_t> number(const JournalId& journal) const;
  std::optional<JournalId> journal(std::uint32_t number) const;
  // The journal's number, giving it one (and an empty head) if it has none.
  std::uint32_t ensure(const JournalId& journal);

  // Appends events [first, first + events.size()) with their leaf hashes; `after` is the frontier
  // then, `note` the checkpoint of that size (empty: none yet). REQUIRES first <= held (0 for a
  // journal not seen): events below `held` are skipped.
  void append_run(const JournalId& journal, std::uint64_t first, std::span<const BytesView> events,
                  std::span<const Digest> leaves, const Frontier& after, std::string_view note);

  // Stores proved events out of sequence and the nodes learnt with them; `after` is the frontier at
  // the size proved against and becomes the head if it is larger. The same again changes nothing.
  void put_sparse(const JournalId& journal, std::span<const SparseEvent> events,
                  std::span<const TreeNode> nodes, const Frontier& after, std::string_view note);

  void set_disputed_from(const JournalId& journal, std::optional<std::uint64_t> index);
  void set_settled(const JournalId& journal, const std::optional<HeadRef>& settled);

  bool has(const JournalId& journal, std::uint64_t index) const;
  std::optional<Bytes> event(const JournalId& journal, std::uint64_t index) const;
  std::optional<Bytes> event(std::uint32_t number, std::uint64_t index) const;
  // Events from `first` on without a gap: at most `count_max`, and at most `bytes_max` in sum but
  // for the first.
  std::vector<Bytes> scan(const JournalId& journal, std::uint64_t first, std::size_t count_max,
                          std::size_t bytes_max) const;
  // Every event held from `first` on, gaps skipped, until the visitor returns false.
  void visit(const JournalId& journal, std::uint64_t first,
             const std::function<bool(std::uint64_t index, BytesView event)>& visit) const;

  // Notes of one journal by size, as stored (the latest stored of a size counts).
  std::optional<std::string> checkpoint_at(const JournalId& journal, std::uint64_t size) const;
  std::optional<std::string> newest_checkpoint(const JournalId& journal) const;
  std::optional<std::string> first_checkpoint_at_or_after(const JournalId& journal,
                                                          std::uint64_t size) const;
  // The greatest checkpoint of at most `size`.
  std::optional<std::string> last_checkpoint_at_or_before(const JournalId& journal,
                                                          std::uint64_t size) const;
  // Stores or replaces the note of a size: with cosignatures added, say.
  void store_checkpoint(const JournalId& journal, std::uint64_t size, std::string_view note);
  // From `first_size` on, until the visitor returns false.
  void visit_checkpoints(
      const JournalId& journal, std::uint64_t first_size,
      const std::function<bool(std::uint64_t size, std::string_view note)>& visit) const;

  // The hashes of leaves [256 n, 256 n + 256); nullopt unless all are held in order.
  std::optional<std::vector<Digest>> tile(const JournalId& journal, std::uint64_t n) const;

  Transaction& transaction() const { return *transaction_; }

 private:
  Transaction* transaction_;
};

}  // namespace simpul
