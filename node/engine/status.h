// What `status` tells: who this node is, what it holds, what waits and why.
#pragma once

#include "node/engine/author.h"
#include "node/engine/case_files.h"
#include "node/engine/membership.h"
#include "node/engine/peers.h"
#include "node/engine/step.h"

namespace simpul {

struct StatusSources {
  const Membership& membership;
  const Author& author;
  const CaseFiles& files;
  Peers& peers;
  const std::map<MemberId, DialState>& dials;
  bool recovering = false;
};

Json status_json(Step& step, const StatusSources& sources);

}  // namespace simpul
