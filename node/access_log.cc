#include "node/access_log.h"

#include <algorithm>

#include "crypto/encoding.h"

namespace simpul {
namespace {

// Names in an answer may be a member's own words: only what has the right shape is looked at.
std::string text_in(const Json& json, const char* name, const std::string& otherwise = "") {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

void collect_texts(const Json& texts, const std::string& id, Json& opened) {
  if (!texts.is_array()) return;
  for (const Json& text : texts) {
    if (!text.is_object() || text_in(text, "state") != "open") continue;
    Json& digests = opened[id];
    if (digests.is_null()) digests = Json::array();
    digests.push_back(text_in(text, "digest"));
  }
}

// Digests by case.
void collect(const Json& json, const std::string& around, Json& opened) {
  if (json.is_array()) {
    for (const Json& each : json) collect(each, around, opened);
  }
  if (!json.is_object()) return;
  const std::string id = text_in(json, "case", around);
  for (const auto& [name, value] : json.items()) {
    if (name == "texts" || name == "reasons") {
      collect_texts(value, id, opened);
    } else if (value.is_structured()) {
      collect(value, id, opened);
    }
  }
}

Result<Digest> digest_from(const Json& hex) {
  SIMPUL_TRY(bytes, from_hex(hex.is_string() ? hex.get<std::string>() : ""));
  if (bytes.size() != Digest::kSize) return fail(ErrorCode::kMalformed, "no digest");
  Digest digest;
  std::ranges::copy(bytes, digest.bytes.begin());
  return digest;
}

}  // namespace

Json opened_by(const std::string& name, const Json& answer, const std::string& reader) {
  Json opened = Json::object();
  collect(answer, "", opened);
  if (opened.empty()) return {};
  return {{"by", name}, {"reader", reader}, {"opened", std::move(opened)}};
}

Result<std::vector<AccessRecord>> access_records(const Json& arguments, Instant now) {
  std::vector<AccessRecord> records;
  const auto opened = arguments.find("opened");
  if (opened == arguments.end() || !opened->is_object()) {
    return fail(ErrorCode::kMalformed, "it says of nothing that it was opened");
  }
  for (const auto& [id, digests] : opened->items()) {
    SIMPUL_TRY(case_id, CaseId::parse(id));
    AccessRecord record{.time = now,
                        .reader = text_in(arguments, "reader"),
                        .by = text_in(arguments, "by"),
                        .case_id = case_id,
                        .enclosures = {},
                        .chain = {}};
    for (const Json& hex : digests) {
      SIMPUL_TRY(digest, digest_from(hex));
      record.enclosures.push_back(digest);
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace simpul
