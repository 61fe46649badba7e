// Proves a journal against its own head: for backups, after a restore, and when damage is
// suspected.
#pragma once

#include "crypto/result.h"
#include "protocol/ids.h"
#include "storage/environment.h"

namespace simpul {

// Hashes every event held in order and compares the root with the head's; reads the whole journal.
// Error::kNotFound for a journal not seen, kStorage when an event is missing or altered; the
// message says what to do. Events held beyond a gap are not covered.
Result<void> check_journal(Transaction& transaction, const JournalId& journal);

// The same for all journals; the first that fails.
Result<void> check_journals(Transaction& transaction);

}  // namespace simpul
