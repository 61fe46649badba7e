// Whether a country that is whole again has come to agree: everyone's journal at every hub,
// every mailbox read, every case the same at all who are entitled to it, every offer delivered, no
// ciphertext held for who has it.
// Reads stores only; changes nothing.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

namespace simpul::sim {

struct Disagreement {
  const char* invariant;  // hub-agrees, offers-delivered or convergence
  std::string words;
};

// Who is left out, and what cannot be asked for.
struct Exceptions {
  const std::set<MemberId>& liars;
  // Cases with events of a journal after the point where its author forked it: not the same to all.
  std::function<bool(const CaseId&)> is_disputed;
  // Events of a case that cite what nobody ever wrote.
  std::function<std::uint64_t(const CaseId&)> pending_for_ever;
};

// What is not yet so among all but the liars; empty when all is. At most a few of each sort. What
// tells most comes first.
std::vector<Disagreement> disagreements(World& world, const Exceptions& exceptions);

}  // namespace simpul::sim
