// Who had seen what when writing: the events of one case, their citations followed to the end.
// A plain reading of protocol/SPEC.md, "Cases". Lives as long as the facts it was given.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "tests/simulation/model.h"

namespace simpul::sim {

class Causality {
 public:
  explicit Causality(const std::vector<Fact>& facts);

  // All that is held of the case, waits for nothing and is not disputed, in author order within
  // each member.
  const std::vector<const Fact*>& of(const MemberId& author) const;
  const std::vector<const Fact*>& all() const { return all_; }
  const Fact* find(const EventHash& hash) const;
  std::uint64_t pending() const { return pending_; }

  // Whether `later` cites `earlier`, directly or through what it cites.
  bool seen(const Fact& later, const EventHash& earlier) const;
  // Whether the author of a ruling knew of it: seen, or seen by an earlier event of its own.
  bool known(const Fact& ruling, const EventHash& earlier) const;
  // How many events it has seen.
  std::size_t depth(const Fact& fact) const;

 private:
  using Past = std::vector<std::uint64_t>;  // a bit for each event, by its number
  const Past& past(const Fact& fact) const;

  std::map<EventHash, const Fact*> by_hash_;
  std::map<MemberId, std::vector<const Fact*>> by_author_;
  std::vector<const Fact*> all_;
  std::uint64_t pending_ = 0;
  std::map<EventHash, std::size_t> numbers_;
  mutable std::map<EventHash, Past> pasts_;
};

}  // namespace simpul::sim
