#include "node/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>

namespace simpul {
namespace {

struct LogSetup {
  std::shared_ptr<spdlog::logger> logger;
  LogOptions options;
};

std::shared_ptr<spdlog::logger> make_logger(const LogOptions& options) {
  auto logger = spdlog::stderr_logger_mt("simpul");
  spdlog::drop("simpul");
  const bool json = options.format == LogFormat::kJson;
  logger->set_pattern(json ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(options.level));
  logger->flush_on(spdlog::level::trace);
  return logger;
}

LogSetup& setup() {
  static LogSetup current{make_logger({}), {}};
  return current;
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// What a peer had a hand in must not begin a new line.
std::string on_one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return line;
}

std::string json_line(const char* level, std::string_view event, std::string_view text) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  nlohmann::ordered_json line;
  line["time_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  line["level"] = level;
  line["member"] = setup().options.member;
  line["event"] = event;
  line["text"] = text;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void set_up_log(const LogOptions& options) {
  setup() = {make_logger(options), options};
}

void log_event(LogLevel level, std::string_view event, std::string_view text) {
  const LogSetup& current = setup();
  const auto spdlog_level = level_of(level);
  if (!current.logger->should_log(spdlog_level)) return;
  if (current.options.format == LogFormat::kJson) {
    const auto name = spdlog::level::to_string_view(spdlog_level);
    current.logger->log(spdlog_level, "{}", json_line(name.data(), event, text));
  } else {
    current.logger->log(spdlog_level, "{}: {}", event, on_one_line(text));
  }
}

}  // namespace simpul
