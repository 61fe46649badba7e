#include <catch2/catch.hpp>

#include "protocol/similarity.h"

using namespace simpul;

namespace {

CaseTraits hole(const std::string& text) {
  return {.region = "51.03",
          .category = "roads.potholes",
          .opened_at = Instant{std::chrono::sys_days{std::chrono::January / 5 / 2026}},
          .words = words_of(text),
          .place_words = {}};
}

}  // namespace

TEST_CASE("words are compared in small letters, without the commonest", "[similarity]") {
  CHECK(words_of("Yth. Bapak, jalan RUSAK di Jl. Raya-Kuta!") ==
        std::set<std::string>{"jalan", "kuta", "raya", "rusak"});
  CHECK(words_of("").empty());
  CHECK(words_of("\xff\xfe di").empty());
}

TEST_CASE("two reports of the same hole are alike, of two holes less so", "[similarity]") {
  const CaseTraits first = hole("Lubang besar di Jalan Raya Kuta depan pasar");
  const CaseTraits same = hole("Ada lubang besar, Jalan Raya Kuta dekat pasar");
  const CaseTraits other = hole("Lampu jalan mati di Jimbaran");
  CHECK(plain_similarity(first, first) == Approx(1.0));
  CHECK(plain_similarity(first, same) > kSimilarEnough);
  CHECK(plain_similarity(first, other) < kSimilarEnough);
  CHECK(plain_similarity(first, same) == Approx(plain_similarity(same, first)));
}

TEST_CASE("cases far apart in time, or of elsewhere, or of another kind are less alike or not",
          "[similarity]") {
  const CaseTraits first = hole("Lubang besar di Jalan Raya Kuta");
  CaseTraits later = first;
  later.opened_at += std::chrono::days{14};
  CHECK(plain_similarity(first, later) == Approx(0.9));
  CaseTraits elsewhere = first;
  elsewhere.region = "51.04";
  CHECK(plain_similarity(first, elsewhere) == 0);
  elsewhere.region = "51";  // the province's own report of it
  CHECK(plain_similarity(first, elsewhere) > kSimilarEnough);
  elsewhere.region = "5";
  CHECK(plain_similarity(first, elsewhere) == 0);
  CaseTraits water = first;
  water.category = "water";
  CHECK(plain_similarity(first, water) == 0);
}

TEST_CASE("the place tells holes apart where both say it", "[similarity]") {
  CaseTraits first = hole("Lubang di jalan"), other = first;
  first.place_words = words_of("Depan Pasar Kuta");
  other.place_words = words_of("Simpang Dewa Ruci");
  CHECK(plain_similarity(first, other) == Approx(0.7));
  other.place_words = first.place_words;
  CHECK(plain_similarity(first, other) == Approx(1.0));
}
