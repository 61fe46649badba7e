// The rows of a CSV file as cases, by a mapping: one after the other, each whole or told as wrong
// with its line, its column and why. Pure: the time is handed in. Not thread-safe.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/csv/csv_reader.h"
#include "node/import/csv_mapping.h"
#include "protocol/ids.h"

namespace simpul {

inline constexpr std::size_t kCsvFileSizeMax = 200u << 20;  // bytes; it is held in memory
inline constexpr std::size_t kCsvRowsMax = 500'000;         // bounds the ids that are remembered
inline constexpr std::size_t kCsvIdSizeMax = 128;           // bytes of a source's id

// Codes are good ones; a text that is empty was not given.
struct CsvCase {
  std::size_t line = 0;
  std::string id;
  Instant opened{};
  std::string text, identity, place;
  std::string category, region, case_class, privacy, channel;
};

struct CsvProblem {
  std::size_t line = 0;
  std::size_t column = 0;  // from 1; 0: the row as a whole
  std::string heading;     // of that column
  std::string id;          // the source's, where it could be read
  std::string why;
};

class CsvCases {
 public:
  // Reads the first line. `text` and `mapping` must outlive it. Errors: no CSV in UTF-8; a column
  // that the mapping names is missing or there twice.
  static Result<CsvCases> open(std::string_view text, const CsvMapping& mapping, Instant now);

  // nullopt: the end.
  std::optional<std::expected<CsvCase, CsvProblem>> next();

  std::size_t rows() const { return rows_; }                   // read so far, wrong ones too
  std::size_t position() const { return reader_.position(); }  // bytes read

 private:
  CsvCases(const CsvReader& reader, const CsvMapping& mapping, Instant now)
      : reader_(reader), mapping_(&mapping), now_(now) {}

  Result<void> read_headings();
  std::expected<CsvCase, CsvProblem> case_from(const CsvRow& row);
  std::size_t column_of(CsvField field) const;  // from 1; 0: it has none
  // Whether the row has as many cells as there are headings; empty ones behind do no harm.
  bool has_right_width(const CsvRow& row) const;

  CsvReader reader_;
  const CsvMapping* mapping_;
  Instant now_;
  std::vector<std::string> headings_;
  std::array<std::optional<std::size_t>, kCsvFieldCount> columns_;  // from 0
  std::map<std::string, std::size_t, std::less<>> lines_by_id_;
  std::size_t rows_ = 0;
};

}  // namespace simpul
