#include "protocol/personal_numbers.h"

#include <algorithm>
#include <array>

namespace simpul {
namespace {

constexpr std::size_t kWordBefore = 32;  // bytes between a word for an account and its number

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Digits with single separators between them, as people group them.
struct Run {
  std::size_t begin = 0, end = 0;  // bytes
  bool has_plus = false;
  std::string digits;
};

bool joins(std::string_view text, std::size_t at) {
  constexpr std::string_view kSeparators = " -.";
  return kSeparators.find(text[at]) != std::string_view::npos && at + 1 < text.size() &&
         is_digit(text[at + 1]);
}

std::vector<Run> runs_of(std::string_view text) {
  std::vector<Run> runs;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    Run run{.begin = at, .has_plus = at > 0 && text[at - 1] == '+'};
    while (at < text.size() && (is_digit(text[at]) || joins(text, at))) {
      if (is_digit(text[at])) run.digits += text[at];
      ++at;
    }
    run.end = at;
    const bool in_word = run.begin > 0 && is_letter(text[run.begin - 1]);
    if (!in_word) runs.push_back(std::move(run));
  }
  return runs;
}

int number_at(const std::string& digits, std::size_t at) {
  return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
}

// Region, then day (of women 40 more), month and year of birth or of issue.
bool is_national_id(const Run& run) {
  if (run.digits.size() != 16 || run.has_plus) return false;
  const int province = number_at(run.digits, 0), day = number_at(run.digits, 6) % 40,
            month = number_at(run.digits, 8);
  return province >= 11 && province <= 97 && day >= 1 && day <= 31 && month >= 1 && month <= 12 &&
         number_at(run.digits, 6) <= 71;
}

bool is_phone(const Run& run) {
  const std::string_view digits = run.digits;
  const std::size_t prefix = digits.starts_with("62") && (run.has_plus || digits.size() >= 11) ? 2
                             : digits.starts_with("0") && !run.has_plus                        ? 1
                                                                                               : 0;
  if (prefix == 0 || digits.size() < prefix + 8 || digits.size() > prefix + 12) return false;
  return digits[prefix] != '0';
}

// Whether one of the words stands shortly before `at`, whole.
bool follows_account_word(std::string_view text, std::size_t at) {
  constexpr std::array kWords{"rekening", "rek",     "norek", "account", "bca",     "bni",
                              "bri",      "mandiri", "bsi",   "btn",     "danamon", "cimb"};
  const std::size_t from = at > kWordBefore ? at - kWordBefore : 0;
  std::string before(text.substr(from, at - from));
  std::ranges::transform(before, before.begin(), lower);
  return std::ranges::any_of(kWords, [&](std::string_view word) {
    for (std::size_t found = before.find(word); found != std::string::npos;
         found = before.find(word, found + 1)) {
      const std::size_t end = found + word.size();
      const bool begins = found == 0 || !is_letter(before[found - 1]);
      if (begins && (end == before.size() || !is_letter(before[end]))) return true;
    }
    return false;
  });
}

bool is_bank_account(std::string_view text, const Run& run) {
  return run.digits.size() >= 8 && run.digits.size() <= 16 && follows_account_word(text, run.begin);
}

void find_emails(std::string_view text, std::vector<FoundNumber>& found) {
  const auto is_part = [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '+';
  };
  for (std::size_t sign = text.find('@'); sign != std::string_view::npos;
       sign = text.find('@', sign + 1)) {
    std::size_t begin = sign, end = sign + 1;
    while (begin > 0 && is_part(text[begin - 1])) --begin;
    while (end < text.size() && is_part(text[end])) ++end;
    const std::string_view domain = text.substr(sign + 1, end - sign - 1);
    const std::size_t dot = domain.find('.');
    const bool has_tld = dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size() &&
                         is_letter(domain[dot + 1]);
    if (begin < sign && has_tld) found.push_back({PersonalNumber::kEmail, begin});
  }
}

}  // namespace

const char* name_of(PersonalNumber kind) {
  switch (kind) {
    case PersonalNumber::kNationalId:
      return "a national id number (NIK)";
    case PersonalNumber::kPhone:
      return "a telephone number";
    case PersonalNumber::kEmail:
      return "an e-mail address";
    case PersonalNumber::kBankAccount:
      return "a bank account";
  }
  return "a personal number";
}

std::vector<FoundNumber> personal_numbers(std::string_view text) {
  std::vector<FoundNumber> found;
  for (const Run& run : runs_of(text)) {
    if (is_national_id(run)) {
      found.push_back({PersonalNumber::kNationalId, run.begin});
    } else if (is_bank_account(text, run)) {
      found.push_back({PersonalNumber::kBankAccount, run.begin});
    } else if (is_phone(run)) {
      found.push_back({PersonalNumber::kPhone, run.begin});
    }
  }
  find_emails(text, found);
  std::ranges::stable_sort(found, {}, &FoundNumber::at);
  return found;
}

std::string describe(const std::vector<FoundNumber>& found) {
  std::vector<std::string> names;
  for (const FoundNumber& each : found) {
    if (std::ranges::find(names, name_of(each.kind)) == names.end()) {
      names.emplace_back(name_of(each.kind));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  return text;
}

}  // namespace simpul
