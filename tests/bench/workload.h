// Journals as a busy member would write them: realistic events of about 400 bytes on many cases
// at once, in signed batches. Made beforehand, so that making them is not what is measured.
#pragma once

#include <vector>

#include "node/identity.h"
#include "protocol/frame.h"
#include "protocol/merkle.h"

namespace simpul::bench {

class Workload {
 public:
  struct Options {
    std::size_t cases_open = 10'000;   // worked on in turn: a case's events lie that far apart
    std::size_t forwarded_every = 10;  // each such case is offered to `partner`; 0: none
    MemberId partner;
    std::uint64_t seed = 1;
  };

  // `author` must outlive it.
  Workload(const Identity& author, Options options);

  // The next `count` events with the head after them.
  JournalRecords batch(std::size_t count);
  // `count` events in batches of `size`.
  std::vector<JournalRecords> batches(std::size_t count, std::size_t size);
  // Leaves the open cases as they are and starts on others, in another manner.
  void restart(std::size_t cases_open, std::size_t forwarded_every);

  const JournalId& journal() const { return journal_; }
  std::uint64_t size() const { return frontier_.size(); }
  double mean_event_bytes() const;

 private:
  struct OpenCase {
    CaseId id;
    EventHash token, last;
    int step = 0;
    bool forwarded = false;
  };
  Event next_event(OpenCase& open, std::size_t slot);
  std::vector<EnclosureRef> enclosures(std::size_t count);

  const Identity& author_;
  Options options_;
  JournalId journal_;
  SeededRandom random_;
  Frontier frontier_;
  std::vector<OpenCase> cases_;
  std::size_t turn_ = 0;
  std::uint64_t bytes_ = 0;
  Instant time_;
};

}  // namespace simpul::bench
