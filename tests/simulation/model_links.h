// Links of a case, told a second time: protocol/SPEC.md, "Links". Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "protocol/event.h"

namespace simpul::sim {

struct ModelLink {
  EventHash hash;  // of the event that made it
  MemberId with;
};
// By what the case is to the other one.
using ModelLinks = std::map<std::pair<Relation, std::string>, ModelLink>;

bool may_link(const ModelLinks& standing, const CaseId& id, const Linked& link);
// REQUIRES may_link.
void link(ModelLinks& standing, const EventHash& hash, const Linked& link);

}  // namespace simpul::sim
