// What a node does by itself when a case changes: confirm delivery of an offer, answer a
// request to recall, refer after too many declines, hand keys to the entitled. Each is one event of
// this node's own journal, decided from the case's state alone, so it is done once however often it
// is looked at.
#pragma once

#include <optional>

#include "node/engine/author.h"
#include "node/engine/case_files.h"
#include "node/engine/step.h"

namespace simpul {

// Builds an event on a case as it stands: epoch, casePrev, after.
Event case_event(const Step& step, const CaseFile& file, EventBody body);

// Where the next event of this node's own would stand.
EventPosition next_position(const Step& step);

class Reactions {
 public:
  explicit Reactions(Author& author) : author_(author) {}

  // Called for every case that was folded in this step.
  void look_at(Step& step, const CaseFile& file);

  // What came while this node might not write, at a start or suspended, is looked at once it may.
  void catch_up(Step& step);
  // A commit failed: whatever was looked at is to be looked at again.
  void forget() { wrote_under_.reset(); }

  bool may_write() const { return author_.gate().open; }
  std::uint64_t written() const { return written_; }  // events, ever
  // One event on a case as it stands, where that is legal now; whether it was.
  bool write(Step& step, const CaseFile& file, EventBody body);

 private:
  // Who was suspended got no keys meanwhile: its cases are looked at again.
  void look_after_reinstated(Step& step);
  // The head of the offering member's journal as held here, for the receipt to cite.
  static HeadRef seen_head(Step& step, const CaseFile& file);
  Author& author_;
  std::uint64_t written_ = 0;
  std::optional<std::uint64_t> wrote_under_;  // the roster's version; nullopt: might not write
};

}  // namespace simpul
