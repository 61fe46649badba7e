// Names: members, journals, positions, cases, endpoints. What is accepted has one form, is within
// its limit, and agrees with a second, plain reading of the rules; a case id survives no change of
// one character.
#include "protocol/endpoint.h"
#include "protocol/roster.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool is_member_by_the_book(const std::string& text) {
  if (text.size() < 2 || text.size() > 31) return false;
  if (is_one_of(text[0], kDigits)) {
    std::string form = text;
    for (char& c : form) {
      if (is_one_of(c, kDigits)) c = '0';
    }
    return form == "00" || form == "00.00";
  }
  const std::string allowed = std::string(kLower) + std::string(kDigits) + "-";
  return is_one_of(text[0], kLower) && text.find_first_not_of(allowed) == std::string::npos &&
         text.find("--") == std::string::npos && text.back() != '-';
}

// The two fixed separators left out; weights from the right: 1, 2, 4, ... modulo 37; the sum is 1.
bool sums_up(const std::string& id) {
  std::string counted = id;
  counted.erase(id.size() - 5, 1).erase(id.size() - 10, 1);
  int sum = 0, weight = 1;
  for (std::size_t i = counted.size(); i-- > 0; weight = weight * 2 % 37) {
    const char c = counted[i];
    int value = 36;
    if (is_one_of(c, kDigits)) value = c - '0';
    if (c >= 'a' && c <= 'z') value = c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') value = c - 'A' + 10;
    sum = (sum + value * weight) % 37;
  }
  return sum == 1;
}

void check_single_changes(const std::string& id) {
  constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (std::size_t i = id.size() - 9; i < id.size(); ++i) {
    if (id[i] == '-') continue;
    for (const char c : kCrockford) {
      std::string changed = id;
      changed[i] = c;
      SIMPUL_CHECK(CaseId::parse(changed).has_value() == (c == id[i]));
    }
  }
}

}  // namespace

void fuzz_member_id(BytesView input) {
  const std::string text(as_text(input));
  const auto member = MemberId::parse(text);
  SIMPUL_CHECK(member.has_value() == is_member_by_the_book(text));
  if (member) {
    SIMPUL_CHECK(member->text() == text && !member->empty());
    SIMPUL_CHECK(member->is_region() == is_one_of(text[0], kDigits));
  }
  if (const auto journal = JournalId::parse(text)) {
    SIMPUL_CHECK(journal->text() == text && journal->generation > 0);
  }
  if (const auto position = EventPosition::parse(text)) SIMPUL_CHECK(position->text() == text);
  if (is_endpoint(text)) {
    SIMPUL_CHECK(text.size() <= kEndpointSizeMax && text.starts_with("tcp://"));
    SIMPUL_CHECK(text.find_first_of("* @/", 6) == std::string::npos);
    SIMPUL_CHECK(text.find_last_of(':') != std::string::npos);
  }
}

void fuzz_case_id(BytesView input) {
  const auto id = CaseId::parse(as_text(input));
  if (!id) return;
  const std::string& text = id->text();
  SIMPUL_CHECK(text.size() == input.size() && text.size() <= CaseId::kSizeMax);
  SIMPUL_CHECK(CaseId::parse(text).value() == *id && sums_up(text));
  SIMPUL_CHECK(text.starts_with(id->origin().text() + "-"));
  SIMPUL_CHECK(is_member_by_the_book(id->origin().text()));
  check_single_changes(text);
}

}  // namespace simpul::fuzz
