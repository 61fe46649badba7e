#include "protocol/custody.h"

#include <algorithm>
#include <utility>

namespace simpul {
namespace {

// Walks one custodian's line through one epoch. The answer to an offer and a reporter's reply take
// effect where the custodian first shows to have seen them, or else at the end.
class EpochReader {
 public:
  EpochReader(const CaseView& view, const EpochStart& start)
      : view_(view), start_(start), token_(view.graph.hash(start.opener)) {
    record_.desk = start.desk;
  }

  EpochRecord read(Ordinal end) {
    const OrdinalRange own = view_.graph.by(start_.custodian);
    for (Ordinal each = own.first; each < std::min(own.last, end); ++each) {
      if (is_move(each)) take(each);
    }
    settle(kNoOrdinal);
    return std::move(record_);
  }

 private:
  const Event& event(Ordinal ordinal) const { return view_.graph.event(ordinal); }

  bool is_move(Ordinal ordinal) const {
    const Event& move = event(ordinal);
    return view_.graph.counts(ordinal) && move.epoch == token_ &&
           (is_custodians(move.kind) || (move.state_changing && is_unknown(move)));
  }

  void take(Ordinal ordinal) {
    settle(ordinal);
    if (is_unknown(event(ordinal))) {
      record_.unknown.push_back(ordinal);
    } else if (auto why = objection(ordinal)) {
      record_.refused.push_back({ordinal, std::move(*why)});
    } else {
      carry_out(ordinal);
    }
  }

  // `seen_by` is the next event of the custodian; kNoOrdinal at the end of its line.
  void settle(Ordinal seen_by) {
    // A reply may be the custodian's own, of an old generation that turned up late.
    const auto is_seen = [&](Ordinal other) {
      const bool is_own = view_.graph.author(other) == start_.custodian && other < seen_by;
      return seen_by == kNoOrdinal || is_own || view_.graph.saw(seen_by, other);
    };
    if (offer_open_) {
      const OfferLife& offer = record_.offers.back();
      if (offer.answer != kNoOrdinal && !offer.accepted && is_seen(offer.answer)) {
        offer_open_ = false;
      }
    }
    if (expiry_ == kNoOrdinal) return;
    for (const Ordinal reply : view_.replies) {
      if (view_.graph.saw(reply, expiry_) || view_.graph.saw(expiry_, reply)) continue;
      if (!is_seen(reply)) continue;
      reopen(record_.desk);
      expiry_ = kNoOrdinal;
      return;
    }
  }

