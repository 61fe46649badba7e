// What a published table was computed from, and of what: enough for anyone who holds the same
// journals to compute it again. As values and as JSON, which is never trusted. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "node/engine.h"
#include "protocol/league.h"
#include "protocol/merkle.h"

namespace simpul {

// {"by": "custodian", "from": "2026-01-01", "to": "2026-03-31"}: both days count, by WIB.
struct ReportSpec {
  LeagueBy by = LeagueBy::kCustodian;
  LocalDay from{}, to{};

  LeaguePeriod period() const;
  bool operator==(const ReportSpec&) const = default;
};
Json to_json(const ReportSpec& spec);
// Error::kMalformed names the argument; so does a period that ends before it begins.
Result<ReportSpec> report_spec(const Json& json);

// A journal up to a head. Events from `counted` on are of a disputed history: kept, never counting.
struct JournalCut {
  std::uint64_t size = 0;
  Digest root;
  std::uint64_t counted = 0;  // at most size
  bool operator==(const JournalCut&) const = default;
};

// {"federation", "roster": {"version", "hash": hex},
//  "journals": [{"journal", "size", "root": base64, "counted": only where less than size}]}
struct ReportBasis {
  static constexpr std::size_t kJournalsMax = 20'000;

  std::string federation;
  std::uint64_t roster_version = 0;
  Digest roster_hash;
  std::map<JournalId, JournalCut> journals;
  bool operator==(const ReportBasis&) const = default;
};
Json to_json(const ReportBasis& basis);
Result<ReportBasis> report_basis(const Json& json);

}  // namespace simpul
