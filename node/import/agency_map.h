// Which member each agency of a foreign city is here: the mapping file of an import. Every node
// must be given the same one, since case ids follow from it. Pure values; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "protocol/event.h"
#include "protocol/ids.h"

namespace simpul {

struct AgencyMap {
  std::string jurisdiction = "open311";      // tells two cities' request numbers apart
  Privacy privacy = Privacy::kPublic;        // of every case imported
  std::map<std::string, MemberId> agencies;  // by the exact name; others are unknown on purpose

  // Empty for an unknown agency.
  MemberId find(const std::string& agency) const;
};

// TOML, or JSON where it begins with "{":
//   jurisdiction = "city.example"      optional: 1 to 128 printable ASCII characters
//   privacy = "public"                 optional: public, anonymous or confidential
//   [agencies]
//   "Water Management" = "water"
// Error::kMalformed names the key and what is allowed.
Result<AgencyMap> read_agency_map(std::string_view text);

}  // namespace simpul
