#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "crypto/random.h"
#include "storage/store.h"
#include "tests/support/temp_store.h"

using namespace simpul;
using namespace simpul::test;

namespace {

const std::vector<std::string> kMembers = {"51", "51.03", "51.71", "kemenpanrb"};

MemberId any_member(SeededRandom& random) {
  return member(kMembers[random.below(kMembers.size())]);
}

CaseRow any_row(const CaseId& id, SeededRandom& random) {
  CaseRow row;
  row.id = id;
  row.origin = id.origin();
  row.status = static_cast<CaseStatus>(random.below(8));
  row.custodian = any_member(random);
  row.region = random.below(2) ? "51.03" : "51";
  row.category = random.below(2) ? "jalan" : "";
  row.updated_at = at(static_cast<std::int64_t>(random.below(100)));
  if (random.below(3) == 0)
    row.offer =
        CaseRow::OpenOffer{any_member(random), at(static_cast<std::int64_t>(random.below(100)))};
  if (random.below(2)) row.deadline = at(static_cast<std::int64_t>(random.below(100)) - 50);
  if (random.below(2)) row.timer = at(static_cast<std::int64_t>(random.below(100)));
  if (random.below(4) == 0) row.outcome = Outcome::kWithdrawn;
  row.audience = {any_member(random)};
  if (row.audience[0] != row.custodian) row.audience.push_back(row.custodian);
  std::sort(row.audience.begin(), row.audience.end());
  return row;
}

CaseFilter any_filter(SeededRandom& random) {
  CaseFilter filter;
  if (random.below(3) == 0) filter.status = static_cast<CaseStatus>(random.below(8));
  if (random.below(3) == 0) filter.custodian = any_member(random);
  if (random.below(5) == 0) filter.offeree = any_member(random);
  if (random.below(4) == 0) filter.audience = any_member(random);
  if (random.below(4) == 0) filter.region = "51.03";
  if (random.below(4) == 0) filter.category = "jalan";
  if (random.below(4) == 0) filter.due_before = at(static_cast<std::int64_t>(random.below(100)));
  if (random.below(4) == 0) filter.timer_before = at(static_cast<std::int64_t>(random.below(100)));
  return filter;
}

// The filter's meaning, said again in the plainest way.
bool wanted(const CaseFilter& filter, const CaseRow& row) {
  const auto has = [&](const MemberId& id) {
    return std::count(row.audience.begin(), row.audience.end(), id) > 0;
  };
  return (!filter.status || row.status == *filter.status) &&
         (filter.custodian.empty() || row.custodian == filter.custodian) &&
         (filter.offeree.empty() || (row.offer && row.offer->to == filter.offeree)) &&
         (filter.audience.empty() || has(filter.audience)) &&
         (filter.region.empty() || row.region == filter.region) &&
         (filter.category.empty() || row.category == filter.category) &&
         (!filter.due_before || (row.due() && *row.due() < *filter.due_before)) &&
         (!filter.timer_before || (row.timer && *row.timer < *filter.timer_before));
}

std::vector<CaseRow> list_all(const CaseStore& cases, const CaseFilter& filter,
                              std::size_t page_size) {
  std::vector<CaseRow> rows;
  Bytes from;
  do {
    CasePage page = cases.list(filter, page_size, from);
    rows.insert(rows.end(), page.rows.begin(), page.rows.end());
    from = page.next;
  } while (!from.empty());
  return rows;
}

// Rows in order of first sight.
using Model = std::vector<CaseRow>;

void check_against(const Model& model, const CaseStore& cases, SeededRandom& random) {
  for (int i = 0; i < 10; ++i) {
    const CaseFilter filter = any_filter(random);
    std::vector<CaseRow> expected;
    std::copy_if(model.rbegin(), model.rend(), std::back_inserter(expected),
                 [&](const CaseRow& row) { return wanted(filter, row); });
    if (filter.due_before && !filter.timer_before)
      std::stable_sort(expected.begin(), expected.end(),
                       [](const CaseRow& a, const CaseRow& b) { return *a.due() < *b.due(); });
    if (filter.timer_before)
      std::stable_sort(expected.begin(), expected.end(),
                       [](const CaseRow& a, const CaseRow& b) { return *a.timer < *b.timer; });
    RC_ASSERT(list_all(cases, filter, 1 + random.below(7)) == expected);
  }
  std::map<MemberId, std::map<CaseStatus, std::uint64_t>> counts;
  for (const CaseRow& row : model) ++counts[row.custodian][row.status];
  RC_ASSERT(cases.counts() == counts);
  std::map<MemberId, std::uint64_t> overdue;
  for (const CaseRow& row : model)
    if (row.status == CaseStatus::kForwarded && row.offer && row.offer->due < at(50))
      ++overdue[row.offer->to];
  RC_ASSERT(cases.overdue_offers(at(50)) == overdue);
}

Bytes opened_event(const JournalId& id, std::uint64_t index, const CaseId& case_id,
                   Random& random) {
  Event event;
  event.position = {id, index};
  event.kind = EventKind::kOpened;
  event.state_changing = true;
  event.time = at(1'700'000'000'000);
  event.case_id = case_id;
  event.body = Opened{Channel::kWeb, CaseClass::kComplaint, Privacy::kPublic, "51.03", "jalan"};
  return must(encode_event(event, random));
}

}  // namespace

