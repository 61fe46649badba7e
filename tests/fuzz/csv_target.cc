// Tables of other systems. fuzz_csv reads rows: lines go up, a row is good or told as wrong, good
// cells are UTF-8 without zero bytes and within the limits, and what is written of them is read
// again to the same but for the apostrophe before a formula. fuzz_csv_cases makes cases of them:
// the input is a mapping, a zero byte and a file; without the zero a mapping of all fields stands
// in. Cases have good codes and times that are past, each its own id; a second reading gives the
// same.
#include <algorithm>
#include <set>

#include "node/csv/csv_writer.h"
#include "node/import/csv_cases.h"
#include "protocol/enclosure_content.h"
#include "protocol/intake.h"
#include "protocol/regions.h"
#include "protocol/utf8.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

constexpr Instant kCsvNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

bool is_written_of(const std::string& read, const std::string& cell) {
  return read == cell || (read == "'" + cell && cell.find_first_of("=+-@\t\r\n") == 0);
}

void check_csv_row(const CsvRow& row) {
  SIMPUL_CHECK(row.wrong.empty() == !row.cells.empty());
  SIMPUL_CHECK(row.cells.size() <= kCsvColumnsMax);
  for (const std::string& cell : row.cells) {
    SIMPUL_CHECK(is_utf8(cell) && cell.find('\0') == cell.npos && cell.size() <= kCsvRowSizeMax);
  }
}

void check_written_again(const CsvRow& row) {
  const std::string written = csv_row(row.cells);
  CsvReader reader(written, ',');
  const auto again = reader.next();
  // A row of one empty cell is an empty line, and one that begins with a mark loses it.
  const bool is_empty_line = row.cells == std::vector<std::string>{""};
  if (is_empty_line || row.cells[0].starts_with("\xEF\xBB\xBF")) return;
  SIMPUL_CHECK(again && again->wrong.empty() && !reader.next());
  SIMPUL_CHECK(std::ranges::equal(again->cells, row.cells, is_written_of));
}

CsvMapping standing_csv_mapping() {
  CsvMapping mapping{.source = "lapor", .minutes_east = 480};
  mapping.time_formats = {"%d/%m/%Y %H:%M", "%d %B %y", "%Y-%m-%dT%H:%M:%S%z"};
  for (std::size_t i = 0; i < kCsvFieldCount; ++i) {
    mapping.rules[i].column = std::string(1, static_cast<char>('a' + i));
  }
  for (const CsvField field : {CsvField::kCategory, CsvField::kPrivacy}) {
    mapping.rules[static_cast<std::size_t>(field)].constant = "public";
  }
  mapping.rules[static_cast<std::size_t>(CsvField::kClass)].values = {{"A", "information"}};
  return mapping;
}

void check_csv_case(const CsvCase& each) {
  SIMPUL_CHECK(!each.id.empty() && each.id.size() <= kCsvIdSizeMax && is_plain_utf8(each.id));
  SIMPUL_CHECK(!each.text.empty() && each.text.size() <= kTextSizeMax);
  SIMPUL_CHECK(each.opened <= kCsvNow && each.opened > Instant{} - std::chrono::days{1});
  SIMPUL_CHECK(is_code(each.category) && is_code(each.channel) && is_code(each.case_class));
  SIMPUL_CHECK(each.region.empty() || find_region(each.region));
  SIMPUL_CHECK(privacy_of(each.privacy).has_value());
}

// A line each, of all there is.
std::vector<std::string> read_csv_cases(std::string_view text, const CsvMapping& mapping) {
  auto cases = CsvCases::open(text, mapping, kCsvNow);
  if (!cases) return {cases.error().message};
  std::vector<std::string> lines;
  std::set<std::string> ids;
  while (const auto next = cases->next()) {
    if (*next) {
      check_csv_case(**next);
      SIMPUL_CHECK(ids.insert((*next)->id).second);
      lines.push_back((*next)->id + (*next)->text + (*next)->category);
    } else {
      SIMPUL_CHECK(next->error().line > 1 && !next->error().why.empty());
      SIMPUL_CHECK(is_utf8(next->error().why) && is_utf8(next->error().id));
      lines.push_back(next->error().why);
    }
  }
  SIMPUL_CHECK(cases->rows() == lines.size() && cases->position() <= text.size());
  return lines;
}

}  // namespace

void fuzz_csv(BytesView input) {
  const std::string_view text = as_text(input);
  CsvReader reader(text);
  std::size_t line = 0, lines = 1;
  for (const char c : text) lines += c == '\n' || c == '\r' ? 1 : 0;
  while (const auto row = reader.next()) {
    SIMPUL_CHECK(row->line > line && row->line <= lines);
    line = row->line;
    check_csv_row(*row);
    if (row->wrong.empty()) check_written_again(*row);
  }
  SIMPUL_CHECK(reader.position() <= text.size());
}

void fuzz_csv_cases(BytesView input) {
  const std::string_view text = as_text(input);
  const std::size_t zero = text.find('\0');
  const bool has_map = zero != std::string_view::npos;
  const std::string_view table = has_map ? text.substr(zero + 1) : text;
  const auto mapping = has_map ? read_csv_mapping(text.substr(0, zero)) : standing_csv_mapping();
  if (!mapping) {
    SIMPUL_CHECK(!mapping.error().message.empty());
    return;
  }
  SIMPUL_CHECK(!mapping->source.empty() && !mapping->time_formats.empty());
  SIMPUL_CHECK(read_csv_cases(table, *mapping) == read_csv_cases(table, *mapping));
}

}  // namespace simpul::fuzz
