#include "node/demo/agreement.h"

#include <array>
#include <map>

#include "node/demo/interrupt.h"
#include "node/demo/seats.h"

namespace simpul {
namespace {

using Rows = std::map<std::string, Json>;  // by case

constexpr std::chrono::seconds kLimit{30};
constexpr std::chrono::milliseconds kLookAgain{250};
constexpr std::array kCompared = {"status",   "custodian", "origin",   "region",  "category",
                                  "privacy",  "epochs",    "declines", "unit",    "reopened",
                                  "referred", "pending",   "void",     "outcome", "offer"};

Result<Rows> rows_of(DemoFederation& federation, const std::string& member) {
  Rows rows;
  Json arguments = {{"limit", 1'000}};
  for (;;) {
    SIMPUL_TRY(page, federation.ask(member, "case.list", arguments));
    for (Json& row : page["cases"]) {
      std::string id = row["case"];
      rows[std::move(id)] = std::move(row);
    }
    if (!page.contains("next")) return rows;
    arguments["from"] = page["next"];
  }
}

// What differs, in words; empty when nothing does.
std::string difference(const Json& ours, const Json& theirs) {
  for (const char* name : kCompared) {
    const Json here = ours.value(name, Json()), there = theirs.value(name, Json());
    if (here != there) {
      return std::string(name) + " is " + there.dump() + ", at the hub " + here.dump();
    }
  }
  return "";
}

class Comparison {
 public:
  explicit Comparison(DemoFederation& federation) : federation_(federation) {}

  // The first difference, or empty.
  Result<std::string> look() {
    SIMPUL_TRY(hub, rows_of(federation_, kHubSeat));
    found_ = {.cases = hub.size(), .compared = 0};
    std::map<std::string, Rows> members;
    for (const Seat& seat : seats()) {
      if (seat.kind == MemberKind::kHub) continue;
      SIMPUL_TRY(rows, rows_of(federation_, seat.id));
      for (const auto& [id, row] : rows) {
        if (!hub.contains(id)) return called(seat.id) + " has " + id + ", the hub has not";
      }
      members[seat.id] = std::move(rows);
    }
    for (const auto& [id, row] : hub) {
      SIMPUL_TRY(audience, federation_.ask(kHubSeat, "case.show", {{"case", id}}));
      for (const Json& entry : audience["audience"]) {
        const std::string member = entry["member"];
        if (member == kHubSeat) continue;
        const auto held = members[member].find(id);
        if (held == members[member].end()) return called(member) + " has not " + id;
        const std::string differs = difference(row, held->second);
        if (!differs.empty()) return called(member) + ", " + id + ": " + differs;
        ++found_.compared;
      }
    }
    return std::string();
  }

  const Agreement& found() const { return found_; }

 private:
  DemoFederation& federation_;
  Agreement found_;
};

}  // namespace

Result<Agreement> reach_agreement(DemoFederation& federation) {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  for (;;) {
    Comparison comparison(federation);
    SIMPUL_TRY(differs, comparison.look());
    if (differs.empty()) return comparison.found();
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorCode::kConflict, "the nodes do not agree after " +
                                            std::to_string(kLimit.count()) + " s: " + differs);
    }
    SIMPUL_TRY_VOID(rest(kLookAgain));
  }
}

}  // namespace simpul
