// What this version knows of each kind of event. Private to this folder's sources.
#pragma once

#include "protocol/event.h"

namespace simpul {

enum class Naming { kNone, kMay, kMust };

struct KindRule {
  EventKind kind;
  const char* name;
  bool changes_state;
  bool about_case;  // it has a case id; the others have none
  Naming names;     // of a member that it brings into the audience, in its envelope
};

// nullptr for a kind that this version does not know, kinds reserved for later included.
const KindRule* rule_of(EventKind kind);

}  // namespace simpul
