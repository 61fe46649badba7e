// Who takes part in the demo: the hub, six pilots of the first phase and two ministries.
#pragma once

#include <string>
#include <vector>

#include "protocol/roster.h"

namespace simpul {

struct Seat {
  const char* id;
  MemberKind kind;
  const char* name;        // in full, as in the roster
  const char* short_name;  // for narrow columns
  bool listens;            // others may link to it directly, beside the hub
};

inline constexpr const char* kHubSeat = "lapor";

// The hub first.
const std::vector<Seat>& seats();
// REQUIRES an id of one of them.
const Seat& seat_of(const std::string& id);
// "Badung (51.03)"; an id nobody has stays as it is.
std::string called(const std::string& id);

}  // namespace simpul
