// Which hub's word counts where: the ruling hub's, and those of former ones up to the heads that
// the roster names. One rule for rulings and settlements. Pure.
#pragma once

#include <optional>

#include "protocol/roster.h"

namespace simpul {

// The order in which what is said at `position` counts: former ruling hubs come before the present
// one, as the role moved. nullopt: whoever wrote there did not rule.
std::optional<std::size_t> ruling_rank(const Roster& roster, const EventPosition& position);

}  // namespace simpul
