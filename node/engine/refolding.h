// Folds cases again after a roster that may change them. What a case is follows from its events and
// the roster, and events may come in the very step in which the roster does, which still goes by
// the one before. A page of cases each step, so that a node with many goes on meanwhile; which
// roster all are folded under is stored, so a restart goes on. Not thread-safe; owned by the
// engine.
#pragma once

#include <optional>
#include <string_view>

#include "node/engine/step.h"
#include "protocol/roster_effect.h"
#include "storage/case_row.h"

namespace simpul {

class Refolding {
 public:
  // In MetaStore: the version of the roster that all cases are folded under.
  static constexpr std::string_view kFoldedUnder = "folded-under";

  // Has the next page of cases looked at again, if the roster asks for it.
  void look(Step& step);

  // When to look again, where the roster of `version` is in force; nullopt: all is folded under it.
  std::optional<Instant> next_look(std::uint64_t version) const {
    return is_due(version) ? std::optional(next_look_) : std::nullopt;
  }

  // A commit failed: what is stored says how far it got.
  void forget() { folded_under_ = towards_ = 0; }

 private:
  void begin(Step& step);
  bool is_due(std::uint64_t version) const { return version != folded_under_; }
  bool concerns(const CaseRow& row) const {
    return effect_ == RosterEffect::kAll || row.void_count > 0;
  }

  std::uint64_t folded_under_ = 0;
  std::uint64_t towards_ = 0;  // version of the roster that the pages are folded under
  RosterEffect effect_ = RosterEffect::kNone;
  Bytes next_;  // page
  Instant next_look_{};
};

}  // namespace simpul
