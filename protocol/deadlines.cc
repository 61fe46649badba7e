#include "protocol/deadlines.h"

#include <algorithm>
#include <unordered_map>

#include "protocol/case_status.h"

namespace simpul {
namespace {

struct Pause {
  Instant from{};
  std::optional<Instant> until;  // open: the case is postponed without a date
};

// What the clocks go by, gathered from a case's effective events in order of time.
class History {
 public:
  History(const CaseState& state, std::span<const CaseEvent> events) : closed_at_(state.closed_at) {
    std::unordered_map<EventHash, const Event*> by_hash;
    for (const CaseEvent& held : events) by_hash[held.hash] = &held.event;
    for (const Judged& judged : state.events) {
      const auto found = by_hash.find(judged.hash);
      if (judged.verdict == Verdict::kEffective && found != by_hash.end()) take(*found->second);
    }
  }

  Instant opened{}, begun{};  // begun: opened, or reopened last
  std::optional<Instant> verified, worked, done, answered, replied;
  std::vector<Pause> pauses;

 private:
  void take(const Event& event) {
    const Instant at = moment_of(event);
    switch (event.kind) {
      case EventKind::kOpened:
        opened = begun = at;
        return;
      case EventKind::kVerified:
        return see(verified, at);
      case EventKind::kPostponed:
        return pause(std::get<Postponed>(event.body), at);
      case EventKind::kResumed:
        return end_pause(at);
      case EventKind::kProgress:
        see(verified, at);
        see(worked, at);
        return work_again();
      case EventKind::kAnswered:
        answer(at);
        answered = at;
        replied.reset();
        return;
      case EventKind::kClosed:
        answer(at);
        see(replied, at);
        expired_ = std::get<Closed>(event.body).outcome == Outcome::kExpired;
        return;
      case EventKind::kReopened:
        return begin_again(at);
      case EventKind::kReporterReplied:
        see(replied, at);
        if (expired_ && !closed_at_) begin_again(at);
        return;
      case EventKind::kAccepted:
      case EventKind::kRuled:
        end_pause(at);
        return work_again();
      default:
        return;
    }
  }

  static void see(std::optional<Instant>& first, Instant at) {
    if (!first) first = at;
  }
  void answer(Instant at) {
    see(verified, at);
    see(worked, at);
    see(done, at);
    end_pause(at);
  }
  void work_again() {
    done.reset();
    answered.reset();
  }
  void begin_again(Instant at) {
    begun = at;
    expired_ = false;
    work_again();
  }
  void pause(const Postponed& postponed, Instant at) {
    Pause pause{at, {}};
    if (postponed.until > at) pause.until = postponed.until;
    pauses.push_back(pause);
  }
  // It may have ended by itself before.
  void end_pause(Instant at) {
    if (pauses.empty()) return;
    auto& until = pauses.back().until;
    until = until ? std::min(*until, at) : at;
  }

  std::optional<Instant> closed_at_;
  bool expired_ = false;
};

std::uint32_t limit_of(CaseClass of, const ClockPolicy& policy) {
  switch (of) {
    case CaseClass::kInformation:
      return policy.information;
    case CaseClass::kComplaint:
      return policy.complaint;
    case CaseClass::kComplaintOversight:
      return policy.oversight;
  }
  return policy.complaint;
}

TimeZone zone_of_case(const CaseState& state) {
  const MemberId origin = state.id.origin();
  return origin.is_region() ? zone_of(origin) : zone_of_region(state.region);
}

// What one of the clocks measures.
struct Span {
  Stage stage;
  std::uint32_t limit;  // working days
  Instant started;
  std::optional<Instant> stopped;

  // Whether somebody must act by its end.
  bool binds() const { return !stopped && stage != Stage::kReply; }
};

// Those that have started, by stage.
std::vector<Span> spans_of(const History& history, CaseClass of, const ClockPolicy& policy) {
  std::vector<Span> spans{{Stage::kVerify, policy.verify, history.opened, history.verified}};
  if (history.verified) {
    spans.push_back({Stage::kFollowUp, policy.follow_up, *history.verified, history.worked});
  }
  spans.push_back({Stage::kComplete, limit_of(of, policy), history.begun, history.done});
  if (history.answered) {
    spans.push_back({Stage::kReply, policy.reply, *history.answered, history.replied});
  }
  return spans;
}

// A day counts when the case is not postponed as it ends.
class Counting {
 public:
  Counting(const History& history, TimeZone zone, const WorkCalendar& calendar, Instant now)
      : history_(history), zone_(zone), calendar_(calendar), now_(now) {}

