// The node's log on standard error: one line an event, for people or as JSON. An event has a
// short stable name to search for and a sentence. Thread-safe after set_up_log().
#pragma once

#include <string>
#include <string_view>

#include "node/config.h"
#include "node/engine.h"

namespace simpul {

struct LogOptions {
  std::string level = "info";
  LogFormat format = LogFormat::kText;
  std::string member;  // named in every JSON line
};

// Before the first log_event(), from one thread. Without it lines are text at info.
void set_up_log(const LogOptions& options);

void log_event(LogLevel level, std::string_view event, std::string_view text);

}  // namespace simpul
