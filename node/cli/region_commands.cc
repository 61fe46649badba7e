#include "node/cli/region_commands.h"

#include <algorithm>

#include "node/cli/local_commands.h"
#include "node/engine/arguments.h"
#include "protocol/regions.h"

namespace simpul {
namespace {

constexpr std::size_t kAlikeMax = 20;

Json codes_json(const std::vector<const Region*>& all) {
  Json codes = Json::array();
  for (const Region* region : all) codes.push_back(region->code);
  return codes;
}

Json one_region_json(const Region& region) {
  Json json{{"code", region.code}, {"name", region.name}, {"province", region.province()}};
  if (region.since) json["since"] = to_text(*region.since);
  if (region.until) json["until"] = to_text(*region.until);
  for (const std::string_view code : region.successors) json["successors"].push_back(code);
  return json;
}

// The day of "2022-01-31".
Result<LocalDay> day_argument(const std::string& text) {
  const auto midnight = parse_instant(text + "T00:00:00Z");
  if (!midnight) return fail(ErrorCode::kMalformed, "'" + text + "' is no day like 2022-01-31");
  return LocalDay{std::chrono::floor<std::chrono::days>(midnight->time_since_epoch())};
}

std::vector<const Region*> all_regions() {
  std::vector<const Region*> all;
  for (const Region& region : regions()) all.push_back(&region);
  return all;
}

Error unknown_region(const std::string& code, ErrorCode error) {
  // Whatever the day: an unknown code is refused on all.
  return {error, check_region(code, LocalDay{}).error().message};
}

}  // namespace

Result<Json> regions_json(const Json& arguments, const std::string& today) {
  const Arguments given(arguments);
  SIMPUL_TRY(day, day_argument(given.text_or("at", today)));
  const std::string province = given.text_or("province", "");
  const Region* of = province.empty() ? nullptr : find_region(province);
  if (!province.empty() && !of)
    return std::unexpected(unknown_region(province, ErrorCode::kNotFound));
  if (of && !of->is_province()) {
    return fail(ErrorCode::kMalformed, province + " (" + std::string(of->name) +
                                           ") is no province; it is in " +
                                           std::string(of->province()));
  }
  const std::string name = given.text_or("name", "");
  Json json{{"regions", Json::array()}};
  for (const Region* region : name.empty() ? all_regions() : regions_like(name, kAlikeMax)) {
    if (of && region->province() != of->code) continue;
    if (!given.flag("all") && !region->is_valid_on(day)) continue;
    json["regions"].push_back(one_region_json(*region));
  }
  return json;
}

Result<Json> region_json(const std::string& code) {
  const Region* region = find_region(code);
  if (!region) return std::unexpected(unknown_region(code, ErrorCode::kNotFound));
  Json json = one_region_json(*region);
  json["province_name"] = find_region(region->province())->name;
  const auto predecessors = predecessors_of(code);
  if (!predecessors.empty()) json["predecessors"] = codes_json(predecessors);
  return json;
}

Result<int> list_regions(const Invocation& invocation) {
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const std::string today = to_text(day_of(now, TimeZone::kWib));
  SIMPUL_TRY(json, regions_json(invocation.arguments, today));
  show(invocation, json);
  return 0;
}

Result<int> show_region(const Invocation& invocation) {
  SIMPUL_TRY(json, region_json(invocation.arguments.value("region", "")));
  show(invocation, json);
  return 0;
}

}  // namespace simpul
