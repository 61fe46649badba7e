// What was written, whatever any node shows of it: every event from the moment when its author
// had it committed. A liar has several histories; all of them are true of it. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/event.h"

namespace simpul::sim {

// SHA-256(0x00 || event): RFC 6962.
EventHash hash_of_event(BytesView bytes);

class Truth {
 public:
  struct Record {
    EventPosition position;
    Event event;
    std::set<MemberId> names;  // whom it brings into the audience
  };
  enum class Standing {
    kWritten,     // as it was written there
    kOtherPlace,  // written, but at another place of the journal
    kChanged,     // something else was written there
    kNever,       // nobody wrote anything there
  };

  // The next event of a journal, or another at a place where there is one, by its liar.
  // False if its author has written the same before.
  bool write(const EventPosition& position, BytesView bytes);

  Standing standing(const EventPosition& position, const EventHash& hash) const;
  // The journal of the highest generation that the member ever wrote; its first if none.
  JournalId newest_of(const MemberId& member) const;
  const Record* find(const EventHash& hash) const;
  // Of the first history, if there are several.
  const std::vector<EventHash>& leaves(const JournalId& journal) const;
  const std::map<JournalId, std::vector<EventHash>>& journals() const { return leaves_; }
  // From there on the journal has a second history, whose events are written at places that the
  // first has already. REQUIRES from <= leaves().size(), and no fork yet.
  void fork(const JournalId& journal, std::uint64_t from);
  // Where it parts, of a journal with two histories.
  std::optional<std::uint64_t> forked_at(const JournalId& journal) const;
  // A forked journal was settled at `size`: what comes after never counts.
  void settle(const JournalId& journal, std::uint64_t size) { settled_[journal] = size; }
  // From where on it may not count; nullopt if it was not forked.
  std::optional<std::uint64_t> disputed_from(const JournalId& journal) const;
  const std::map<JournalId, std::uint64_t>& forks() const { return forks_; }
  // The leaves of that of its histories whose first `size` events have this root; nullptr if none.
  const std::vector<EventHash>* history(const JournalId& journal, std::uint64_t size,
                                        const Digest& root) const;
  // Which history an event is of: 0 before they part, else 1 or 2.
  int side_of(const JournalId& journal, std::uint64_t index, const EventHash& hash) const;
  // The root of its first events: RFC 6962, section 2.1. REQUIRES size <= leaves().size().
  Digest root(const JournalId& journal, std::uint64_t size) const;
  std::vector<CaseId> cases() const;
  // All events of a case, as written.
  const std::vector<EventHash>& events_of(const CaseId& id) const;
  // The case whose event commits to the enclosure, and that event; nullptr if none does.
  const Record* enclosure(const Digest& digest) const;
  // Origin, and whoever an event of the case ever named or was written by.
  const std::set<MemberId>& concerned(const CaseId& id) const;
  std::uint64_t size() const { return records_.size(); }

 private:
  // A perfect tree over some leaves; a journal's are its binary digits, the largest first.
  struct Tree {
    std::uint64_t leaves = 0;
    Digest root;
  };
  struct Edge {
    std::vector<Tree> trees;
    std::vector<Digest> roots;  // by size - 1
    void grow(const EventHash& leaf);
  };
  void grow(const JournalId& journal, const EventHash& leaf);
  void grow_second(const JournalId& journal, const EventHash& leaf);

  std::map<JournalId, std::vector<EventHash>> leaves_, second_leaves_;
  std::map<JournalId, Edge> edges_, second_edges_;
  std::map<JournalId, std::uint64_t> forks_, settled_;
  std::unordered_map<EventHash, Record> records_;
  std::map<CaseId, std::vector<EventHash>> cases_;
  std::map<CaseId, std::set<MemberId>> concerned_;
  std::unordered_map<Digest, EventHash> enclosures_;
};

}  // namespace simpul::sim