  std::optional<std::string> objection(Ordinal ordinal) const {
    const Event& move = event(ordinal);
    if (offer_open_ && passed_on_before(ordinal)) {
      return view_.id.text() + " has passed to " + offeree().text();
    }
    if (!legal_in(status(), move.kind)) return standing();
    if (auto why = content_objection(view_.id, move)) return why;
    if (move.kind == EventKind::kForwarded) return offer_objection(ordinal);
    if (const auto* linked = std::get_if<Linked>(&move.body)) return objection_to(*linked);
    if (const auto* recalled = std::get_if<Recalled>(&move.body)) {
      if (recalled->offer != view_.graph.hash(record_.offers.back().forwarded)) {
        return "the offer it recalls is not the open one";
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> objection_to(const Linked& linked) const {
    if (auto why = link_objection(view_.id, record_.desk.links, linked)) return why;
    if (linked.undone || linked.with.empty() || can_hold(view_.roster, linked.with)) return {};
    return linked.with.text() + " is not a member that can hold cases";
  }

  bool passed_on_before(Ordinal ordinal) const {
    const OfferLife& offer = record_.offers.back();
    return offer.accepted && view_.graph.saw(ordinal, offer.answer);
  }

  std::optional<std::string> offer_objection(Ordinal ordinal) const {
    const MemberId& to = std::get<Forwarded>(event(ordinal).body).to;
    if (to == start_.custodian) return to.text() + " holds " + view_.id.text() + " already";
    if (!can_hold(view_.roster, to)) return to.text() + " is not a member that can hold cases";
    // An offer that was accepted stands, so that no later policy undoes custody.
    if (record_.offers.size() >= view_.roster.policy.max_declines &&
        !find_answer(ordinal).accepted) {
      return view_.id.text() + " was declined " + std::to_string(record_.offers.size()) +
             " times; it can only be kept or referred";
    }
    return std::nullopt;
  }

  void carry_out(Ordinal ordinal) {
    const Event& move = event(ordinal);
    record_.effective.push_back(ordinal);
    apply(record_.desk, move, view_.graph.hash(ordinal));
    if (move.kind == EventKind::kForwarded) {
      record_.offers.push_back(find_answer(ordinal));
      offer_open_ = true;
      const Ordinal answer = record_.offers.back().answer;
      if (answer != kNoOrdinal) record_.effective.push_back(answer);
    } else if (move.kind == EventKind::kRecalled) {
      Ordinal& recalled = record_.offers.back().recalled;
      if (recalled == kNoOrdinal) recalled = ordinal;
    } else if (move.kind == EventKind::kReferred) {
      record_.referral = ordinal;
    } else if (move.kind == EventKind::kClosed) {
      expiry_ = record_.desk.outcome == Outcome::kExpired ? ordinal : kNoOrdinal;
    } else if (move.kind == EventKind::kReopened) {
      expiry_ = kNoOrdinal;
    }
  }

  // The first answer in the offeree's order counts.
  OfferLife find_answer(Ordinal forwarded) const {
    const OrdinalRange theirs = view_.graph.by(std::get<Forwarded>(event(forwarded).body).to);
    for (Ordinal each = theirs.first; each < theirs.last; ++each) {
      const Event& answer = event(each);
      if (answer.epoch != token_ || !view_.graph.counts(each)) continue;
      const auto* accepted = std::get_if<Accepted>(&answer.body);
      const auto* declined = std::get_if<Declined>(&answer.body);
      if (accepted == nullptr && declined == nullptr) continue;
      const EventHash& offer = accepted != nullptr ? accepted->offer : declined->offer;
      if (offer != view_.graph.hash(forwarded) || !view_.graph.saw(each, forwarded)) continue;
      return {.forwarded = forwarded, .answer = each, .accepted = accepted != nullptr};
    }
    return {.forwarded = forwarded};
  }

  CaseStatus status() const {
    if (record_.referral != kNoOrdinal) return CaseStatus::kReferred;
    return offer_open_ ? CaseStatus::kForwarded : record_.desk.status;
  }

  const MemberId& offeree() const {
    return std::get<Forwarded>(event(record_.offers.back().forwarded).body).to;
  }

  // How the case stands, as a sentence.
  std::string standing() const {
    const std::string& id = view_.id.text();
    if (status() == CaseStatus::kReferred) return id + " waits for a ruling";
    if (status() != CaseStatus::kForwarded) return id + " is " + words_of(status());
    const Event& forwarded = event(record_.offers.back().forwarded);
    return id + " is offered to " + offeree().text() + " until " +
           date_text(std::get<Forwarded>(forwarded.body).due);
  }

  static std::string words_of(CaseStatus status) {
    return status == CaseStatus::kInProgress ? "in progress" : name_of(status);
  }

  const CaseView& view_;
  const EpochStart& start_;
  const EventHash& token_;
  EpochRecord record_;
  bool offer_open_ = false;      // the last offer, as the custodian knows it
  Ordinal expiry_ = kNoOrdinal;  // the closing for want of a reply, if it closed the case
};

}  // namespace

bool can_hold(const Roster& roster, const MemberId& member) {
  const Member* const found = roster.find(member);
  return found != nullptr && found->kind != MemberKind::kAuditor;
}

const OfferLife* EpochRecord::open_offer() const {
  return !offers.empty() && offers.back().answer == kNoOrdinal ? &offers.back() : nullptr;
}

Ordinal EpochRecord::accepted() const {
  return !offers.empty() && offers.back().accepted ? offers.back().answer : kNoOrdinal;
}

CaseStatus EpochRecord::status() const {
  if (referral != kNoOrdinal) return CaseStatus::kReferred;
  return open_offer() != nullptr ? CaseStatus::kForwarded : desk.status;
}

EpochRecord read_epoch(const CaseView& view, const EpochStart& start, Ordinal end) {
  return EpochReader(view, start).read(end);
}

EpochStart next_epoch(const CaseView& view, Ordinal opener, Desk desk) {
  hand_over(desk);
  const Event& event = view.graph.event(opener);
  const auto* const ruled = std::get_if<Ruled>(&event.body);
  if (ruled != nullptr && is_appeal_ground(ruled->ground)) hear_appeal(desk);
  return {opener, ruled != nullptr ? ruled->to : event.position.journal.member, std::move(desk)};
}

}  // namespace simpul
