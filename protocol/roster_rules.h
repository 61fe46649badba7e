// What must be so of a roster and of an enrolment request, whoever made them. Private to this
// folder's sources.
#pragma once

#include "protocol/intake.h"
#include "protocol/roster.h"

namespace simpul {

inline constexpr std::size_t kFederationSizeMax = 40;
inline constexpr std::size_t kSigningPeriodsMax = 64;  // per member
inline constexpr std::size_t kRevocationsMax = 64;     // per member
inline constexpr std::size_t kFormerRulingsMax = 64;   // per roster
inline constexpr std::size_t kRetiredKeysMax = 65536;  // per roster; half its size limit
inline constexpr Duration kPolicyDurationMax = std::chrono::hours{24 * 3660};
inline constexpr std::size_t kNonceSize = 16;

void check_roster(const Roster& roster, Intake& intake);
void check_enrolment(const EnrolmentRequest& request, Intake& intake);

}  // namespace simpul
