// `simpul run`: builds a node from its home and keeps it going until a signal. The only place
// where the engine meets the real clock, the kernel's randomness, sockets and signals.
//
// Threads: the caller's waits for signals; one is the engine's; the transport has its own; one
// accepts control connections, and each of those has one.
#pragma once

#include <string>

#include "node/passphrase.h"

namespace simpul {

struct DaemonOptions {
  std::string home;
  PassphraseSource passphrase;
  std::string software = "simpul";  // name and version, told to peers
};

// Returns after SIGTERM or SIGINT when everything is answered, flushed and closed. A second
// signal ends the process at once with status 130. Prints "ready member=... endpoint=...
// pid=..." on standard output when the node listens and its data is open.
Result<void> run_daemon(const DaemonOptions& options);

}  // namespace simpul
