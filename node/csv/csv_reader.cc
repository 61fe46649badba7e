#include "node/csv/csv_reader.h"

#include <algorithm>
#include <array>

#include "protocol/utf8.h"

namespace simpul {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::array kSeparators = {',', ';', '\t'};

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

// Of the first line, outside quotes.
char separator_of(std::string_view text) {
  std::array<std::size_t, kSeparators.size()> counts{};
  bool in_quotes = false;
  for (const char c : text.substr(0, kCsvRowSizeMax)) {
    if (c == '"') in_quotes = !in_quotes;
    if (in_quotes) continue;
    if (is_line_end(c)) break;
    const auto found = std::ranges::find(kSeparators, c);
    if (found != kSeparators.end()) ++counts[static_cast<std::size_t>(found - kSeparators.begin())];
  }
  return kSeparators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

}  // namespace

CsvReader::CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  if (separator_ == 0) separator_ = separator_of(text_);
}

Result<void> CsvReader::check_encoding() const {
  const bool has_utf16_mark = text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF");
  if (!has_utf16_mark) return {};
  return fail(ErrorCode::kMalformed, "the file is in UTF-16: save it as CSV in UTF-8");
}

bool CsvReader::at_line_end() const {
  return at_ < text_.size() && is_line_end(text_[at_]);
}

// CR LF is one.
void CsvReader::pass_line_end() {
  const bool is_pair = text_.substr(at_, 2) == "\r\n";
  at_ += is_pair ? 2 : 1;
  ++line_;
}

bool CsvReader::pass_empty_lines() {
  while (at_line_end()) pass_line_end();
  return at_ < text_.size();
}

void CsvReader::skip_line() {
  while (at_ < text_.size() && !is_line_end(text_[at_])) ++at_;
  if (at_ < text_.size()) pass_line_end();
}

// The opening quote is passed. False: it is never closed, or not within the row's limit.
bool CsvReader::read_quoted(std::string& cell, std::size_t row_start) {
  while (at_ < text_.size() && at_ - row_start <= kCsvRowSizeMax) {
    if (text_[at_] == '"') {
      ++at_;
      if (at_ == text_.size() || text_[at_] != '"') return true;
    } else if (is_line_end(text_[at_])) {
      const std::size_t from = at_;
      pass_line_end();
      cell += text_.substr(from, at_ - from);
      continue;
    }
    cell += text_[at_++];
  }
  return false;
}

// False: the row is wrong.
bool CsvReader::read_cell(CsvRow& row, std::size_t row_start) {
  std::string& cell = row.cells.emplace_back();
  row.column = row.cells.size();
  if (at_ < text_.size() && text_[at_] == '"') {
    ++at_;
    if (!read_quoted(cell, row_start)) {
      row.wrong = at_ < text_.size() ? "its quote is not closed within 256 KiB"
                                     : "its quote is never closed";
      return false;
    }
    if (at_ < text_.size() && text_[at_] != separator_ && !at_line_end()) {
      row.wrong = "there is text behind the quote that closes it";
      return false;
    }
  } else {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != separator_ && !at_line_end()) ++at_;
    if (at_ - row_start <= kCsvRowSizeMax) cell = text_.substr(from, at_ - from);
  }
  if (at_ - row_start > kCsvRowSizeMax) {
    row.wrong = "the row is over 256 KiB";
  } else if (row.cells.size() > kCsvColumnsMax) {
    row.wrong = "the row has over 1000 columns";
  } else if (!is_utf8(cell)) {
    row.wrong = "it is not in UTF-8";
  } else if (cell.find('\0') != std::string::npos) {
    row.wrong = "it has a zero byte";
  }
  return row.wrong.empty();
}

bool CsvReader::read_row(CsvRow& row) {
  for (const std::size_t row_start = at_;; ++at_) {
    if (!read_cell(row, row_start)) return false;
    if (at_ == text_.size()) return true;
    if (!at_line_end()) continue;  // at a separator
    pass_line_end();
    return true;
  }
}

std::optional<CsvRow> CsvReader::next() {
  if (!pass_empty_lines()) return std::nullopt;
  CsvRow row{.line = line_};
  const std::size_t start = at_;
  if (read_row(row)) {
    row.column = 0;
    return row;
  }
  at_ = start;
  line_ = row.line;
  skip_line();
  row.cells.clear();
  return row;
}

}  // namespace simpul
