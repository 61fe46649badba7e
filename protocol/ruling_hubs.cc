#include "protocol/ruling_hubs.h"

#include <utility>

namespace simpul {
namespace {

bool covers(const HeadRef& head, const EventPosition& position) {
  if (head.journal.member != position.journal.member) return false;
  return std::pair(position.journal.generation, position.index) <
         std::pair(head.journal.generation, head.size);
}

}  // namespace

std::optional<std::size_t> ruling_rank(const Roster& roster, const EventPosition& position) {
  for (std::size_t rank = 0; rank < roster.former_rulings.size(); ++rank) {
    if (covers(roster.former_rulings[rank], position)) return rank;
  }
  if (position.journal.member != roster.ruling_hub) return std::nullopt;
  return roster.former_rulings.size();
}

}  // namespace simpul
