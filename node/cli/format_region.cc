#include "node/cli/format.h"
#include "protocol/regions.h"

namespace simpul {
namespace {

std::string region_codes(const Json& result, const char* name, const char* between) {
  std::string text;
  for (const Json& code : list_at(result, name)) {
    if (!code.is_string()) continue;
    text += (text.empty() ? "" : between) + printable(code.get<std::string>());
  }
  return text;
}

// "Before        91.01 Kabupaten Merauke", a line each.
std::string kin_lines(const Json& result, const char* name, const std::string& heading) {
  std::string text;
  for (const Json& code : list_at(result, name)) {
    if (!code.is_string()) continue;
    text += (text.empty() ? heading : std::string(heading.size(), ' ')) +
            region_text(printable(code.get<std::string>())) + "\n";
  }
  return text;
}

}  // namespace

std::string region_text(const std::string& code) {
  const Region* region = find_region(code);
  if (!region) return code;
  std::string text = code + " " + std::string(region->name);
  if (!region->until) return text;
  text += " (until " + to_text(*region->until);
  for (std::size_t i = 0; i < region->successors.size(); ++i) {
    text += (i == 0 ? "; now " : ", ") + std::string(region->successors[i]);
  }
  return text + ")";
}

std::string format_regions(const Json& result, const View& view) {
  TextTable table({"CODE", "NAME", "SINCE", "UNTIL", "SUCCESSORS"}, view);
  for (const Json& region : list_at(result, "regions")) {
    table.row({text_at(region, "code"), text_at(region, "name"), text_at(region, "since"),
               text_at(region, "until"), region_codes(region, "successors", " ")});
  }
  return table.empty() ? "No regions match.\n" : table.str();
}

std::string format_region(const Json& result, const View& view) {
  const std::string since = text_at(result, "since"), until = text_at(result, "until");
  const std::string province = text_at(result, "province");
  std::string text =
      paint(text_at(result, "code"), Colour::kBold, view) + "  " + text_at(result, "name") + "\n";
  if (province != text_at(result, "code")) {
    text += "Province  " + province + " " + text_at(result, "province_name") + "\n";
  }
  if (!since.empty()) text += "Since     " + since + "\n";
  if (!until.empty()) text += "Until     " + until + "\n";
  return text + kin_lines(result, "predecessors", "Before    ") +
         kin_lines(result, "successors", until.empty() ? "Gave to   " : "Now       ");
}

}  // namespace simpul
