// Makes and verifies league tables by asking a node for their parts, one after the other: memory is
// bounded by the rows, no answer takes long, and whoever waits sees how far it is. Owns no thread
// and reads no clock; whatever `ask` reaches must outlive the call.
#pragma once

#include <functional>
#include <string_view>

#include "node/report/table.h"

namespace simpul {

struct ReportOptions {
  // Executes a query at the node.
  std::function<Result<Json>(const std::string& name, const Json& arguments)> ask;
  std::size_t cases_per_part = 250;
  // Of how many cases so many are counted; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = {};
};

// The table (table.h) of what the node holds now. The same under the same heads, whenever it is
// made. Error::kConflict when the node came to judge a journal otherwise meanwhile.
Result<Json> make_report(const ReportSpec& spec, const ReportOptions& options);

// Whether a published table is what the node's own journals say up to exactly its heads.
//   {"verified": bool, "verdict": "agrees" | "differs" | "cannot be judged", "by", "from", "to",
//    "rows": n, "journals": n, "roster", "differences": [...], "differing": n,
//    "problems": [{"journal" or "roster", "why"}], "uncovered": [journals held here besides]}
// At most kDifferencesShown differences are named. Errors: as read_report, and the node's.
inline constexpr std::size_t kDifferencesShown = 100;
Result<Json> verify_report(std::string_view file, const ReportOptions& options);

}  // namespace simpul
