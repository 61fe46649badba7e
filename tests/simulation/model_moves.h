// Which of a custodian's events a case's status allows: the table of protocol/SPEC.md, "Cases".
// Pure.
#pragma once

#include <string>

#include "protocol/event.h"

namespace simpul::sim {

enum class Status {
  received,
  verified,
  progress,
  postponed,
  forwarded,
  referred,
  answered,
  closed
};

// As the product names it.
std::string text(Status status);
bool allows(Status status, EventKind kind);
bool is_custodians(EventKind kind);

}  // namespace simpul::sim
