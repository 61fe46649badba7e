#include "protocol/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace simpul {
namespace {

constexpr std::size_t kWordSizeMin = 3;
constexpr double kHalfLifeDays = 14;
constexpr double kWordWeight = 0.5, kPlaceWeight = 0.3, kTimeWeight = 0.2;

constexpr auto kCommonWords = std::to_array<std::string_view>(
    {"ada",    "adalah",   "agar",   "akan",  "atau",   "bagi",   "bahwa",   "bapak",
     "belum",  "bisa",     "bukan",  "dalam", "dan",    "dapat",  "dari",    "dengan",
     "di",     "dia",      "hal",    "ibu",   "ini",    "itu",    "juga",    "kalau",
     "kami",   "karena",   "kepada", "kita",  "lagi",   "lapor",  "laporan", "mohon",
     "oleh",   "pada",     "para",   "saat",  "saja",   "sangat", "saya",    "sebagai",
     "sejak",  "selalu",   "semua",  "serta", "sudah",  "supaya", "telah",   "tentang",
     "terima", "tersebut", "tetapi", "tidak", "tolong", "untuk",  "yang",    "yth"});

bool is_common(std::string_view word) {
  return std::ranges::find(kCommonWords, word) != kCommonWords.end();
}

// Of all words of either, the share that both have.
double overlap(const std::set<std::string>& left, const std::set<std::string>& right) {
  if (left.empty() || right.empty()) return 0;
  const auto common =
      std::ranges::count_if(left, [&](const std::string& word) { return right.contains(word); });
  const auto all = left.size() + right.size() - static_cast<std::size_t>(common);
  return static_cast<double>(common) / static_cast<double>(all);
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part == whole ||
         (part.size() > whole.size() && part.starts_with(whole) && part[whole.size()] == '.');
}

std::string_view top_of(std::string_view category) {
  return category.substr(0, category.find('.'));
}

}  // namespace

std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> words;
  std::string word;
  const auto take = [&] {
    if (word.size() >= kWordSizeMin && !is_common(word)) words.insert(word);
    word.clear();
  };
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    letter ? word.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c) : take();
  }
  take();
  return words;
}

double plain_similarity(const CaseTraits& left, const CaseTraits& right) {
  const bool near = lies_in(left.region, right.region) || lies_in(right.region, left.region);
  if (!near || top_of(left.category) != top_of(right.category)) return 0;
  const std::chrono::duration<double, std::ratio<86'400>> apart = left.opened_at - right.opened_at;
  const double time = std::exp2(-std::abs(apart.count()) / kHalfLifeDays);
  const bool has_places = !left.place_words.empty() && !right.place_words.empty();
  const double words = overlap(left.words, right.words);
  const double place = has_places ? overlap(left.place_words, right.place_words) : words;
  return kWordWeight * words + kPlaceWeight * place + kTimeWeight * time;
}

}  // namespace simpul