TEST_CASE("lists and counts agree with a naive model under any changes",
          "[storage][case][property]") {
  rc::prop("index maintenance", [](std::uint32_t seed) {
    SeededRandom random(seed);
    TempStore temp;
    WriteTransaction transaction(temp.store.environment());
    CaseStore cases(transaction);
    Model model;
    const std::uint64_t steps = 1 + random.below(60);
    for (std::uint64_t step = 0; step < steps; ++step) {
      if (model.empty() || random.below(2)) {
        model.push_back(any_row(CaseId::make(any_member(random), random), random));
        cases.put(model.back());
      } else {
        CaseRow& row = model[random.below(model.size())];
        row = any_row(row.id, random);
        cases.put(row);
      }
    }
    check_against(model, cases, random);
    cases.rebuild_from_rows();
    check_against(model, cases, random);
    for (const CaseRow& row : model) RC_ASSERT(cases.get(row.id) == row);
    cases.wipe_index();
    check_against({}, cases, random);
    for (const CaseRow& row : model) cases.put(row);
    check_against(model, cases, random);
    RC_ASSERT(transaction.check().has_value());
  });
}

TEST_CASE("a row survives encoding, and rubbish does not decode", "[storage][case]") {
  SeededRandom random(3);
  for (int i = 0; i < 50; ++i) {
    CaseRow row = any_row(CaseId::make(any_member(random), random), random);
    row.postponed_until = at(-5);
    row.pending_count = 300;
    Bytes bytes = encode_case_row(row);
    CHECK(must(decode_case_row(bytes)) == row);
    bytes.pop_back();
    CHECK_FALSE(decode_case_row(bytes));
  }
  CHECK_FALSE(decode_case_row({}));
}

TEST_CASE("a row takes all that lists need from the folded state", "[storage][case]") {
  SeededRandom random(4);
  CaseState state;
  state.id = CaseId::make(member("51.03"), random);
  state.status = CaseStatus::kForwarded;
  state.custodian = member("51.03");
  state.offer = Offer{{}, member("51.03"), member("51"), at(50), false, {}};
  state.audience = {member("51.03"), member("51")};
  state.route.resize(2);
  state.void_count = 3;
  const CaseRow row = row_of(state);
  CHECK(row.origin == member("51.03"));
  CHECK(row.offer == CaseRow::OpenOffer{member("51"), at(50)});
  CHECK(row.audience == std::vector<MemberId>{member("51"), member("51.03")});
  CHECK(row.epochs == 2);
  CHECK(row.void_count == 3);
  CHECK(row.due() == at(50));
}

TEST_CASE("a case's events come decoded, disputed where their journal is", "[storage][case]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  Tables tables(transaction);
  SeededRandom random(5);
  const JournalId id = journal("51.03/1");
  const CaseId case_id = CaseId::make(member("51.03"), random);
  const CaseId other = CaseId::make(member("51.03"), random);
  Frontier frontier;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const Bytes event = opened_event(id, i, i == 2 ? other : case_id, random);
    const Digest leaf = leaf_hash(event);
    frontier.append(leaf, [](const TreeNode&) {});
    const BytesView view = event;
    tables.journals.append_run(id, i, {&view, 1}, {&leaf, 1}, frontier, "");
    tables.cases.add(i == 2 ? other : case_id, {id, i});
    tables.cases.add(i == 2 ? other : case_id, {id, i});
  }
  tables.journals.set_disputed_from(id, 3);
  const auto events = tables.cases.events_of(case_id);
  REQUIRE(events.size() == 3);
  CHECK(events[1].event.position == EventPosition{id, 1});
  CHECK(events[1].hash == leaf_hash(*tables.journals.event(id, 1)));
  CHECK_FALSE(events[1].disputed);
  CHECK(events[2].disputed);
  CHECK(tables.cases.positions_of(other) == std::vector<EventPosition>{{id, 2}});
  CHECK(tables.cases.has_event(other, {id, 2}));
  CHECK_FALSE(tables.cases.has_event(other, {id, 3}));
  std::vector<CaseId> seen;
  tables.cases.visit_ids([&](const CaseId& each) {
    seen.push_back(each);
    return true;
  });
  CHECK(seen == std::vector<CaseId>{case_id, other});
  CHECK(transaction.check());
}

TEST_CASE("an audience is kept sorted and without doubles", "[storage][case]") {
  TempStore temp;
  WriteTransaction transaction(temp.store.environment());
  CaseStore cases(transaction);
  SeededRandom random(6);
  const CaseId id = CaseId::make(member("51.03"), random);
  CHECK(cases.audience(id).empty());
  cases.put_audience(id, {member("kemenpanrb"), member("51"), member("51")});
  CHECK(cases.audience(id) == std::vector<MemberId>{member("51"), member("kemenpanrb")});
  cases.wipe_index();
  CHECK(cases.audience(id).size() == 2);
  cases.put_audience(id, {});
  CHECK(cases.audience(id).empty());
  CHECK(transaction.check());
}
