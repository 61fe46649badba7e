// Each reading of a text or file by a person at this node is recorded before it is shown
// (storage/access_store.h). What an answer to a query opens is told by the answer itself.
#pragma once

#include <string>
#include <vector>

#include "node/engine.h"
#include "storage/access_store.h"

namespace simpul {

// The command of the engine that records; nobody outside may give it.
inline constexpr const char* kRecordAccess = "access.record";

// Its arguments for what `answer` of the query `name` shows opened; null where it opens nothing.
// Such are entries of "texts" and "reasons" whose state is "open", of the case around them.
Json opened_by(const std::string& name, const Json& answer, const std::string& reader);

// The records that such arguments stand for. Error::kMalformed.
Result<std::vector<AccessRecord>> access_records(const Json& arguments, Instant now);

}  // namespace simpul
