#include "tests/bench/report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace simpul::bench {
namespace {

std::string readable(double value) {
  char text[32];
  if (value >= 10'000) {
    std::snprintf(text, sizeof text, "%.1f k", value / 1000);
  } else {
    std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.2f", value);
  }
  return text;
}

}  // namespace

void Report::begin(const std::string& section, const std::string& what) {
  section_ = section;
  if (!as_json_) std::printf("\n%s: %s\n", section.c_str(), what.c_str());
}

void Report::add(const std::string& name, double value, const std::string& unit) {
  add(name, value, unit, "", 0);
}

void Report::add(const std::string& name, double value, const std::string& unit,
                 const std::string& beside, double limit) {
  figures_.push_back({section_, name, value, unit, beside, limit});
  if (!as_json_) print(figures_.back());
}

void Report::print(const Figure& figure) const {
  std::printf("  %-50s %10s %-9s", figure.name.c_str(), readable(figure.value).c_str(),
              figure.unit.c_str());
  if (!figure.beside.empty()) {
    std::printf("  %s %s: %.2f", figure.beside.c_str(), readable(figure.limit).c_str(),
                figure.ratio());
  }
  std::printf("\n");
  std::fflush(stdout);
}

void Report::finish() const {
  if (!as_json_) return;
  nlohmann::json all = nlohmann::json::array();
  for (const Figure& figure : figures_) {
    nlohmann::json one{{"section", figure.section},
                       {"name", figure.name},
                       {"value", figure.value},
                       {"unit", figure.unit}};
    if (!figure.beside.empty()) {
      one["beside"] = figure.beside;
      one["limit"] = figure.limit;
      one["ratio"] = figure.ratio();
    }
    all.push_back(std::move(one));
  }
  std::printf("%s\n", all.dump(2).c_str());
}

}  // namespace simpul::bench
