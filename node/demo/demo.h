// `simpul demo`: a whole federation on this machine, made of this very program. Nine processes
// with their own data folders enrol, work cases and are looked at; every figure shown is what
// the nodes answer. Single-threaded; call once per process, before other threads start.
#pragma once

#include <cstdint>
#include <string>

namespace simpul {

struct DemoOptions {
  bool once = false;                // end when all is shown, instead of running until Ctrl-C
  std::string directory;            // empty: $XDG_RUNTIME_DIR/simpul-demo or /tmp/simpul-demo-UID
  unsigned rate_per_minute = 20;    // cases opened while it runs on; 1 to 600
  std::string language = "id";      // "id" or "en"
  bool quiet = false;               // results only, neither steps nor story
  std::uint64_t seed = 20'250'820;  // what the traffic is drawn from
};

// The exit code: 0 when everything was verified and ended well, 1 when not, 2 for options that
// are wrong, 130 when a signal ended it early. Prints what is wrong on standard error.
int run_demo(const DemoOptions& options);

}  // namespace simpul
