// What a node does by itself because of what was said of a case by links, or by its reporter: a
// part's origin tells the whole how the part stands, and makes it no less private; who agreed that
// a case is a duplicate takes that back once the case is said to be none; a complaint that was
// taken back is closed; the ruling hub passes on what was appealed. Each follows from the cases'
// states alone, so it is done once. SPEC section "What nodes do by themselves".
#pragma once

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

  // Called for every case that was folded in this step, after Reactions::look_at.
  void look_at(Step& step, const CaseFile& file);
  // What came while this node might not write.
  void catch_up(Step& step);

 private:
  void act(Step& step, const CaseFile& file);
  // These say whether they wrote on the case: it is looked at again then.
  bool heed_withdrawal(Step& step, const CaseFile& file);
  bool heed_appeal(Step& step, const CaseFile& file);
  bool follow_privacy(Step& step, const CaseFile& part, const CaseState& whole);
  bool tell_whole(Step& step, const CaseFile& part);
  void look_at_parts(Step& step, const CaseFile& whole);
  void take_back_agreement(Step& step, const CaseFile& duplicate);

  CaseFiles& files_;
  Reactions& reactions_;
};

}  // namespace simpul
