// Secondary indexes over case rows, as composite keys of one table, and the counts. Private to
// storage/*.cc.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "storage/case_row.h"
#include "storage/case_store.h"
#include "storage/key.h"

namespace simpul {

// The index entries of a row, sorted.
std::vector<Bytes> index_keys(const CaseRow& row, std::uint64_t number);

// Where to look for a filter's rows: the entries of one index, in the order of the answer.
struct IndexRange {
  Bytes prefix;
  Bytes end;                   // exclusive; empty: to the end of the prefix
  std::vector<Bytes> also_in;  // prefixes of other indexes that must have the case's number too
};
IndexRange range_of(const CaseFilter& filter);
std::uint64_t case_number_of_index(BytesView key);

// Of the index of offers that cases forwarded wait for.
struct OfferEntry {
  std::string_view to;
  Instant due{};
};
Bytes offers_prefix();
OfferEntry offer_of_index(BytesView key);

bool matches(const CaseFilter& filter, const CaseRow& row);

// Changes index and counts from what one row says to what the other says; either may be absent.
void update_index(Transaction& transaction, std::uint64_t number, const CaseRow* before,
                  const CaseRow* after);

}  // namespace simpul
