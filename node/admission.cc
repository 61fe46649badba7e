#include "node/admission.h"

namespace simpul {

Standing AdmissionTable::standing(const TransportKey& key) const {
  if (refused.contains(key)) return Standing::kRefused;
  if (members.contains(key)) return Standing::kMember;
  return enrolment_open ? Standing::kStranger : Standing::kRefused;
}

}  // namespace simpul
