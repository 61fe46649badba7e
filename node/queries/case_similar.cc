// case.similar {case, limit} -> {"case", "cases": [row..., each with "score" from 0 to 1 and the
// "words" that both reports have and "texts": [{state, digest}] that were read for it], "texts"}:
// cases held here that may tell of the same, the likeliest first. Only what can be read here is
// compared, of at most kCandidatesMax cases of the same region that were opened within kApartMax of
// it.
#include <algorithm>
#include <iterator>

#include "crypto/encoding.h"
#include "node/engine/substance.h"
#include "node/queries/query.h"
#include "protocol/similarity.h"

namespace simpul {
namespace {

constexpr std::size_t kCandidatesMax = 500;
constexpr std::chrono::days kApartMax{90};
constexpr std::int64_t kSimilarDefault = 5;
constexpr std::int64_t kSimilarMax = 50;

// The words of a case's texts of that role, as far as they can be read here; which it adds to
// `read`.
std::set<std::string> words_in(const QueryContext& context, const CaseId& id, EnclosureRole role,
                               Json& read) {
  std::set<std::string> words;
  if (!context.self) return words;
  for (const CaseEvent& held : context.tables.cases.events_of(id)) {
    for (const EnclosureRef& ref : held.event.enclosures) {
      if (ref.role != role) continue;
      const auto content = read_enclosure(context.tables, *context.self, ref.commitment.digest);
      if (!content) continue;
      words.merge(words_of(as_text(content->bytes.view())));
      read.push_back({{"state", "open"}, {"digest", to_hex(ref.commitment.digest.view())}});
    }
  }
  return words;
}

CaseTraits traits_of(const QueryContext& context, const CaseRow& row, Json& read) {
  return {.region = row.region,
          .category = row.category,
          .opened_at = row.opened_at,
          .words = words_in(context, row.id, EnclosureRole::kNarrative, read),
          .place_words = words_in(context, row.id, EnclosureRole::kPlace, read)};
}

std::vector<CaseRow> candidates(const QueryContext& context, const CaseRow& of) {
  CaseFilter filter;
  filter.region = of.region;
  std::vector<CaseRow> rows;
  Bytes from;
  do {
    CasePage page = context.tables.cases.list(filter, kCandidatesMax, from);
    for (CaseRow& row : page.rows) {
      const bool near =
          row.opened_at >= of.opened_at - kApartMax && row.opened_at <= of.opened_at + kApartMax;
      if (near && row.id != of.id) rows.push_back(std::move(row));
      if (rows.size() == kCandidatesMax) return rows;
    }
    from = std::move(page.next);
  } while (!from.empty());
  return rows;
}

struct Similar {
  double score = 0;
  Json json;
};

Similar compare(const QueryContext& context, const CaseTraits& traits, const CaseRow& row,
                const SimilarityScorer& scorer) {
  Json read = Json::array();
  const CaseTraits others = traits_of(context, row, read);
  Similar similar{scorer(traits, others), {}};
  if (similar.score < kSimilarEnough) return similar;
  std::vector<std::string> words;
  std::ranges::set_intersection(traits.words, others.words, std::back_inserter(words));
  similar.json = row_json(row);
  similar.json["score"] = similar.score;
  similar.json["words"] = words;
  similar.json["texts"] = std::move(read);
  return similar;
}

}  // namespace

Result<Json> similar_cases(const QueryContext& context, const Arguments& arguments) {
  SIMPUL_TRY(id, arguments.case_id());
  const std::int64_t limit = arguments.number("limit").value_or(kSimilarDefault);
  if (limit < 1 || limit > kSimilarMax) {
    return fail(ErrorCode::kMalformed, "limit is from 1 to " + std::to_string(kSimilarMax));
  }
  SIMPUL_TRY(held, held_case(context, id));
  Json read = Json::array();
  const CaseTraits traits = traits_of(context, held.row, read);
  std::vector<Similar> found;
  for (const CaseRow& row : candidates(context, held.row)) {
    Similar similar = compare(context, traits, row, plain_similarity);
    if (similar.score >= kSimilarEnough) found.push_back(std::move(similar));
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &Similar::score);
  if (found.size() > static_cast<std::size_t>(limit)) found.resize(static_cast<std::size_t>(limit));
  Json cases = Json::array();
  for (Similar& each : found) cases.push_back(std::move(each.json));
  return Json{{"case", id.text()}, {"cases", std::move(cases)}, {"texts", std::move(read)}};
}

}  // namespace simpul
