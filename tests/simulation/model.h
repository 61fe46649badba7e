// What a case is, told a second time: a plain, slow reading of protocol/SPEC.md, "Cases", written
// without a look at how the product folds, and sharing no code with it but value types. Where
// the two differ, one of them is wrong. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "protocol/event.h"
#include "protocol/roster.h"

namespace simpul::sim {

// One event as some node holds it.
struct Fact {
  EventHash hash;
  Event event;
};

// What must be the same everywhere.
struct CaseView {
  bool opened = false;
  std::string status;  // as the product names it
  MemberId custodian;
  EventHash token;
  std::vector<EventHash> tokens;   // of all epochs that count, in order
  std::optional<EventHash> offer;  // open
  MemberId offeree;                // of the open offer
  std::string privacy;
  std::set<MemberId> audience;  // hubs not counted
  std::uint64_t pending = 0;
  bool operator==(const CaseView&) const = default;
};

std::string describe(const CaseView& view);

// REQUIRES fewer events than the fold's limit of 4096, and none disputed.
CaseView naive_fold(const CaseId& id, const std::vector<Fact>& facts, const Roster& roster);

}  // namespace simpul::sim
