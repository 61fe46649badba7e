#include "node/import/agency_map.h"

#include <toml++/toml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "node/json_depth.h"

namespace simpul {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMapSizeMax = 1 << 20;
constexpr std::size_t kMapDepthMax = 4;
constexpr std::size_t kJurisdictionSizeMax = 128;

// TOML is turned into the JSON of the same shape, and that is read.
Result<Json> json_from_toml(std::string_view text) {
  try {
    std::ostringstream json;
    json << toml::json_formatter{toml::parse(text)};
    return Json::parse(json.str());
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kMalformed,
                "the mapping is no TOML: " + std::string(error.description()) + ", line " +
                    std::to_string(error.source().begin.line));
  } catch (const std::exception& error) {
    return fail(ErrorCode::kMalformed, std::string("the mapping cannot be read: ") + error.what());
  }
}

Result<Json> json_from(std::string_view text) {
  if (text.size() > kMapSizeMax) return fail(ErrorCode::kTooLarge, "the mapping is over 1 MiB");
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos || text[start] != '{') return json_from_toml(text);
  if (json_depth(text) > kMapDepthMax) {
    return fail(ErrorCode::kMalformed, "the mapping nests too deep");
  }
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::kMalformed, "the mapping is no JSON");
  return json;
}

Result<void> take_agencies(const Json& json, AgencyMap& map) {
  if (!json.is_object()) return fail(ErrorCode::kMalformed, "agencies is no table");
  for (const auto& [agency, member] : json.items()) {
    if (!member.is_string()) {
      return fail(ErrorCode::kMalformed, "agencies.\"" + agency + "\" is no member id");
    }
    const auto id = MemberId::parse(member.get_ref<const std::string&>());
    if (!id) {
      return fail(ErrorCode::kMalformed, "agencies.\"" + agency + "\": " + id.error().message);
    }
    map.agencies.emplace(agency, *id);
  }
  return {};
}

Result<void> take(const std::string& key, const Json& value, AgencyMap& map) {
  if (key == "agencies") return take_agencies(value, map);
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (key == "jurisdiction") {
    const bool good = !text.empty() && text.size() <= kJurisdictionSizeMax &&
                      std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
    if (!good) {
      return fail(ErrorCode::kMalformed,
                  "jurisdiction must be 1 to 128 printable characters without spaces");
    }
    map.jurisdiction = text;
    return {};
  }
  if (key == "privacy") {
    const auto privacy = privacy_of(text);
    if (!privacy) {
      return fail(ErrorCode::kMalformed, "privacy must be public, anonymous or confidential");
    }
    map.privacy = *privacy;
    return {};
  }
  return fail(ErrorCode::kMalformed,
              "the mapping knows jurisdiction, privacy and agencies, but no '" + key + "'");
}

}  // namespace

MemberId AgencyMap::find(const std::string& agency) const {
  const auto found = agencies.find(agency);
  return found == agencies.end() ? MemberId() : found->second;
}

Result<AgencyMap> read_agency_map(std::string_view text) {
  SIMPUL_TRY(json, json_from(text));
  AgencyMap map;
  for (const auto& [key, value] : json.items()) SIMPUL_TRY_VOID(take(key, value, map));
  if (map.agencies.empty()) {
    return fail(ErrorCode::kMalformed,
                "the mapping names no agency: an [agencies] table is needed");
  }
  return map;
}

}  // namespace simpul
