#include "node/answer_template.h"

#include <algorithm>
#include <array>

namespace simpul {
namespace {

constexpr auto kPlaceholders = std::to_array<std::string_view>(
    {"case", "category", "region", "custodian", "origin", "unit", "opened", "status"});

std::string known_placeholders() {
  std::string names;
  for (const std::string_view name : kPlaceholders) {
    names += (names.empty() ? "{" : ", {") + std::string(name) + "}";
  }
  return names;
}

// Of a time the day is enough.
Result<std::string> value_of(std::string_view name, const Json& row) {
  if (std::ranges::find(kPlaceholders, name) == kPlaceholders.end()) {
    return fail(ErrorCode::kMalformed, "a template knows no {" + std::string(name) +
                                           "}; there are " + known_placeholders());
  }
  if (name == "status") return row.value("label", Json::object()).value("id", "");
  const std::string value = row.value(std::string(name), "");
  return name == "opened" ? value.substr(0, value.find('T')) : value;
}

}  // namespace

Result<std::string> fill_template(std::string_view text, const Json& row) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t brace = text.find('{');
    filled += text.substr(0, brace);
    if (brace == std::string_view::npos) return filled;
    text.remove_prefix(brace + 1);
    if (text.starts_with('{')) {
      filled += '{';
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) {
      return fail(ErrorCode::kMalformed,
                  "a template has a '{' that nothing closes; '{{' stands for one");
    }
    SIMPUL_TRY(value, value_of(text.substr(0, end), row));
    filled += value;
    text.remove_prefix(end + 1);
  }
  return filled;
}

}  // namespace simpul
