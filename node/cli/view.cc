#include "node/cli/view.h"

#include <array>

#include "node/engine/arguments.h"
#include "protocol/utf8.h"

namespace simpul {
namespace {

constexpr auto kZones = std::to_array<std::pair<std::string_view, Zone>>({
    {"utc", {0, "Z"}},
    {"wib", {7 * 60, " WIB"}},
    {"wita", {8 * 60, " WITA"}},
    {"wit", {9 * 60, " WIT"}},
});

const char* escape_of(Colour colour) {
  switch (colour) {
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kCyan:
      return "\x1b[36m";
  }
  return "";
}

struct Range {
  char32_t first, last;
};
constexpr auto kCombining = std::to_array<Range>(
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}});
constexpr auto kWide = std::to_array<Range>({{0x1100, 0x115F},
                                             {0x2E80, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0xFFE0, 0xFFE6},
                                             {0x1F300, 0x1F64F},
                                             {0x1F900, 0x1F9FF}});

template <std::size_t N>
bool among(const std::array<Range, N>& ranges, char32_t point) {
  for (const Range& range : ranges) {
    if (point >= range.first && point <= range.last) return true;
  }
  return false;
}

// One character from `at` on, which moves behind it. Bytes that are no UTF-8 count one each.
char32_t next_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at++);
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  if (more == 0 || at + more > text.size()) return lead;
  char32_t point = lead & (0x3Fu >> more);
  for (std::size_t i = 0; i < more; ++i) point = (point << 6) | (byte(at + i) & 0x3Fu);
  at += more;
  return point;
}

}  // namespace

const Zone* zone_of(std::string_view name) {
  for (const auto& [known, zone] : kZones) {
    if (known == name) return &zone;
  }
  return nullptr;
}

std::string paint(const std::string& text, Colour colour, const View& view) {
  if (!view.colour || text.empty()) return text;
  return escape_of(colour) + text + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\x1b') {
      const std::size_t end = text.find('m', at);
      at = end == std::string_view::npos ? text.size() : end + 1;
      continue;
    }
    const char32_t point = next_point(text, at);
    if (!among(kCombining, point)) width += among(kWide, point) ? 2 : 1;
  }
  return width;
}

std::string printable(std::string_view text, bool lines) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    (void)next_point(text, at);
    const std::string_view character = text.substr(from, at - from);
    if (character == "\n" || character == "\t") {
      shown += lines ? character : " ";
    } else {
      shown += is_plain_utf8(character) ? character : "?";
    }
  }
  return shown;
}

std::string short_time(const std::string& rfc3339, const View& view, bool exact) {
  if (rfc3339.empty()) return "";
  const auto instant = parse_instant(rfc3339);
  if (!instant) return printable(rfc3339);
  std::string text = to_text(*instant + std::chrono::minutes(view.zone.minutes_east));
  text[10] = ' ';
  return text.substr(0, exact ? 19 : 16) + view.zone.name;
}

std::string text_at(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name) || json[name].is_null()) return "";
  const Json& value = json[name];
  return value.is_string() ? printable(value.get<std::string>()) : value.dump();
}

std::string time_at(const Json& json, const char* name, const View& view, bool exact) {
  return short_time(text_at(json, name), view, exact);
}

std::string label_at(const Json& json, const View& view) {
  const char* language = view.language == Language::kIndonesian ? "id" : "en";
  const std::string label = text_at(object_at(json, "label"), language);
  return label.empty() ? text_at(json, "status") : label;
}

bool flag_at(const Json& json, const char* name) {
  return json.is_object() && json.contains(name) && json[name].is_boolean() &&
         json[name].get<bool>();
}

const Json& list_at(const Json& json, const char* name) {
  static const Json kEmpty = Json::array();
  const bool is_list = json.is_object() && json.contains(name) && json[name].is_array();
  return is_list ? json[name] : kEmpty;
}

const Json& object_at(const Json& json, const char* name) {
  static const Json kEmpty = Json::object();
  const bool is_object = json.is_object() && json.contains(name) && json[name].is_object();
  return is_object ? json[name] : kEmpty;
}

std::string count_of(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace simpul
