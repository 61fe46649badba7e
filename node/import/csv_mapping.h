// Which column of a CSV file is what of a case: the mapping file of `import csv`.
// node/import/CSV.md is about it. Pure values; any thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace simpul {

enum class CsvField : std::uint8_t {
  kId,        // the source's number or tracking id: a row's name for ever
  kOpened,    // when it was reported
  kText,      // what was reported
  kCategory,  // a code; anything else becomes one
  kRegion,
  kClass,
  kPrivacy,
  kChannel,
  kIdentity,  // who reported
  kPlace,
};
inline constexpr std::size_t kCsvFieldCount = 10;

const char* name_of(CsvField field);  // "id", "opened", ...
std::optional<CsvField> csv_field_of(std::string_view name);

struct CsvFieldRule {
  std::string column;                         // its heading; empty: none
  std::string constant;                       // where there is no column, or its cell is empty
  std::map<std::string, std::string> values;  // by the cell, blanks around it taken off
};

struct CsvMapping {
  std::string source;                     // tells two systems' ids apart: 1 to 64 characters
  char separator = 0;                     // 0: found by itself
  int minutes_east = 0;                   // of times without a zone
  std::vector<std::string> time_formats;  // csv_time.h
  bool publish_anyway = false;            // though a public text looks as if it named a person
  std::array<CsvFieldRule, kCsvFieldCount> rules;

  const CsvFieldRule& rule(CsvField field) const { return rules[static_cast<std::size_t>(field)]; }
};

// Error::kMalformed names the key and what is allowed.
Result<CsvMapping> read_csv_mapping(std::string_view text);

}  // namespace simpul
