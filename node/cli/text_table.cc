#include <algorithm>

#include "node/cli/view.h"

namespace simpul {

TextTable::TextTable(std::vector<std::string> headings, const View& view)
    : headings_(std::move(headings)), is_right_(headings_.size(), false), view_(view) {}

TextTable& TextTable::right(std::size_t column) {
  SIMPUL_CHECK(column < is_right_.size());
  is_right_[column] = true;
  return *this;
}

void TextTable::row(std::vector<std::string> cells) {
  SIMPUL_CHECK(cells.size() == headings_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths,
                            const std::vector<bool>& shown) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!shown[i]) continue;
    if (!text.empty()) text += "  ";
    const std::string pad(widths[i] - display_width(cells[i]), ' ');
    text += is_right_[i] ? pad + cells[i] : cells[i] + pad;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string TextTable::str() const {
  std::vector<std::size_t> widths;
  std::vector<bool> shown;
  std::vector<std::string> headings;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    std::size_t width = display_width(headings_[i]);
    bool has_content = false;
    for (const auto& cells : rows_) {
      width = std::max(width, display_width(cells[i]));
      has_content |= !cells[i].empty();
    }
    widths.push_back(width);
    shown.push_back(has_content);
    headings.push_back(paint(headings_[i], Colour::kBold, view_));
  }
  std::string text = line(headings, widths, shown);
  for (const auto& cells : rows_) text += line(cells, widths, shown);
  return text;
}

}  // namespace simpul
