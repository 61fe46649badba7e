#include "node/report/basis.h"

#include <cstdio>

#include "crypto/encoding.h"
#include "node/policy_file.h"

namespace simpul {
namespace {

std::unexpected<Error> malformed_basis(const std::string& what) {
  return fail(ErrorCode::kMalformed, "what the table was computed from: " + what);
}

std::string string_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::uint64_t> count_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

std::optional<Digest> digest_from(const Result<Bytes>& bytes) {
  Digest digest;
  if (!bytes || bytes->size() != Digest::kSize) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
  return digest;
}

Result<LocalDay> day_argument(const Json& json, const char* name) {
  const std::string text = string_in(json, name);
  int year = 0;
  unsigned month = 0, day = 0;
  char rest = 0;
  const bool read = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                    std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) == 3;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!read || !date.ok() || year < 1970) {
    return fail(ErrorCode::kMalformed,
                std::string(name) + " is a date like 2026-01-31, not '" + text.substr(0, 40) + "'");
  }
  return LocalDay(date);
}

Result<std::pair<JournalId, JournalCut>> cut_from(const Json& json) {
  if (!json.is_object()) return malformed_basis("a journal is not an object");
  const auto id = JournalId::parse(string_in(json, "journal"));
  if (!id) return malformed_basis("a journal has no name like 51.03/1");
  const auto size = count_in(json, "size");
  const auto root = digest_from(from_base64(string_in(json, "root")));
  if (!size || !root) return malformed_basis("the head of " + id->text() + " cannot be read");
  const std::uint64_t counted =
      json.contains("counted") ? count_in(json, "counted").value_or(*size + 1) : *size;
  if (counted > *size) return malformed_basis("what counts of " + id->text() + " cannot be read");
  return std::pair(*id, JournalCut{*size, *root, counted});
}

}  // namespace

LeaguePeriod ReportSpec::period() const {
  return {end_of(from - std::chrono::days{1}, TimeZone::kWib), end_of(to, TimeZone::kWib)};
}

Json to_json(const ReportSpec& spec) {
  return {{"by", name_of(spec.by)}, {"from", date_text(spec.from)}, {"to", date_text(spec.to)}};
}

Result<ReportSpec> report_spec(const Json& json) {
  ReportSpec spec;
  const std::string by = json.contains("by") ? string_in(json, "by") : name_of(spec.by);
  const auto known = league_by_of(by);
  if (!known) {
    return fail(ErrorCode::kMalformed, "by is custodian, region or category, not '" + by + "'");
  }
  spec.by = *known;
  SIMPUL_TRY(from, day_argument(json, "from"));
  SIMPUL_TRY(to, day_argument(json, "to"));
  if (to < from) return fail(ErrorCode::kMalformed, "the period ends before it begins");
  spec.from = from;
  spec.to = to;
  return spec;
}

Json to_json(const ReportBasis& basis) {
  Json journals = Json::array();
  for (const auto& [id, cut] : basis.journals) {
    journals.push_back(
        {{"journal", id.text()}, {"size", cut.size}, {"root", to_base64(cut.root.view())}});
    if (cut.counted < cut.size) journals.back()["counted"] = cut.counted;
  }
  return {
      {"federation", basis.federation},
      {"roster", {{"version", basis.roster_version}, {"hash", to_hex(basis.roster_hash.view())}}},
      {"journals", std::move(journals)}};
}

Result<ReportBasis> report_basis(const Json& json) {
  ReportBasis basis;
  basis.federation = string_in(json, "federation");
  const auto roster = json.find("roster");
  if (roster == json.end() || !roster->is_object()) return malformed_basis("no roster is named");
  const auto version = count_in(*roster, "version");
  const auto hash = digest_from(from_hex(string_in(*roster, "hash")));
  if (!version || !hash) return malformed_basis("the roster cannot be read");
  basis.roster_version = *version;
  basis.roster_hash = *hash;
  const auto journals = json.find("journals");
  if (journals == json.end() || !journals->is_array() ||
      journals->size() > ReportBasis::kJournalsMax) {
    return malformed_basis("the journals cannot be read");
  }
  for (const Json& each : *journals) {
    SIMPUL_TRY(cut, cut_from(each));
    if (!basis.journals.insert(cut).second) {
      return malformed_basis(cut.first.text() + " is named twice");
    }
  }
  return basis;
}

}  // namespace simpul
