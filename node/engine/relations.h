// What a node does by itself because of what was said of a case by links, or by its reporter: a
// part's origin tells the whole how the part stands, and makes it no less private; who agreed that
// a case is a duplicate takes that back once the case is said to be none; a complaint that was
// taken back is closed; the ruling hub passes on what was appealed. Each follows from the cases'
// states alone, so it is done once. SPEC section "What nodes do by themselves".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "node/engine/case_files.h"
#include "node/engine/reactions.h"
#include "node/engine/step.h"

namespace simpul {

// In MetaStore, and the case's id: a duplicate that this node is asked to agree to, and, at the
// ruling hub, an appeal that waits.
inline constexpr std::string_view kLinkAsked = "link-asked ";
inline constexpr std::string_view kAppealWaits = "appeal-waits ";

class Relations {
 public:
  Relations(CaseFiles& files, Reactions& reactions) : files_(files), reactions_(reactions) {}

  // Called for every case that was folded in this step, after Reactions::look_at. Where that
  // `wrote` on the case, it is looked at again.
  void look_at(Step& step, const CaseFile& file, bool wrote);
  // What could not be done, once this node may write again, or under another roster.
  void catch_up(Step& step);
  // A commit failed: whatever was looked at is to be looked at again.
  void forget() { looked_under_.reset(); }

 private:
  void act(Step& step, const CaseFile& file, bool missed);
  // These say whether they wrote on the case: it is looked at again then.
  bool heed_withdrawal(Step& step, const CaseFile& file);
  bool heed_appeal(Step& step, const CaseFile& file);
  bool follow_privacy(Step& step, const CaseFile& part, const CaseState& whole);
  bool tell_whole(Step& step, const CaseFile& part);
  void look_at_parts(Step& step, const CaseState& whole);
  void take_back_agreement(Step& step, const CaseFile& duplicate);
  void release(Step& step, const CaseId& survivor, const CaseId& duplicate);
  void look_at_duplicates(Step& step, const CaseState& survivor);
  // Notes where it is not legal now that something is owed.
  bool write(Step& step, const CaseFile& file, EventBody body);

  CaseFiles& files_;
  Reactions& reactions_;
  bool is_owing_ = false;                      // on the case that is looked at
  std::optional<std::uint64_t> looked_under_;  // the roster's version; nullopt: might not write
};

}  // namespace simpul
