// The invariants by name, as README.md explains them.
#pragma once

namespace simpul::sim {

inline constexpr const char* kRecordedSurvives = "recorded-survives";
inline constexpr const char* kAcknowledgedSurvives = "acknowledged-survives";
inline constexpr const char* kUnchanged = "unchanged";
inline constexpr const char* kOnce = "once";
inline constexpr const char* kTimerOnce = "timer-once";
inline constexpr const char* kOneCustodian = "one-custodian";
inline constexpr const char* kStateAgrees = "state-agrees";
inline constexpr const char* kEntitledOnly = "entitled-only";
inline constexpr const char* kErasedEverywhere = "erased-everywhere";
inline constexpr const char* kCheckpointed = "checkpointed";
inline constexpr const char* kNobodyConvicted = "nobody-convicted";
inline constexpr const char* kForkProved = "fork-proved";
inline constexpr const char* kNoEffect = "no-effect";
inline constexpr const char* kBounded = "bounded";
inline constexpr const char* kNotRefused = "not-refused";
inline constexpr const char* kConvergence = "convergence";
inline constexpr const char* kOffersDelivered = "offers-delivered";
inline constexpr const char* kHubAgrees = "hub-agrees";

}  // namespace simpul::sim
