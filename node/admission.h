// Which transport keys may connect: the roster as the links see it. A value, built whole by
// whoever follows the roster and handed over as shared_ptr<const>; never changed afterwards,
// so any thread may read it.
#pragma once

#include <cstdint>
#include <set>

#include "crypto/keys.h"

namespace simpul {

enum class Standing : std::uint8_t {
  kMember,    // listed and in good standing
  kStranger,  // unlisted while enrolment is open: may connect, in small numbers, to enrol only
  kRefused,   // suspended, revoked or rejected; or unlisted while enrolment is closed
};

struct AdmissionTable {
  std::set<TransportKey> members;
  std::set<TransportKey> refused;  // wins over members
  bool enrolment_open = false;

  Standing standing(const TransportKey& key) const;
};

}  // namespace simpul
