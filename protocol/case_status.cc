#include "protocol/case_status.h"

#include <cstdio>
#include <initializer_list>

namespace simpul {
namespace {

constexpr std::uint64_t bit(EventKind kind) {
  const auto number = static_cast<unsigned>(kind);
  return number < 64 ? std::uint64_t{1} << number : 0;
}

constexpr std::uint64_t set_of(std::initializer_list<EventKind> kinds) {
  std::uint64_t bits = 0;
  for (const EventKind kind : kinds) bits |= bit(kind);
  return bits;
}

using enum EventKind;
constexpr std::uint64_t kWorking = set_of({kAssigned, kPostponed, kForwarded, kReferred, kProgress,
                                           kAnswered, kClosed, kCorrected, kLinked});

constexpr std::uint64_t legal_kinds(CaseStatus status) {
  switch (status) {
    case CaseStatus::kReceived:
      return kWorking | set_of({kVerified});
    case CaseStatus::kVerified:
    case CaseStatus::kInProgress:
      return kWorking;
    case CaseStatus::kPostponed:
      return set_of({kResumed, kAnswered, kClosed, kCorrected, kLinked});
    case CaseStatus::kForwarded:
      return set_of({kRecalled, kReferred});
    case CaseStatus::kReferred:
      return 0;
    case CaseStatus::kAnswered:
      return set_of({kForwarded, kProgress, kClosed, kCorrected, kLinked});
    case CaseStatus::kClosed:
      return set_of({kReopened, kCorrected, kLinked});
  }
  return 0;
}

constexpr std::uint64_t kCustodians =
    kWorking | set_of({kVerified, kResumed, kRecalled, kReopened});

void correct(Desk& desk, const Corrected& corrected) {
  switch (corrected.field) {
    case CorrectedField::kRegion:
      desk.region = corrected.value;
      break;
    case CorrectedField::kCategory:
      desk.category = corrected.value;
      break;
    case CorrectedField::kClass:
      desk.case_class = *case_class_of(corrected.value);
      break;
  }
}

void work(Desk& desk, CaseStatus status) {
  desk.status = status;
  desk.verified = true;
  desk.postponed_until.reset();
}

void close(Desk& desk, const Closed& closed, Instant at) {
  desk.status = CaseStatus::kClosed;
  desk.postponed_until.reset();
  desk.closed_at = at;
  desk.outcome = closed.outcome;
  desk.duplicate_of = closed.duplicate_of;
}

}  // namespace

Desk desk_of(const Opened& opened) {
  Desk desk;
  desk.case_class = opened.case_class;
  desk.region = opened.region;
  desk.category = opened.category;
  return desk;
}

bool legal_in(CaseStatus status, EventKind kind) {
  return (legal_kinds(status) & bit(kind)) != 0;
}

bool is_custodians(EventKind kind) {
  return (kCustodians & bit(kind)) != 0;
}

bool is_unknown(const Event& event) {
  return std::holds_alternative<UnknownBody>(event.body) || kind_of(event.body) != event.kind;
}

Instant moment_of(const Event& event) {
  return event.happened.value_or(event.time);
}

std::optional<std::string> content_objection(const CaseId& id, const Event& event) {
  if (const auto* closed = std::get_if<Closed>(&event.body)) {
    const bool names_another = !closed->duplicate_of.empty() && closed->duplicate_of != id;
    if (closed->outcome == Outcome::kDuplicate && !names_another) {
      return id.text() + " can be closed as a duplicate only of another case";
    }
  }
  if (const auto* corrected = std::get_if<Corrected>(&event.body)) {
    if (corrected->field == CorrectedField::kClass && !case_class_of(corrected->value)) {
      return "\"" + corrected->value + "\" is not a class of cases";
    }
  }
  return std::nullopt;
}

void apply(Desk& desk, const Event& event, const EventHash& hash) {
  switch (event.kind) {
    case kVerified:
      return work(desk, CaseStatus::kVerified);
    case kAssigned:
      desk.unit = std::get<Assigned>(event.body).unit;
      return;
    case kPostponed:
      desk.before_postponed = desk.status;
      desk.status = CaseStatus::kPostponed;
      desk.postponed_until = std::get<Postponed>(event.body).until;
      return;
    case kResumed:
      desk.status = desk.before_postponed;
      desk.postponed_until.reset();
      return;
    case kProgress:
      return work(desk, CaseStatus::kInProgress);
    case kAnswered:
      desk.answered_at = moment_of(event);
      return work(desk, CaseStatus::kAnswered);
    case kClosed:
      return close(desk, std::get<Closed>(event.body), moment_of(event));
    case kReopened:
      return reopen(desk);
    case kCorrected:
      return correct(desk, std::get<Corrected>(event.body));
    case kLinked:
      return apply_link(desk.links, hash, std::get<Linked>(event.body));
    default:
      return;  // offers and referrals freeze the desk but change nothing on it
  }
}

void hand_over(Desk& desk) {
  desk.unit.clear();
  desk.postponed_until.reset();
  if (desk.status == CaseStatus::kClosed) return;
  desk.status = desk.verified ? CaseStatus::kVerified : CaseStatus::kReceived;
}

void reopen(Desk& desk) {
  work(desk, CaseStatus::kInProgress);
  desk.closed_at.reset();
  desk.outcome.reset();
  desk.duplicate_of = {};
  ++desk.reopened_count;
}

void hear_appeal(Desk& desk) {
  reopen(desk);
  desk.status = CaseStatus::kVerified;
}

std::string date_text(Instant instant) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(instant));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace simpul
