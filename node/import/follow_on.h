// The follow-ons of a record: requests that another agency was given out of this one. Pairs what
// was created with what was closed, and puts them in an order in which custody can pass. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/import/agency_map.h"
#include "node/import/open311.h"

namespace simpul {

struct FollowOn {
  std::string id;
  std::size_t occurrence = 1;  // of this id in the record
  std::string agency;
  MemberId member;  // who the agency is here
  Instant created{};
  std::string created_text;
  std::optional<Instant> closed;
  std::string closed_text;
};

// Those that can be replayed, in the order in which they are. Adds to `problems` what was left
// out or put elsewhere.
std::vector<FollowOn> follow_ons_of(const Open311Record& record, const MemberId& origin,
                                    const AgencyMap& mapping, std::vector<ImportProblem>& problems);

}  // namespace simpul
