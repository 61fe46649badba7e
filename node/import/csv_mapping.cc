#include "node/import/csv_mapping.h"

#include <toml++/toml.h>

#include <algorithm>

#include "node/import/csv_time.h"

namespace simpul {
namespace {

constexpr std::size_t kCsvMappingSizeMax = 1 << 20;
constexpr std::size_t kSourceNameSizeMax = 64;
constexpr std::array<const char*, kCsvFieldCount> kCsvFieldNames = {
    "id",    "opened",  "text",    "category", "region",
    "class", "privacy", "channel", "identity", "place"};

struct NamedZone {
  std::string_view name;
  int hours_east;
};
constexpr auto kNamedZones =
    std::to_array<NamedZone>({{"utc", 0}, {"wib", 7}, {"wita", 8}, {"wit", 9}});
constexpr auto kNamedSeparators = std::to_array<char>({',', ';', '\t'});

std::unexpected<Error> bad_key(const std::string& key, const std::string& allowed) {
  return fail(ErrorCode::kMalformed, key + " " + allowed);
}

Result<std::string> text_value(const std::string& key, const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  if (!text || text->empty()) return bad_key(key, "must be a text in quotes");
  return *text;
}

// Each entry of a table whose keys are fields.
template <typename Take>
Result<void> for_each_field(const std::string& key, const toml::node& node, Take take) {
  const toml::table* table = node.as_table();
  if (!table) return bad_key(key, "must be a table");
  for (const auto& [name, value] : *table) {
    const auto field = csv_field_of(name.str());
    if (!field) {
      std::string known;
      for (const char* each : kCsvFieldNames)
        known += (known.empty() ? "" : ", ") + std::string(each);
      return bad_key(key, "knows " + known + ", but no '" + std::string(name.str()) + "'");
    }
    SIMPUL_TRY_VOID(take(*field, key + "." + std::string(name.str()), value));
  }
  return {};
}

CsvFieldRule& rule_of(CsvMapping& mapping, CsvField field) {
  return mapping.rules[static_cast<std::size_t>(field)];
}

Result<void> take_columns(const toml::node& node, CsvMapping& mapping) {
  return for_each_field(
      "columns", node, [&](CsvField field, const std::string& key, const auto& at) -> Result<void> {
        SIMPUL_TRY(column, text_value(key, at));
        rule_of(mapping, field).column = column;
        return {};
      });
}

Result<void> take_constants(const toml::node& node, CsvMapping& mapping) {
  return for_each_field(
      "constants", node,
      [&](CsvField field, const std::string& key, const auto& at) -> Result<void> {
        if (field == CsvField::kId) return bad_key(key, "cannot be the same for all rows");
        SIMPUL_TRY(constant, text_value(key, at));
        rule_of(mapping, field).constant = constant;
        return {};
      });
}

Result<void> take_values(const toml::node& node, CsvMapping& mapping) {
  return for_each_field(
      "values", node, [&](CsvField field, const std::string& key, const auto& at) -> Result<void> {
        const toml::table* table = at.as_table();
        if (!table) return bad_key(key, "must be a table");
        for (const auto& [cell, value] : *table) {
          SIMPUL_TRY(text, text_value(key + ".\"" + std::string(cell.str()) + "\"", value));
          rule_of(mapping, field).values.emplace(cell.str(), text);
        }
        return {};
      });
}

Result<void> take_formats(const toml::node& node, CsvMapping& mapping) {
  const char* allowed =
      "is a text or a list of texts of %d %m %Y %y %B %H %M %S %z and what stands between them, "
      "with a year";
  const auto take_one = [&](const toml::node& at) -> Result<void> {
    const auto format = at.value_exact<std::string>();
    if (!format || !is_time_format(*format)) return bad_key("time", allowed);
    mapping.time_formats.push_back(*format);
    return {};
  };
  if (!node.is_array()) return take_one(node);
  for (const toml::node& each : *node.as_array()) SIMPUL_TRY_VOID(take_one(each));
  return {};
}

Result<void> take_source(const std::string& text, CsvMapping& mapping) {
  const bool good = text.size() <= kSourceNameSizeMax &&
                    std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  if (!good) return bad_key("source", "must be 1 to 64 printable characters without spaces");
  mapping.source = text;
  return {};
}

Result<void> take_zone_name(const std::string& text, CsvMapping& mapping) {
  const auto found = std::ranges::find(kNamedZones, text, &NamedZone::name);
  if (found == kNamedZones.end()) return bad_key("zone", "must be utc, wib, wita or wit");
  mapping.minutes_east = found->hours_east * 60;
  return {};
}

Result<void> take_separator(const std::string& text, CsvMapping& mapping) {
  const bool known =
      text.size() == 1 && std::ranges::find(kNamedSeparators, text[0]) != kNamedSeparators.end();
  if (!known) return bad_key("separator", "must be \",\", \";\" or \"\\t\"");
  mapping.separator = text[0];
  return {};
}

Result<void> take_key(const std::string& key, const toml::node& node, CsvMapping& mapping) {
  if (key == "columns") return take_columns(node, mapping);
  if (key == "constants") return take_constants(node, mapping);
  if (key == "values") return take_values(node, mapping);
  if (key == "time") return take_formats(node, mapping);
  if (key == "publish_anyway") {
    const auto flag = node.value_exact<bool>();
    if (!flag) return bad_key(key, "must be true or false");
    mapping.publish_anyway = *flag;
    return {};
  }
  const auto take = key == "source"      ? take_source
                    : key == "zone"      ? take_zone_name
                    : key == "separator" ? take_separator
                                         : nullptr;
  if (!take) {
    return bad_key("the mapping",
                   "knows source, zone, time, separator, publish_anyway, columns, constants and "
                   "values, but no '" +
                       key + "'");
  }
  SIMPUL_TRY(text, text_value(key, node));
  return take(text, mapping);
}

bool is_given(const CsvMapping& mapping, CsvField field) {
  const CsvFieldRule& rule = mapping.rule(field);
  return !rule.column.empty() || !rule.constant.empty();
}

// What a case cannot do without. Privacy is nothing to guess: it decides who may read the text.
Result<void> check_complete(const CsvMapping& mapping) {
  if (mapping.source.empty()) {
    return bad_key("source", "is needed: a short name of the system that the file is from");
  }
  for (const CsvField field : {CsvField::kId, CsvField::kOpened, CsvField::kText}) {
    if (mapping.rule(field).column.empty()) {
      return bad_key(std::string("columns.") + name_of(field), "is needed: a column's heading");
    }
  }
  for (const CsvField field : {CsvField::kCategory, CsvField::kPrivacy}) {
    if (!is_given(mapping, field)) {
      return bad_key(name_of(field), "is needed, in columns or in constants");
    }
  }
  return {};
}

Result<toml::table> toml_table(std::string_view text) {
  if (text.size() > kCsvMappingSizeMax) {
    return fail(ErrorCode::kTooLarge, "the mapping is over 1 MiB");
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kMalformed,
                "the mapping is no TOML: " + std::string(error.description()) + ", line " +
                    std::to_string(error.source().begin.line));
  }
}

}  // namespace

const char* name_of(CsvField field) {
  return kCsvFieldNames[static_cast<std::size_t>(field)];
}

std::optional<CsvField> csv_field_of(std::string_view name) {
  const auto found = std::ranges::find(kCsvFieldNames, name,
                                       [](const char* each) { return std::string_view(each); });
  if (found == kCsvFieldNames.end()) return std::nullopt;
  return static_cast<CsvField>(found - kCsvFieldNames.begin());
}

Result<CsvMapping> read_csv_mapping(std::string_view text) {
  SIMPUL_TRY(table, toml_table(text));
  CsvMapping mapping;
  for (const auto& [key, value] : table) {
    SIMPUL_TRY_VOID(take_key(std::string(key.str()), value, mapping));
  }
  if (mapping.time_formats.empty()) {
    mapping.time_formats = {"%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M",
                            "%Y-%m-%d"};
  }
  SIMPUL_TRY_VOID(check_complete(mapping));
  return mapping;
}

}  // namespace simpul
