// The stored form of a journal's head. Private to storage/*.cc.
#pragma once

#include "crypto/result.h"
#include "storage/codec.h"
#include "storage/journal_store.h"

namespace simpul {

Bytes encode_head(const JournalHead& head);
// All but `number` and `checkpoint`, which stand elsewhere.
Result<JournalHead> decode_head(BytesView bytes);

}  // namespace simpul
