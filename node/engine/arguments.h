// Reading a command's arguments: each getter names the argument and what was expected, so a
// person can mend it.
#pragma once

#include <optional>
#include <string>

#include "node/engine.h"

namespace simpul {

class Arguments {
 public:
  explicit Arguments(const Json& json) : json_(json) {}

  bool has(const char* name) const;
  Result<std::string> text(const char* name) const;  // required, not empty
  std::string text_or(const char* name, std::string fallback) const;
  std::optional<std::int64_t> number(const char* name) const;
  bool flag(const char* name) const;
  Result<MemberId> member(const char* name) const;
  Result<CaseId> case_id(const char* name = "case") const;
  // RFC 3339 with Z or an offset, or milliseconds since 1970.
  Result<std::optional<Instant>> instant(const char* name) const;
  const Json& json() const { return json_; }

 private:
  const Json& json_;
};

std::string to_text(Instant instant);  // "2026-01-05T08:00:00.000Z"
Result<Instant> parse_instant(const std::string& text);

}  // namespace simpul
