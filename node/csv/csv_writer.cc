#include "node/csv/csv_writer.h"

namespace simpul {
namespace {

constexpr std::string_view kFormulaStarts = "=+-@\t\r\n";
constexpr std::string_view kQuoted = "\",;\t\r\n";

std::string written_cell(std::string_view cell) {
  std::string text(cell);
  if (!text.empty() && kFormulaStarts.find(text[0]) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of(kQuoted) == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + "\"";
}

}  // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) row += ',';
    row += written_cell(cells[i]);
  }
  return row + "\r\n";
}

}  // namespace simpul
