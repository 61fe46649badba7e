// Reads CSV row by row: RFC 4180, and what spreadsheets and other systems write besides it:
// separators ; and tab, lines that end in LF, CRLF or CR, a byte order mark, quotes inside a cell
// that does not begin with one. Bytes are hostile: a row that is wrong is told with its line and
// column, and reading goes on with the line after the one it began on, so that one stray quote
// costs no other row. Pure; work in proportion to the input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace simpul {

inline constexpr std::size_t kCsvColumnsMax = 1'000;       // more is no table of complaints
inline constexpr std::size_t kCsvRowSizeMax = 256 * 1024;  // bytes; bounds what a stray quote costs

struct CsvRow {
  std::size_t line = 0;            // where it begins, from 1
  std::vector<std::string> cells;  // UTF-8; empty where the row is wrong
  std::size_t column = 0;          // of what is wrong, from 1; 0: the row as a whole
  std::string wrong;               // why; empty: it is good
};

class CsvReader {
 public:
  // `text` must outlive it. Separator 0: whichever of , ; and tab the first line has most of.
  explicit CsvReader(std::string_view text, char separator = 0);

  // Error::kMalformed for what is no text in UTF-8 at all (UTF-16), with what to do.
  Result<void> check_encoding() const;

  // Empty lines are passed over. nullopt: the end.
  std::optional<CsvRow> next();

  char separator() const { return separator_; }
  std::size_t position() const { return at_; }  // bytes read

 private:
  bool at_line_end() const;
  void pass_line_end();
  bool pass_empty_lines();
  void skip_line();
  bool read_row(CsvRow& row);
  bool read_cell(CsvRow& row, std::size_t row_start);
  bool read_quoted(std::string& cell, std::size_t row_start);

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace simpul
