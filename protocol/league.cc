#include "protocol/league.h"

#include <algorithm>
#include <unordered_map>

#include "protocol/case_status.h"
#include "protocol/clock_history.h"

namespace simpul {
namespace {

constexpr std::array<LeagueColumn, 8> kColumns{{{"received", &LeagueTally::received},
                                                {"answered", &LeagueTally::answered},
                                                {"closed", &LeagueTally::closed},
                                                {"on_time", &LeagueTally::on_time},
                                                {"late", &LeagueTally::late},
                                                {"overdue", &LeagueTally::overdue},
                                                {"declined", &LeagueTally::declined},
                                                {"reopened", &LeagueTally::reopened}}};

constexpr std::array<const char*, 3> kByNames{"custodian", "region", "category"};

// What is published of a category: of a confidential case only the topmost part.
std::string shown_category(const std::string& category, Privacy privacy) {
  return privacy == Privacy::kConfidential ? category.substr(0, category.find('.')) : category;
}

// One case on its way into a league.
class Entrant {
 public:
  Entrant(const CaseState& state, std::span<const CaseEvent> events, const LeaguePeriod& period)
      : state_(state), period_(period), history_(clock_history(state, events, period.until)) {
    std::unordered_map<EventHash, const Event*> by_hash;
    for (const CaseEvent& held : events) by_hash[held.hash] = &held.event;
    for (const Judged& judged : state.events) {
      const auto found = by_hash.find(judged.hash);
      const bool counts = judged.verdict == Verdict::kEffective && found != by_hash.end() &&
                          moment_of(*found->second) < period.until;
      if (counts) take(*found->second);
    }
    take_route();
  }

  // By member who did it. `of` the case as a whole: what it adds to rows that are not members.
  std::map<MemberId, LeagueTally> shares(LeagueTally& of, const ClockPolicy& policy,
                                         const WorkCalendar& calendar) {
    take_clocks(policy, calendar);
    of = std::move(whole_);
    return std::move(shares_);
  }

  const std::string& region() const { return region_; }
  std::string category() const { return shown_category(category_, state_.privacy); }

 private:
  bool is_within(Instant at) const { return period_.from <= at && at < period_.until; }

  // Once for a member and once for the case, however often it happened.
  void mark(const MemberId& member, std::uint64_t LeagueTally::*count) {
    shares_[member].*count = 1;
    whole_.*count = 1;
  }

  void take(const Event& event) {
    const Instant at = moment_of(event);
    const MemberId& author = event.position.journal.member;
    if (const auto* opened = std::get_if<Opened>(&event.body)) {
      region_ = opened->region;
      category_ = opened->category;
      class_ = opened->case_class;
      if (is_within(at)) whole_.received = 1;
    } else if (const auto* corrected = std::get_if<Corrected>(&event.body)) {
      correct(*corrected);
    } else if (event.kind == EventKind::kAnswered) {
      if (!answered_) answered_.emplace(author, at);
      if (is_within(at)) mark(author, &LeagueTally::answered);
    } else if (event.kind == EventKind::kClosed) {
      if (is_within(at)) mark(author, &LeagueTally::closed);
    } else if (event.kind == EventKind::kReopened) {
      if (is_within(at)) mark(author, &LeagueTally::reopened);
    } else if (event.kind == EventKind::kDeclined && is_within(at)) {
      ++shares_[author].declined;
      ++whole_.declined;
    }
  }

  void correct(const Corrected& corrected) {
    if (corrected.field == CorrectedField::kRegion) region_ = corrected.value;
    if (corrected.field == CorrectedField::kCategory) category_ = corrected.value;
    if (corrected.field == CorrectedField::kClass) {
      class_ = case_class_of(corrected.value).value_or(class_);
    }
  }

  void take_route() {
    for (const Epoch& epoch : state_.route) {
      if (epoch.since >= period_.until) continue;
      custodian_ = epoch.custodian;
      if (is_within(epoch.since)) shares_[epoch.custodian].received = 1;
    }
  }

  void take_clocks(const ClockPolicy& policy, const WorkCalendar& calendar) {
    const DayCount days(history_, zone_of_case(state_), calendar, period_.until);
    for (const ClockSpan& span : clock_spans(history_, class_, policy)) {
      if (span.stage != Stage::kComplete) continue;
      const Instant due = days.due(span);
      if (!span.stopped && due <= period_.until) mark(custodian_, &LeagueTally::overdue);
      if (span.stopped && is_within(*span.stopped)) {
        mark(custodian_, *span.stopped <= due ? &LeagueTally::on_time : &LeagueTally::late);
      }
    }
    if (!answered_ || !is_within(answered_->second)) return;
    const std::uint32_t used = days.used(history_.opened, answered_->second);
    shares_[answered_->first].answer_days[used] = 1;
    whole_.answer_days[used] = 1;
  }

  const CaseState& state_;
  const LeaguePeriod& period_;
  const ClockHistory history_;
  std::string region_, category_;
  CaseClass class_ = CaseClass::kComplaint;
  MemberId custodian_;
  std::optional<std::pair<MemberId, Instant>> answered_;
  std::map<MemberId, LeagueTally> shares_;
  LeagueTally whole_;
};

}  // namespace

const char* name_of(LeagueBy by) {
  return kByNames[static_cast<std::size_t>(by)];
}

std::optional<LeagueBy> league_by_of(std::string_view name) {
  const auto found = std::ranges::find(kByNames, name);
  if (found == kByNames.end()) return std::nullopt;
  return static_cast<LeagueBy>(found - kByNames.begin());
}

std::span<const LeagueColumn> league_columns() {
  return kColumns;
}

LeagueTally& LeagueTally::operator+=(const LeagueTally& other) {
  for (const LeagueColumn& column : kColumns) this->*column.count += other.*column.count;
  for (const auto& [days, cases] : other.answer_days) answer_days[days] += cases;
  return *this;
}

std::optional<std::uint32_t> answered_within(const LeagueTally& tally, unsigned percent) {
  std::uint64_t all = 0, so_far = 0;
  for (const auto& [days, cases] : tally.answer_days) all += cases;
  for (const auto& [days, cases] : tally.answer_days) {
    so_far += cases;
    if (so_far * 100 >= all * percent) return days;
  }
  return std::nullopt;
}

void add_to_league(League& league, const CaseState& state, std::span<const CaseEvent> events,
                   LeagueBy by, const LeaguePeriod& period, const ClockPolicy& policy,
                   const WorkCalendar& calendar) {
  if (!state.has_opened() || state.opened_at >= period.until) return;
  Entrant entrant(state, events, period);
  LeagueTally whole;
  const auto shares = entrant.shares(whole, policy, calendar);
  if (!whole.empty()) league[kTotalRow] += whole;
  if (by == LeagueBy::kCustodian) {
    for (const auto& [member, share] : shares) {
      if (!share.empty()) league[member.text()] += share;
    }
  } else if (!whole.empty()) {
    const std::string row = by == LeagueBy::kRegion ? entrant.region() : entrant.category();
    league[row.empty() ? "-" : row] += whole;
  }
}

}  // namespace simpul
