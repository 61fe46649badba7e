#include "node/engine/case_files.h"

#include <utility>

namespace simpul {

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
    for (const Entry& entry : tail->second) {
      const auto bytes = tables.journals.event(entry.position.journal, entry.position.index);
      auto event = bytes ? decode_event(*bytes) : fail(ErrorCode::kNotFound, "");
      if (!event) continue;
      const auto head = tables.journals.head(entry.position.journal);
      file.events.push_back(
          {entry.hash, std::move(*event), head && head->disputed(entry.position.index)});
    }
  }
  file.state = fold_case(id, file.events, roster);
  return file;
}

std::vector<CaseFile> CaseFiles::index(Step& step, std::size_t events_max) {
  std::vector<CaseFile> files;
  std::size_t taken = 0;
  while (!tail_.empty() && taken < events_max) {
    auto node = tail_.extract(tail_.begin());
    taken += node.mapped().size();
    const auto id = CaseId::parse(node.key());
    SIMPUL_CHECK(id);
    for (const Entry& entry : node.mapped()) {
      step.tables.cases.add(*id, entry.position, entry.hash);
    }
    files.push_back(refold(step, *id));
  }
  lag_ -= taken;
  if (tail_.empty()) {
    since_.reset();
    step.tables.arrivals.set_indexed_through(step.tables.arrivals.end());
  }
  return files;
}

CaseFile CaseFiles::refold(Step& step, const CaseId& id) {
  CaseFile file = open(step.tables, id, step.roster);
  step.tables.cases.put(row_of(file.state));
  return file;
}

}  // namespace simpul
