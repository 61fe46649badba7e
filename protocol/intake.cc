#include "protocol/intake.h"

#include <algorithm>

namespace simpul {

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= kCodeSizeMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::string Intake::code(std::string_view text, const char* what) {
  if (is_code(text)) return std::string(text);
  require(false, what);
  return {};
}

MemberId Intake::member(std::string_view text, const char* what) {
  auto id = MemberId::parse(text);
  if (id) return *std::move(id);
  require(false, what);
  return {};
}

MemberId Intake::member_or_none(std::string_view text, const char* what) {
  return text.empty() ? MemberId() : member(text, what);
}

CaseId Intake::case_or_none(std::string_view text, const char* what) {
  if (text.empty()) return {};
  auto id = CaseId::parse(text);
  // Other spellings are for people: on the wire a case has one name.
  if (id && id->text() == text) return *std::move(id);
  require(false, what);
  return {};
}

Instant Intake::instant(std::int64_t milliseconds, const char* what) {
  require(milliseconds >= 0 && milliseconds <= kInstantMax, what);
  return Instant(Duration(good() ? milliseconds : 0));
}

}  // namespace simpul
