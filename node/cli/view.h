// How results are shown to people: language, time zone, colour, and the small pieces that
// formatters are made of. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/engine.h"

namespace simpul {

enum class Language { kIndonesian, kEnglish };

// A fixed offset; Indonesia has no daylight saving.
struct Zone {
  int minutes_east = 0;
  const char* name = "Z";
};
// "utc", "wib", "wita", "wit"; nullptr for others.
const Zone* zone_of(std::string_view name);

struct View {
  Language language = Language::kIndonesian;
  Zone zone;
  bool colour = false;
};

enum class Colour { kBold, kRed, kGreen, kYellow, kCyan };
std::string paint(const std::string& text, Colour colour, const View& view);

// Columns that a terminal gives this UTF-8 text: wide characters two, combining ones and
// escape sequences none.
std::size_t display_width(std::string_view text);

// What came from outside, made harmless for a terminal: control characters become "?", and line
// breaks stay only where `lines` says so.
std::string printable(std::string_view text, bool lines = false);

// "2026-01-05T08:00:00.000Z" -> "2026-01-05 08:00Z", or in the view's zone "... 15:00 WIB".
// What is no time stays as it is. `exact`: with seconds.
std::string short_time(const std::string& rfc3339, const View& view, bool exact = false);

// Reading a result without minding what is absent.
std::string text_at(const Json& json, const char* name);  // numbers and booleans too; else ""
std::string time_at(const Json& json, const char* name, const View& view, bool exact = false);
std::string label_at(const Json& json, const View& view);  // of {"label": {"id", "en"}}
bool flag_at(const Json& json, const char* name);
const Json& list_at(const Json& json, const char* name);    // an empty list when absent
const Json& object_at(const Json& json, const char* name);  // an empty object when absent

// "1 case", "2 cases".
std::string count_of(std::uint64_t count, const std::string& one, const std::string& many);

// Columns padded to their widest cell, two spaces between, none at the ends of lines. `view`
// must outlive it.
class TextTable {
 public:
  TextTable(std::vector<std::string> headings, const View& view);
  // For a column of numbers.
  TextTable& right(std::size_t column);
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  // Columns without any content are left out.
  std::string str() const;

 private:
  std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                   const std::vector<bool>& shown) const;
  std::vector<std::string> headings_;
  std::vector<bool> is_right_;
  std::vector<std::vector<std::string>> rows_;
  const View& view_;
};

}  // namespace simpul
