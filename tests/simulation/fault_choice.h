// Which faults may happen in a run. Each occurrence has a name, its kind and number, and the same
// name means the same fault in every run of a seed; so a broken run can be told in the few
// faults that it takes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace simpul::sim {

// "power-cut:3", the fourth of its kind.
inline std::string occurrence_name(const std::string& kind, std::uint64_t number) {
  return kind + ":" + std::to_string(number);
}

struct FaultChoice {
  std::set<std::string> without;              // kinds left out
  std::optional<std::set<std::string>> only;  // occurrences: these alone; nullopt: all

  bool allows(const std::string& kind, const std::string& occurrence) const {
    return !without.contains(kind) && (!only || only->contains(occurrence));
  }
};

}  // namespace simpul::sim
