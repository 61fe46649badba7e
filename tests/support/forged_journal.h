// A journal in a test's hands: any history, true or false, signed by whoever's key the test
// holds. Copy it to fork it.
#pragma once

#include <string>
#include <vector>

#include "node/identity.h"
#include "protocol/event.h"
#include "protocol/frame.h"
#include "tests/support/memory_tree.h"

namespace simpul::test {

class ForgedJournal {
 public:
  // `signer` must outlive the journal; it may be another than the journal's member.
  ForgedJournal(const JournalId& id, const Identity& signer, std::uint64_t seed = 1)
      : id_(id), signer_(&signer), random_(seed) {}

  const JournalId& id() const { return id_; }
  std::uint64_t size() const { return events_.size(); }
  const Bytes& event(std::uint64_t index) const { return events_.at(index); }

  // As the journal's next event: fills in position and, for kinds known, the flag.
  EventHash append(Event event);
  EventHash append_bytes(Bytes bytes);
  // The bytes that append() would write.
  Bytes encoded(Event event);

  std::string checkpoint(std::uint64_t size) const;
  std::string checkpoint_with_root(std::uint64_t size, const Digest& root) const;
  HeadRef head(std::uint64_t size) const;
  JournalRecords records(std::uint64_t first, std::uint64_t end) const;
  // Proved as the size of the whole journal; `known` as the receiver's presumed size.
  ProvedGroup group(const std::vector<std::uint64_t>& indexes, std::uint64_t known = 0) const;

  // Answers a request for consistency up to the size of the whole journal.
  ProvedGroup consistency(std::uint64_t known) const;

  // A new case that this journal's member may open.
  CaseId new_case() { return CaseId::make(id_.member, random_); }

 private:
  JournalId id_;
  const Identity* signer_;
  SeededRandom random_;
  std::vector<Bytes> events_;
  MemoryTree tree_;
};

// `opened` of a new case of `origin`'s.
Event opened_event(const CaseId& id);
// Another kind on a case, in the epoch that `opened` began.
Event case_event_of(const CaseId& id, const EventHash& epoch, const EventHash& previous,
                    EventBody body);
// The same event with words that nobody reads, so that it has `size` bytes.
Bytes padded_event(BytesView event, std::size_t size);

}  // namespace simpul::test
