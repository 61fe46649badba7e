// How likely two cases tell of the same thing, for people to look at: a suggestion, nothing that
// any rule goes by. Pure.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "protocol/ids.h"

namespace simpul {

// What a scorer sees of a case.
struct CaseTraits {
  std::string region, category;  // codes
  Instant opened_at{};
  std::set<std::string> words;        // of what was reported
  std::set<std::string> place_words;  // of the exact place
};

// From 0, nothing in common, to 1.
using SimilarityScorer = std::function<double(const CaseTraits&, const CaseTraits&)>;

// Words of three letters or more in small letters, the commonest of Indonesian left out. Letters
// are those of ASCII: Indonesian needs no others.
std::set<std::string> words_of(std::string_view text);

// The same region, or one that lies in the other, and the same top category, or 0. Then words in
// common count for a half, the place for 0.3, and nearness in time, halved every 14 days, for 0.2;
// where neither says a place, words count for all of that.
double plain_similarity(const CaseTraits& left, const CaseTraits& right);

// From which on a person is to be told.
inline constexpr double kSimilarEnough = 0.35;

}  // namespace simpul
