#include "node/engine/case_files.h"

#include <algorithm>
#include <utility>

#include "protocol/deadlines.h"
#include "protocol/timers.h"

namespace simpul {
namespace {

// Whether the same members are entitled to the same enclosures: what entitlement.h goes by.
bool entitles_alike(const CaseRow& left, const CaseRow& right) {
  return left.custodian == right.custodian && left.offer == right.offer &&
         left.privacy == right.privacy && left.audience == right.audience;
}

CaseRow row_with_times(const Step& step, const CaseFile& file) {
  const Policy& policy = step.roster.policy;
  CaseRow row = row_of(file.state);
  const WorkCalendar calendar(policy.days_off);
  row.deadline = next_deadline(file.state, file.events, policy.clocks, calendar, step.now);
  const auto timer =
      next_timer(file.state, file.events, policy, calendar, step.now, step.self.member);
  if (timer) row.timer = timer->due;
  return row;
}

}  // namespace

void CaseFiles::load(Tables& tables, Instant now) {
  tail_.clear();
  lag_ = 0;
  since_.reset();
  std::vector<Arrival> runs;
  tables.arrivals.scan(tables.arrivals.indexed_through(), [&](std::uint64_t, const Arrival& run) {
    runs.push_back(run);
    return true;
  });
  for (const Arrival& run : runs) {
    for (std::uint64_t index = run.first; index < run.first + run.count; ++index) {
      const auto bytes = tables.journals.event(run.journal, index);
      if (!bytes) continue;
      const auto envelope = decode_envelope(*bytes);
      if (envelope && !envelope->case_id.empty()) {
        note(envelope->case_id, envelope->position, leaf_hash(*bytes), now);
      }
    }
  }
}

void CaseFiles::note(const CaseId& id, const EventPosition& position, const EventHash& hash,
                     Instant now) {
  tail_[id.text()].push_back({position, hash});
  ++lag_;
  if (!since_) since_ = now;
}

CaseFile CaseFiles::open(Tables& tables, const CaseId& id, const Roster& roster) const {
  CaseFile file;
  file.events = tables.cases.events_of(id);
  if (const auto tail = tail_.find(id.text()); tail != tail_.end()) {
    std::optional<JournalHead> head;
    for (const Entry& entry : tail->second) {
      const JournalId& journal = entry.position.journal;
      if (!head || head->id != journal) head = tables.journals.bare_head(journal);
      const auto bytes =
          head ? tables.journals.event(head->number, entry.position.index) : std::nullopt;
      auto event = bytes ? decode_event(*bytes) : fail(ErrorCode::kNotFound, "");
      if (!event) continue;
      file.events.push_back({entry.hash, std::move(*event), head->disputed(entry.position.index)});
    }
  }
  file.state = fold_case(id, file.events, roster);
  return file;
}

void CaseFiles::index(Step& step, std::size_t events_max,
                      const std::function<void(const CaseFile&)>& visit) {
  struct Due {
    CaseId id;
    std::vector<EventHash> fresh;
  };
  std::vector<Due> due;
  std::size_t taken = 0;
  while (!tail_.empty() && taken < events_max) {
    const auto node = tail_.extract(tail_.begin());
    taken += node.mapped().size();
    const auto id = CaseId::parse(node.key());
    SIMPUL_CHECK(id);
    due.push_back({*id, {}});
    for (const Entry& entry : node.mapped()) {
      due.back().fresh.push_back(entry.hash);
      // Its envelope was read when it came; a body that cannot be read is kept in its journal and
      // counts nowhere.
      const auto bytes = step.tables.journals.event(entry.position.journal, entry.position.index);
      if (bytes && decode_event(*bytes)) {
        step.tables.cases.add(*id, entry.position);
      } else {
        step.log(LogLevel::kWarning, "event-unreadable",
                 entry.position.text() + " is malformed: it does not count in " + id->text());
      }
    }
  }
  lag_ -= taken;
  if (tail_.empty()) {
    since_.reset();
    step.tables.arrivals.set_indexed_through(step.tables.arrivals.end());
  }
  for (Due& each : due) visit(refold(step, each.id, std::move(each.fresh)));
}

CaseFile CaseFiles::refold(Step& step, const CaseId& id) {
  CaseFile file = open(step.tables, id, step.roster);
  step.tables.cases.put(row_with_times(step, file));
  return file;
}

CaseFile CaseFiles::refold(Step& step, const CaseId& id, std::vector<EventHash> fresh) {
  CaseFile file = open(step.tables, id, step.roster);
  const CaseRow row = row_with_times(step, file);
  const auto before = step.tables.cases.put(row);
  std::ranges::sort(fresh);
  file.arrived = std::move(fresh);
  if (before && entitles_alike(*before, row)) file.fresh = file.arrived;
  return file;
}

}  // namespace simpul
