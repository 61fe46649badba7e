#include "tests/support/text_search.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "crypto/encoding.h"

namespace simpul {
namespace {

std::string utf16(const std::string& word, bool big_endian) {
  std::string wide;
  for (const char letter : word) {
    if (big_endian) wide += '\0';
    wide += letter;
    if (!big_endian) wide += '\0';
  }
  return wide;
}

// The characters that depend on the word alone, whatever `shift` bytes stand before it.
std::string base64_core(const std::string& word, std::size_t shift) {
  const std::string encoded = to_base64(as_bytes(std::string(shift, '\0') + word));
  const std::size_t first = (shift * 8 + 5) / 6;
  const std::size_t end = (shift + word.size()) * 8 / 6;
  return encoded.substr(first, end - first);
}

std::string url_safe(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::string upper(std::string text) {
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return text;
}

}  // namespace

TextSearch::TextSearch(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    SIMPUL_CHECK(word.size() >= 8);
    forms_.push_back({word + " as UTF-8", word});
    forms_.push_back({word + " as UTF-16LE", utf16(word, false)});
    forms_.push_back({word + " as UTF-16BE", utf16(word, true)});
    for (std::size_t shift = 0; shift < 3; ++shift) {
      const std::string core = base64_core(word, shift);
      forms_.push_back({word + " as base64", core});
      if (url_safe(core) != core) forms_.push_back({word + " as base64url", url_safe(core)});
    }
    const std::string hex = to_hex(as_bytes(word));
    forms_.push_back({word + " as hex", hex});
    if (upper(hex) != hex) forms_.push_back({word + " as hex", upper(hex)});
  }
}

std::vector<std::string> TextSearch::find_in(BytesView bytes) const {
  std::vector<std::string> found;
  const std::string_view text = as_text(bytes);
  for (const Form& form : forms_) {
    if (text.find(form.bytes) != std::string_view::npos) found.push_back(form.name);
  }
  return found;
}

std::vector<std::string> TextSearch::find_below(const std::string& directory) const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::string& what : find_in(as_bytes(text))) {
      found.push_back(what + " in " + entry.path().filename().string());
    }
  }
  return found;
}

}  // namespace simpul
