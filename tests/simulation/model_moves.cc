#include "tests/simulation/model_moves.h"

#include <map>
#include <set>
#include <vector>

namespace simpul::sim {

std::string text(Status status) {
  static const std::vector<std::string> kNames{"received",  "verified", "in-progress", "postponed",
                                               "forwarded", "referred", "answered",    "closed"};
  return kNames[static_cast<std::size_t>(status)];
}

bool allows(Status status, EventKind kind) {
  using enum EventKind;
  static const std::map<Status, std::set<EventKind>> kTable{
      {Status::received,
       {kVerified, kAssigned, kPostponed, kForwarded, kReferred, kProgress, kAnswered, kClosed,
        kCorrected, kLinked}},
      {Status::verified,
       {kAssigned, kPostponed, kForwarded, kReferred, kProgress, kAnswered, kClosed, kCorrected,
        kLinked}},
      {Status::progress,
       {kAssigned, kPostponed, kForwarded, kReferred, kProgress, kAnswered, kClosed, kCorrected,
        kLinked}},
      {Status::postponed, {kResumed, kAnswered, kClosed, kCorrected, kLinked}},
      {Status::forwarded, {kRecalled, kReferred}},
      {Status::referred, {}},
      {Status::answered, {kForwarded, kProgress, kClosed, kCorrected, kLinked}},
      {Status::closed, {kReopened, kCorrected, kLinked}},
  };
  return kTable.at(status).contains(kind);
}

bool is_custodians(EventKind kind) {
  using enum EventKind;
  static const std::set<EventKind> kKinds{kVerified, kAssigned,  kPostponed, kResumed,  kForwarded,
                                          kRecalled, kReferred,  kProgress,  kAnswered, kClosed,
                                          kReopened, kCorrected, kLinked};
  return kKinds.contains(kind);
}

}  // namespace simpul::sim
