// The status machine: what a custodian's own events make of a case it holds, and which are legal
// in which status. It knows nothing of journals, offers' answers or rulings. Pure.
#pragma once

#include <optional>
#include <string>

#include "protocol/case_links.h"
#include "protocol/case_state.h"

namespace simpul {

// The case as it lies on its custodian's desk. Its status is never kForwarded or kReferred: those
// say that the desk is frozen, and pass.
struct Desk {
  CaseStatus status = CaseStatus::kReceived;
  CaseStatus before_postponed = CaseStatus::kReceived;
  bool verified = false;  // ever, by any custodian
  CaseClass case_class = CaseClass::kComplaint;
  std::string region, category, unit;
  std::optional<Instant> postponed_until, answered_at, closed_at;
  std::optional<Outcome> outcome;
  CaseId duplicate_of;
  std::uint32_t reopened_count = 0;
  std::vector<StandingLink> links;
};

Desk desk_of(const Opened& opened);

// Whether a custodian may author `kind` in `status`; any status, also the frozen ones.
bool legal_in(CaseStatus status, EventKind kind);
// Kinds that are for custodians only: those legal in some status.
bool is_custodians(EventKind kind);

// Whether this version cannot read the event: a later kind, or a kind without its body.
bool is_unknown(const Event& event);

// When it happened, as far as known.
Instant moment_of(const Event& event);

// What is wrong with the content of a custodian's event, whatever the status; a sentence.
std::optional<std::string> content_objection(const CaseId& id, const Event& event);

// `hash` is the event's. REQUIRES: legal_in(desk.status, event.kind), no content_objection and no
// link_objection.
void apply(Desk& desk, const Event& event, const EventHash& hash);

// To the next custodian: unit and postponement end; a closed case stays closed.
void hand_over(Desk& desk);

// A reporter's reply undoes a closing that had not seen it.
void reopen(Desk& desk);
// By an appeal the next custodian begins anew with it.
void hear_appeal(Desk& desk);

// "2026-01-05", UTC.
std::string date_text(Instant instant);

}  // namespace simpul
