// Looks through everything that is stored, for damage that opening the database does not show.
#pragma once

#include <stop_token>

#include "crypto/result.h"
#include "storage/environment.h"

namespace simpul {

// Reads every entry of every table, proves every journal against its head and every enclosure held
// whole against its root. Error::kStorage names what is damaged. In short read transactions, so
// that the writer goes on meanwhile; takes as long as it takes to read and hash all. Ends early,
// and finds nothing, when a stop is requested. Damaged pages may make LMDB end the process.
Result<void> check_data(Environment& environment, const std::stop_token& stop);

}  // namespace simpul
