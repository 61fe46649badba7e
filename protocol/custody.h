// Custody: what happened in one epoch by its custodian's own events, how its offers were answered,
// and which ruling ended it. SPEC section "Cases". Pure; everything borrows the graph and the
// roster.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/case_causality.h"
#include "protocol/case_status.h"

namespace simpul {

// What a fold reads from. Nothing in it changes while folding.
struct CaseView {
  const CaseId& id;
  const CaseGraph& graph;
  const Roster& roster;
  std::vector<Ordinal> rulings;  // by whoever may rule, the one that wins first
  std::vector<Ordinal> replies;  // the reporter's, from the origin
  std::vector<Ordinal> appeals;  // the reporter's, from the origin
};
CaseView view_of(const CaseId& id, const CaseGraph& graph, const Roster& roster);

// Whether `member` may be offered cases or be ruled to hold them. Suspension is not asked: a fold
// must not change when one begins or ends.
bool can_hold(const Roster& roster, const MemberId& member);

// An epoch as it begins.
struct EpochStart {
  Ordinal opener = kNoOrdinal;  // the event whose hash is the token
  MemberId custodian;
  Desk desk;
};

struct OfferLife {
  Ordinal forwarded = kNoOrdinal;
  Ordinal answer = kNoOrdinal;  // the one that counts, if any
  bool accepted = false;
  Ordinal recalled = kNoOrdinal;  // the first request to have it back
};

struct Refusal {
  Ordinal ordinal = kNoOrdinal;
  std::string why;
};

// An epoch as far as it went.
struct EpochRecord {
  Desk desk;
  std::vector<OfferLife> offers;  // in order; all but the last were declined
  Ordinal referral = kNoOrdinal;
  std::vector<Ordinal> effective;  // events of the custodian and answers
  std::vector<Refusal> refused;    // events of the custodian
  std::vector<Ordinal> unknown;    // of kinds of a later version

  const OfferLife* open_offer() const;
  Ordinal accepted() const;  // kNoOrdinal if no offer was accepted
  CaseStatus status() const;
};

// Reads the custodian's events of the epoch that come before `end` in author order.
EpochRecord read_epoch(const CaseView& view, const EpochStart& start, Ordinal end);

// The ruling that ends the epoch, and those that tried to.
struct RulingSearch {
  Ordinal found = kNoOrdinal;
  std::vector<Refusal> refused;
};
RulingSearch find_ruling(const CaseView& view, const EpochStart& start, const EpochRecord& record);

// Grounds on which the ruling hub needs no referral: the roster took the custodian out.
bool is_suspension_ground(const std::string& ground);
// The ground on which it passes a case on that the reporter appealed for.
inline constexpr const char* kAppealGround = "appeal";
inline bool is_appeal_ground(const std::string& ground) {
  return ground == kAppealGround;
}

// Where the custodian's line ends for one who knew what `ruling` saw of it.
Ordinal end_seen_by(const CaseView& view, Ordinal ruling, const MemberId& custodian);

// The epoch that `opener`, an accepted or a ruled event, begins.
EpochStart next_epoch(const CaseView& view, Ordinal opener, Desk desk);

}  // namespace simpul
