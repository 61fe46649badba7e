// Turns wire values into checked ones and remembers the first that was wrong, so that a
// decoder reads as a list of fields. Private to this folder's sources.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/event.h"

namespace simpul {

// The last millisecond of the year 9999: times past it are refused, so sums cannot overflow.
inline constexpr std::int64_t kInstantMax = 253'402'300'799'999;

bool is_code(std::string_view text);  // [a-z0-9._-]{1,kCodeSizeMax}

class Intake {
 public:
  // Each takes `what` the value is, for the error; it must be a literal.
  void require(bool good, const char* what) {
    if (!good && wrong_ == nullptr) wrong_ = what;
  }
  std::string code(std::string_view text, const char* what);
  MemberId member(std::string_view text, const char* what);
  MemberId member_or_none(std::string_view text, const char* what);
  CaseId case_or_none(std::string_view text, const char* what);
  Instant instant(std::int64_t milliseconds, const char* what);

  template <class Enum>
  Enum choice(std::uint8_t number, Enum last, const char* what) {
    require(number <= static_cast<std::uint8_t>(last), what);
    return static_cast<Enum>(number);
  }

  // 32 bytes that are not all zero, as a digest or a key.
  template <class Value>
  Value set(const Value& value, const char* what) {
    require(!value.is_zero(), what);
    return value;
  }

  bool good() const { return wrong_ == nullptr; }
  std::unexpected<Error> error(const char* of) const {
    SIMPUL_CHECK(wrong_ != nullptr);
    return fail(ErrorCode::kMalformed, std::string(of) + ": " + wrong_);
  }

 private:
  const char* wrong_ = nullptr;
};

}  // namespace simpul
