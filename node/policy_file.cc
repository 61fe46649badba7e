#include "node/policy_file.h"

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <utility>

#include "protocol/intake.h"

namespace simpul {
namespace {

struct Limit {
  const char* key;
  std::uint32_t ClockPolicy::*field;
};
constexpr std::array kLimits = {
    Limit{"verify", &ClockPolicy::verify},           Limit{"follow_up", &ClockPolicy::follow_up},
    Limit{"information", &ClockPolicy::information}, Limit{"complaint", &ClockPolicy::complaint},
    Limit{"oversight", &ClockPolicy::oversight},     Limit{"reply", &ClockPolicy::reply},
};

struct Period {
  const char* key;
  std::uint32_t RetentionPolicy::*field;
};
constexpr std::array kPeriods = {
    Period{"information", &RetentionPolicy::information},
    Period{"complaint", &RetentionPolicy::complaint},
    Period{"oversight", &RetentionPolicy::oversight},
};

std::unexpected<Error> malformed(const toml::node& node, const std::string& what) {
  return fail(ErrorCode::kMalformed,
              "policy, line " + std::to_string(node.source().begin.line) + ": " + what);
}

Result<std::uint32_t> number(const toml::node& node, const std::string& key, std::uint32_t most) {
  const auto value = node.value_exact<std::int64_t>();
  if (value && *value >= 1 && *value <= most) return static_cast<std::uint32_t>(*value);
  return malformed(node, key + " is a number from 1 to " + std::to_string(most));
}

Result<void> read_clocks(const toml::node& node, ClockPolicy& clocks) {
  const toml::table* table = node.as_table();
  if (!table) return malformed(node, "clocks is a table of limits in working days");
  for (const auto& [key, value] : *table) {
    const std::string name(key.str());
    const auto limit = std::ranges::find(kLimits, name, &Limit::key);
    if (limit == kLimits.end()) return malformed(value, "there is no clock '" + name + "'");
    SIMPUL_TRY(days, number(value, name, kClockDaysMax));
    clocks.*(limit->field) = days;
  }
  return {};
}

Result<std::uint32_t> days_or_none(const toml::node& node, const std::string& key) {
  const auto days = node.value_exact<std::int64_t>();
  if (days && *days >= 0 && *days <= kRetentionDaysMax) return static_cast<std::uint32_t>(*days);
  return malformed(node, key + " is a number of days, from 0 (no limit) to " +
                             std::to_string(kRetentionDaysMax));
}

Result<void> read_retention(const toml::node& node, RetentionPolicy& retention) {
  const toml::table* table = node.as_table();
  if (!table) return malformed(node, "retention is a table of days by class");
  for (const auto& [key, value] : *table) {
    const std::string name(key.str());
    const auto period = std::ranges::find(kPeriods, name, &Period::key);
    if (period == kPeriods.end()) return malformed(value, "there is no class '" + name + "'");
    SIMPUL_TRY(days, days_or_none(value, name));
    retention.*(period->field) = days;
  }
  return {};
}

Result<LocalDay> read_day(const toml::node& node) {
  const auto date = node.value_exact<toml::date>();
  if (!date) return malformed(node, "a day off is a date without quotes, like 2026-08-17");
  const std::chrono::year_month_day day{
      std::chrono::year{date->year}, std::chrono::month{date->month}, std::chrono::day{date->day}};
  if (!day.ok()) return malformed(node, "there is no such day");
  return LocalDay{std::chrono::local_days{day}};
}

Result<void> read_days_off(const toml::node& node, std::vector<LocalDay>& days_off) {
  const toml::array* list = node.as_array();
  if (!list) return malformed(node, "days_off is a list of dates");
  if (list->size() > kDaysOffMax) {
    return malformed(node, "at most " + std::to_string(kDaysOffMax) + " days off");
  }
  std::vector<LocalDay> days;
  for (const toml::node& entry : *list) {
    SIMPUL_TRY(day, read_day(entry));
    days.push_back(day);
  }
  std::ranges::sort(days);
  const auto same = std::ranges::unique(days);
  days.erase(same.begin(), same.end());
  days_off = std::move(days);
  return {};
}

Result<std::string> code(const toml::table& entry, const char* key, bool required) {
  const toml::node* node = entry.get(key);
  if (node == nullptr && !required) return std::string();
  if (node == nullptr) return malformed(entry, std::string("an owner has no ") + key);
  const auto value = node->value_exact<std::string>();
  if (value && is_code(*value)) return *value;
  return malformed(*node, std::string(key) + " is a code of a-z 0-9 . _ -");
}

Result<CategoryOwner> read_owner(const toml::node& node) {
  const toml::table* entry = node.as_table();
  if (!entry) return malformed(node, "owners are tables of category, region and member");
  for (const auto& [key, value] : *entry) {
    if (key != "category" && key != "region" && key != "member") {
      return malformed(value, "an owner has a category, a region and a member, no '" +
                                  std::string(key.str()) + "'");
    }
  }
  SIMPUL_TRY(category, code(*entry, "category", true));
  SIMPUL_TRY(region, code(*entry, "region", false));
  SIMPUL_TRY(member, code(*entry, "member", true));
  const auto owner = MemberId::parse(member);
  if (!owner) return malformed(node, "'" + member + "' is no member id");
  return CategoryOwner{.category = category, .region = region, .owner = *owner};
}

Result<void> read_owners(const toml::node& node, std::vector<CategoryOwner>& owners) {
  const toml::array* list = node.as_array();
  if (!list) return malformed(node, "owners is a list: [[owners]] before each");
  if (list->size() > kCategoryOwnersMax) {
    return malformed(node, "at most " + std::to_string(kCategoryOwnersMax) + " owners");
  }
  std::map<std::pair<std::string, std::string>, CategoryOwner> sorted;
  for (const toml::node& entry : *list) {
    SIMPUL_TRY(owner, read_owner(entry));
    const bool is_new = sorted.emplace(std::pair(owner.category, owner.region), owner).second;
    if (!is_new) return malformed(entry, owner.category + " has an owner there already");
  }
  owners.clear();
  for (auto& [key, owner] : sorted) owners.push_back(std::move(owner));
  return {};
}

Result<Policy> read_table(const toml::table& table, Policy policy) {
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (name == "max_declines") {
      SIMPUL_TRY(declines, number(value, name, 1'000));
      policy.max_declines = declines;
    } else if (name == "reopen_within") {
      SIMPUL_TRY(days, days_or_none(value, name));
      policy.reopen_within = days;
    } else if (name == "clocks") {
      SIMPUL_TRY_VOID(read_clocks(value, policy.clocks));
    } else if (name == "retention") {
      SIMPUL_TRY_VOID(read_retention(value, policy.retention));
    } else if (name == "days_off") {
      SIMPUL_TRY_VOID(read_days_off(value, policy.days_off));
    } else if (name == "owners") {
      SIMPUL_TRY_VOID(read_owners(value, policy.owners));
    } else {
      return malformed(value, "'" + name +
                                  "' is not known; there are max_declines, clocks, retention, "
                                  "reopen_within, days_off, owners");
    }
  }
  return policy;
}

}  // namespace

Result<Policy> read_policy_file(std::string_view text, const Policy& current) {
  try {
    return read_table(toml::parse(text), current);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kMalformed, "policy, line " + std::to_string(error.source().begin.line) +
                                           ": " + std::string(error.description()));
  }
}

nlohmann::json policy_json(const Policy& policy) {
  nlohmann::json json{
      {"max_declines", policy.max_declines}, {"reopen_within", policy.reopen_within},
      {"clocks", nlohmann::json::object()},  {"retention", nlohmann::json::object()},
      {"days_off", nlohmann::json::array()}, {"owners", nlohmann::json::array()}};
  for (const Limit& limit : kLimits) json["clocks"][limit.key] = policy.clocks.*(limit.field);
  for (const Period& period : kPeriods) {
    json["retention"][period.key] = policy.retention.*(period.field);
  }
  for (const LocalDay day : policy.days_off) json["days_off"].push_back(date_text(day));
  for (const CategoryOwner& each : policy.owners) {
    json["owners"].push_back({{"category", each.category}, {"member", each.owner.text()}});
    if (!each.region.empty()) json["owners"].back()["region"] = each.region;
  }
  return json;
}

std::string date_text(LocalDay day) {
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace simpul
