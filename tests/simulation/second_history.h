// The other history of a forked journal: the same events up to where it parts, and from there on
// each under another salt, so under another hash. Signed with the liar's own key, it is as good as
// the first; only who sees both can tell. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "node/identity.h"
#include "protocol/frame.h"
#include "storage/store.h"
#include "tests/support/memory_tree.h"

namespace simpul::sim {

class SecondHistory {
 public:
  // REQUIRES from >= 1.
  SecondHistory(JournalId journal, std::uint64_t from)
      : journal_(std::move(journal)), from_(from) {}

  const JournalId& journal() const { return journal_; }
  std::uint64_t from() const { return from_; }
  std::uint64_t size() const { return tree_.frontier().size(); }

  // Makes it as long as `size`, from the first as held. False if that is not held.
  bool follow(Tables& tables, std::uint64_t size);

  // The event there: what the first has, if it is before the parting.
  static Bytes twin_of(BytesView event);
  // Of its first `size` events. REQUIRES size() >= size.
  std::string checkpoint(const Identity& signer, std::uint64_t size) const;

  // What a frame says of the first history, said of this one. False if it cannot be.
  bool retell(Tables& tables, const Identity& signer, JournalRecords& records);
  bool retell(Tables& tables, const Identity& signer, ProvedGroup& group);
  bool retell(Tables& tables, const Identity& signer, std::string& note);

 private:
  JournalId journal_;
  std::uint64_t from_;
  MemoryTree tree_;
};

}  // namespace simpul::sim
