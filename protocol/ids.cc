#include "protocol/ids.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace simpul {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_region_code(std::string_view text) {
  if (text.size() == 2) return is_digit(text[0]) && is_digit(text[1]);
  return text.size() == 5 && is_digit(text[0]) && is_digit(text[1]) && text[2] == '.' &&
         is_digit(text[3]) && is_digit(text[4]);
}

bool is_slug(std::string_view text) {
  if (text.size() < 2 || text.size() > MemberId::kSizeMax || !is_lower(text[0])) return false;
  if (text.back() == '-') return false;
  char before = 'a';
  for (const char c : text) {
    if (!is_lower(c) && !is_digit(c) && (c != '-' || before == '-')) return false;
    before = c;
  }
  return true;
}

// Decimal without sign or leading zeros, so that each number has one text.
template <class Number>
bool parse_number(std::string_view text, Number& out) {
  if (text.empty() || (text.size() > 1 && text[0] == '0') || !is_digit(text[0])) return false;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && stop == end;
}

}  // namespace

Result<MemberId> MemberId::parse(std::string_view text) {
  if (!is_region_code(text) && !is_slug(text)) {
    return fail(ErrorCode::kMalformed,
                "a member id is a region code such as 51 or 51.03, or 2 to 31 lower-case letters, "
                "digits and single inner hyphens that begin with a letter");
  }
  MemberId id;
  id.text_ = text;
  return id;
}

Result<JournalId> JournalId::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  JournalId id;
  if (slash == std::string_view::npos || !parse_number(text.substr(slash + 1), id.generation) ||
      id.generation == 0) {
    return fail(ErrorCode::kMalformed, "a journal id is MEMBER/GENERATION, such as 51.03/1");
  }
  SIMPUL_TRY(member, MemberId::parse(text.substr(0, slash)));
  id.member = std::move(member);
  return id;
}

std::string JournalId::text() const {
  return member.text() + "/" + std::to_string(generation);
}

Result<EventPosition> EventPosition::parse(std::string_view text) {
  const std::size_t mark = text.find('#');
  EventPosition position;
  if (mark == std::string_view::npos || !parse_number(text.substr(mark + 1), position.index)) {
    return fail(ErrorCode::kMalformed,
                "an event position is MEMBER/GENERATION#INDEX, such as 51.03/1#42");
  }
  SIMPUL_TRY(journal, JournalId::parse(text.substr(0, mark)));
  position.journal = std::move(journal);
  return position;
}

std::string EventPosition::text() const {
  return journal.text() + "#" + std::to_string(index);
}

}  // namespace simpul
