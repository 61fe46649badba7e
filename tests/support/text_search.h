// Looks for words in bytes in every form in which a program may have left them there: UTF-8,
// UTF-16 of both orders, base64 (both alphabets, at all three alignments) and hexadecimal.
#pragma once

#include <string>
#include <vector>

#include "crypto/bytes.h"

namespace simpul {

class TextSearch {
 public:
  // Words of 8 ASCII letters or more, so that chance finds none of their forms.
  explicit TextSearch(const std::vector<std::string>& words);

  // "WORD as FORM" for each that occurs.
  std::vector<std::string> find_in(BytesView bytes) const;
  // "WORD as FORM in FILE", in every file below a directory.
  std::vector<std::string> find_below(const std::string& directory) const;

 private:
  struct Form {
    std::string name;
    std::string bytes;
  };
  std::vector<Form> forms_;
};

}  // namespace simpul
