#include "protocol/clock_history.h"

#include <algorithm>
#include <unordered_map>

#include "protocol/custody.h"

namespace simpul {
namespace {

class Historian {
 public:
  explicit Historian(std::optional<Instant> closed_at) : closed_at_(closed_at) {}

  ClockHistory told() && { return std::move(history_); }

  void take(const Event& event) {
    const Instant at = moment_of(event);
    switch (event.kind) {
      case EventKind::kOpened:
        history_.opened = history_.begun = at;
        history_.opening_logged = event.time;
        return;
      case EventKind::kVerified:
        return see(history_.verified, at);
      case EventKind::kPostponed:
        return pause(std::get<Postponed>(event.body), at);
      case EventKind::kResumed:
        return end_pause(at);
      case EventKind::kProgress:
        see(history_.verified, at);
        see(history_.worked, at);
        return work_again();
      case EventKind::kAnswered:
        answer(at);
        history_.answered = at;
        history_.replied.reset();
        return;
      case EventKind::kClosed:
        answer(at);
        see(history_.replied, at);
        expired_ = std::get<Closed>(event.body).outcome == Outcome::kExpired;
        return;
      case EventKind::kReopened:
        return begin_again(at);
      case EventKind::kReporterReplied:
        see(history_.replied, at);
        if (expired_ && !closed_at_) begin_again(at);
        return;
      case EventKind::kAccepted:
        end_pause(at);
        return work_again();
      case EventKind::kRuled:
        end_pause(at);
        return by_appeal(event) ? begin_again(at) : work_again();
      default:
        return;
    }
  }

 private:
  static void see(std::optional<Instant>& first, Instant at) {
    if (!first) first = at;
  }
  void answer(Instant at) {
    see(history_.verified, at);
    see(history_.worked, at);
    see(history_.done, at);
    end_pause(at);
  }
  void work_again() {
    history_.done.reset();
    history_.answered.reset();
  }
  static bool by_appeal(const Event& ruling) {
    return std::get<Ruled>(ruling.body).ground == kAppealGround;
  }
  void begin_again(Instant at) {
    history_.begun = at;
    expired_ = false;
    work_again();
  }
  void pause(const Postponed& postponed, Instant at) {
    Pause pause{at, {}};
    if (postponed.until > at) pause.until = postponed.until;
    history_.pauses.push_back(pause);
  }
  // It may have ended by itself before.
  void end_pause(Instant at) {
    if (history_.pauses.empty()) return;
    auto& until = history_.pauses.back().until;
    until = until ? std::min(*until, at) : at;
  }

  ClockHistory history_;
  std::optional<Instant> closed_at_;
  bool expired_ = false;
};

}  // namespace

ClockHistory clock_history(const CaseState& state, std::span<const CaseEvent> events,
                           Instant until) {
  std::unordered_map<EventHash, const Event*> by_hash;
  for (const CaseEvent& held : events) by_hash[held.hash] = &held.event;
  Historian historian(state.closed_at);
  for (const Judged& judged : state.events) {
    const auto found = by_hash.find(judged.hash);
    const bool counts = judged.verdict == Verdict::kEffective && found != by_hash.end() &&
                        moment_of(*found->second) < until;
    if (counts) historian.take(*found->second);
  }
  return std::move(historian).told();
}

TimeZone zone_of_case(const CaseState& state) {
  const MemberId origin = state.id.origin();
  return origin.is_region() ? zone_of(origin) : zone_of_region(state.region);
}

std::vector<ClockSpan> clock_spans(const ClockHistory& history, CaseClass of,
                                   const ClockPolicy& policy) {
  std::vector<ClockSpan> spans{{Stage::kVerify, policy.verify, history.opened, history.verified}};
  if (history.verified) {
    spans.push_back({Stage::kFollowUp, policy.follow_up, *history.verified, history.worked});
  }
  spans.push_back({Stage::kComplete, limit_of(of, policy), history.begun, history.done});
  if (history.answered) {
    spans.push_back({Stage::kReply, policy.reply, *history.answered, history.replied});
  }
  return spans;
}

bool DayCount::operator()(LocalDay day) const {
  const Instant end = end_of(day, zone_);
  return std::ranges::none_of(history_.pauses, [&](const Pause& pause) {
    return pause.from < end && end <= pause.until.value_or(std::max(now_, pause.from));
  });
}

std::uint32_t DayCount::used(Instant from, Instant until) const {
  return calendar_.between(day_of(from, zone_), day_of(until, zone_), *this);
}

Instant DayCount::due(const ClockSpan& span) const {
  return end_of(calendar_.after(day_of(span.started, zone_), span.limit, *this), zone_);
}

}  // namespace simpul
