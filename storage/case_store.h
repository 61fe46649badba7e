// Cases: which events each has, its row, and the indexes over rows. All of it but the audience can
// be wiped and built again from the journals, so it may lag behind them. A view on a transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "protocol/case_state.h"
#include "protocol/ids.h"
#include "storage/case_row.h"
#include "storage/environment.h"

namespace simpul {

// All that is set must match; empty ids and texts match everything.
struct CaseFilter {
  std::optional<CaseStatus> status;
  MemberId custodian, offeree, audience;
  std::string region, category;
  std::optional<Instant> due_before;    // CaseRow::due() earlier than this
  std::optional<Instant> timer_before;  // CaseRow::timer likewise
};

struct CasePage {
  std::vector<CaseRow> rows;
  Bytes next;  // hand it in again for what follows; empty: that was all
};

class CaseStore {
 public:
  // Entries looked at in one list() before it returns what it has, with a continuation.
  static constexpr std::size_t kEntriesExaminedMax = 20'000;

  explicit CaseStore(Transaction& transaction) : transaction_(&transaction) {}

  // Notes that an event belongs to a case. REQUIRES the journal to be known. Again: no change.
  void add(const CaseId& id, const EventPosition& position);
  // All events held of a case, decoded, with `disputed` as the journal heads say now.
  std::vector<CaseEvent> events_of(const CaseId& id) const;
  std::vector<EventPosition> positions_of(const CaseId& id) const;
  bool has_event(const CaseId& id, const EventPosition& position) const;

  std::optional<CaseRow> get(const CaseId& id) const;
  // Writes the row, and of its index entries and counts only what changed. Returns what was there.
  std::optional<CaseRow> put(const CaseRow& row);

  // Newest first (by first sight here); with due_before or timer_before, the most urgent first.
  CasePage list(const CaseFilter& filter, std::size_t limit, BytesView from = {}) const;
  // Cases per status, of one custodian or of each.
  std::map<CaseStatus, std::uint64_t> counts(const MemberId& custodian) const;
  std::map<MemberId, std::map<CaseStatus, std::uint64_t>> counts() const;
  // Cases forwarded whose answer was due before `now`, by who should have given it.
  std::map<MemberId, std::uint64_t> overdue_offers(Instant now) const;

  // Every case ever seen, in order of first sight, until the visitor returns false.
  void visit_ids(const std::function<bool(const CaseId&)>& visit) const;

  // Cases with a number past `after` (0: from the first), in order of first sight; at most `count`.
  std::vector<std::pair<std::uint64_t, CaseId>> ids_after(std::uint64_t after,
                                                          std::size_t count) const;

  // Members entitled beyond the origin, sorted. On the acknowledged path: kept apart from the row,
  // written only when it changes.
  std::vector<MemberId> audience(const CaseId& id) const;
  void put_audience(const CaseId& id, std::vector<MemberId> members);

  // Empties case events, rows, indexes and counts; then set indexed_through to 0 and index again.
  // Numbers and audiences stay.
  void wipe_index();
  // Builds indexes and counts again from the rows alone.
  void rebuild_from_rows();

 private:
  std::optional<std::uint64_t> number(const CaseId& id) const;
  std::uint64_t ensure_number(const CaseId& id);
  Transaction* transaction_;
};

}  // namespace simpul
