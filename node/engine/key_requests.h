// Who asked for another signing key: the newest `key-rotated` of each member whose journal is held
// here. Stateless over the tables.
#pragma once

#include <optional>

#include "node/engine/step.h"

namespace simpul {

struct KeyRequest {
  EventPosition position;
  KeyRotated asked;
};

// An event `key-rotated` was recorded.
void take_key_request(Step& step, const EventPosition& position);

// What `member` asks and the roster has not confirmed; nullopt also where its journal is disputed.
std::optional<KeyRequest> open_key_request(Tables& tables, const Member& member);

}  // namespace simpul
