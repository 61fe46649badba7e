// Finds, in what people write, numbers and addresses that name a person: so that somebody is asked
// before such a text becomes public. A hint, not a proof: it knows shapes, and misses what is
// written out in words. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace simpul {

enum class PersonalNumber {
  kNationalId,   // NIK or family card: 16 digits that hold a region and a date
  kPhone,        // +62, 62 or 0, and 8 to 12 digits more
  kEmail,        // something@domain.tld
  kBankAccount,  // 8 to 16 digits soon after a word for an account or the name of a bank
};
const char* name_of(PersonalNumber kind);  // for people: "a national id number (NIK)", ...

struct FoundNumber {
  PersonalNumber kind = PersonalNumber::kNationalId;
  std::size_t at = 0;  // byte of the text that it begins at
};

// In the order of the text, each place once.
std::vector<FoundNumber> personal_numbers(std::string_view text);

// "a telephone number and an e-mail address"; what is found, each kind once, never the number.
std::string describe(const std::vector<FoundNumber>& found);

}  // namespace simpul
