// What is erased of a case, and who holds it by law: protocol/SPEC.md, "Erasure". Pure.
#pragma once

#include <functional>

#include "tests/simulation/causality.h"

namespace simpul::sim {

struct ErasureView {
  std::map<EventHash, std::set<MemberId>> erasures;  // and who confirmed each
  std::set<EventHash> erased;
  std::set<MemberId> holders;
};

struct ErasureQuestion {
  const std::vector<Fact>& facts;
  const Causality& causality;
  MemberId origin;
  std::set<MemberId> participants;  // who may note something on the case
  std::function<bool(const Fact&)> sound;
  bool misses_unaware = false;  // a mutation, for the trial of bugs
};

ErasureView erasures_of(const ErasureQuestion& question);

}  // namespace simpul::sim