  bool operator()(LocalDay day) const {
    const Instant end = end_of(day, zone_);
    return std::ranges::none_of(history_.pauses, [&](const Pause& pause) {
      return pause.from < end && end <= pause.until.value_or(std::max(now_, pause.from));
    });
  }
  std::uint32_t used(Instant from, Instant until) const {
    return calendar_.between(day_of(from, zone_), day_of(until, zone_), *this);
  }
  Instant due(const Span& span) const {
    return end_of(calendar_.after(day_of(span.started, zone_), span.limit, *this), zone_);
  }
  Clock clock(const Span& span) const {
    return {span.stage, span.limit,   span.started,
            due(span),  span.stopped, used(span.started, span.stopped.value_or(now_))};
  }

 private:
  const History& history_;
  TimeZone zone_;
  const WorkCalendar& calendar_;
  Instant now_;
};

}  // namespace

const char* name_of(Stage stage) {
  constexpr const char* kNames[] = {"verify", "follow-up", "complete", "reply"};
  return kNames[static_cast<std::size_t>(stage)];
}

const char* label_of(Stage stage, bool indonesian) {
  constexpr const char* kLabels[][2] = {{"Verification", "Verifikasi"},
                                        {"Follow-up", "Tindak lanjut"},
                                        {"Completion", "Penyelesaian"},
                                        {"Reporter's reply", "Tanggapan pelapor"}};
  return kLabels[static_cast<std::size_t>(stage)][indonesian ? 1 : 0];
}

const char* name_of(Urgency urgency) {
  constexpr const char* kNames[] = {"met", "missed", "running", "at-risk", "overdue", "paused"};
  return kNames[static_cast<std::size_t>(urgency)];
}

const Clock* CaseClocks::find(Stage stage) const {
  const auto found = std::ranges::find(clocks, stage, &Clock::stage);
  return found == clocks.end() ? nullptr : &*found;
}

CaseClocks case_clocks(const CaseState& state, std::span<const CaseEvent> events,
                       const ClockPolicy& policy, const WorkCalendar& calendar, Instant now) {
  CaseClocks result;
  if (!state.has_opened()) return result;
  const History history(state, events);
  result.zone = zone_of_case(state);
  const Counting counting(history, result.zone, calendar, now);
  for (const Span& span : spans_of(history, state.case_class, policy)) {
    result.clocks.push_back(counting.clock(span));
  }
  result.paused = std::ranges::any_of(history.pauses, [&](const Pause& pause) {
    return pause.from <= now && now < pause.until.value_or(Instant::max());
  });
  const Instant until = history.done.value_or(now);
  const Instant since = std::max(state.route.back().since, history.begun);
  result.custodian_days = until > since ? counting.used(since, until) : 0;
  return result;
}

std::optional<Instant> next_deadline(const CaseState& state, std::span<const CaseEvent> events,
                                     const ClockPolicy& policy, const WorkCalendar& calendar,
                                     Instant now) {
  if (!state.has_opened()) return std::nullopt;
  const History history(state, events);
  const Counting counting(history, zone_of_case(state), calendar, now);
  std::optional<Instant> next;
  for (const Span& span : spans_of(history, state.case_class, policy)) {
    if (!span.binds()) continue;
    const Instant due = counting.due(span);
    next = std::min(next.value_or(due), due);
  }
  return next;
}

Urgency urgency_of(const Clock& clock, const CaseClocks& clocks, const WorkCalendar& calendar,
                   Instant now) {
  if (clock.stopped) return *clock.stopped <= clock.due ? Urgency::kMet : Urgency::kMissed;
  if (now >= clock.due) return Urgency::kOverdue;
  if (clocks.paused) return Urgency::kPaused;
  const LocalDay last = day_of(clock.due - Duration{1}, clocks.zone);
  const auto left = calendar.between(day_of(now, clocks.zone), last, [](LocalDay) { return true; });
  return left == 0 ? Urgency::kAtRisk : Urgency::kRunning;
}

}  // namespace simpul
