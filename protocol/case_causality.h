// The causal order of one case's events: which are held with all their ancestors, whose event
// comes first, and who had seen what. It knows nothing of custody. Built once per fold, then
// read only. Borrows the events: they must outlive it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "protocol/case_state.h"

namespace simpul {

// An event's place in author order: by member, generation, index. So one author's events are a
// range of ordinals, and within it "earlier" is "less".
using Ordinal = std::uint32_t;
inline constexpr Ordinal kNoOrdinal = ~Ordinal{0};

// Past this many events a case folds only its authors' first ones, in turn: the busiest author is
// cut first. Bounds the causal pasts to 2 MiB.
inline constexpr std::size_t kCaseEventsMax = 4096;

struct OrdinalRange {
  Ordinal first = 0, last = 0;  // last is past the end
};

class CaseGraph {
 public:
  enum class Standing : std::uint8_t {
    kSound,     // may count
    kDisputed,  // held and cited, never counts
    kUnsound,   // against the form: `why` says how
    kPending,   // an ancestor is missing
  };

  CaseGraph(const CaseId& id, std::span<const CaseEvent* const> events);

  std::size_t size() const { return events_.size(); }
  const Event& event(Ordinal ordinal) const { return events_[ordinal]->event; }
  const EventHash& hash(Ordinal ordinal) const { return events_[ordinal]->hash; }
  const MemberId& author(Ordinal ordinal) const { return event(ordinal).position.journal.member; }

  Standing standing(Ordinal ordinal) const { return nodes_[ordinal].standing; }
  bool counts(Ordinal ordinal) const { return standing(ordinal) == Standing::kSound; }
  const char* why(Ordinal ordinal) const { return nodes_[ordinal].why; }

  OrdinalRange by(const MemberId& author) const;
  Ordinal find(const EventHash& hash) const;  // kNoOrdinal if not held

  // Whether the author of `later` had `earlier` before it: it cites it, directly or not.
  bool saw(Ordinal later, Ordinal earlier) const {
    const Ordinal row = nodes_[later].place, bit = nodes_[earlier].place;
    return row != kNoOrdinal && bit != kNoOrdinal && (past(later)[bit / 64] >> (bit % 64) & 1) != 0;
  }
  // Every event that is not pending, each after all that it cites.
  std::span<const Ordinal> causal_order() const { return causal_order_; }
  // What `ordinal`, which is not pending, saw: bits by place in the causal order.
  std::span<const std::uint64_t> past(Ordinal ordinal) const {
    return {pasts_.data() + nodes_[ordinal].place * words_, words_};
  }
  // Hashes cited but not held; distinct, sorted.
  const std::vector<EventHash>& missing() const { return missing_; }

 private:
  struct Node {
    Standing standing = Standing::kPending;
    const char* why = "";
    Ordinal place = kNoOrdinal;               // in the causal order
    Ordinal cited_first = 0, cited_last = 0;  // in cited_
  };
  struct Citation {
    Ordinal cited, citing;
    auto operator<=>(const Citation&) const = default;
  };

  void order(std::span<const CaseEvent* const> events);
  void cut_to_limit();
  void link();
  void cite(Ordinal ordinal, const EventHash& hash);
  void close();
  void reach(Ordinal ordinal);
  void spread_pending(std::span<const Citation> citations);
  void judge_cycles();
  void gather_pasts();
  void judge_form(const CaseId& id, Ordinal ordinal);

  std::vector<const CaseEvent*> events_;  // distinct, in author order
  std::vector<Ordinal> by_hash_;
  std::vector<Node> nodes_;
  std::vector<Ordinal> cited_;  // every node's citations that are held, one after another
  std::vector<Ordinal> causal_order_;
  std::vector<std::uint64_t> pasts_;  // a row of words_ for each place
  std::size_t words_ = 0;
  std::vector<EventHash> missing_;
};

}  // namespace simpul
