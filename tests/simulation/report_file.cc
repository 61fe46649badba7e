#include "tests/simulation/report_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace simpul::sim {
namespace {

using Json = nlohmann::json;

// Both ways by one list of what there is.
template <class Report, class Field>
void each_field(Report& report, const Field& field) {
  field("broken", report.broken);
  field("words", report.words);
  field("digest", report.digest);
  field("entries", report.entries);
  field("events", report.events);
  field("folds", report.folds);
  field("steps", report.steps);
  field("frames", report.frames);
  field("given", report.given);
  field("recorded", report.recorded);
  field("refused", report.refused);
  field("episodes", report.episodes);
  field("faults", report.faults);
  field("races", report.races);
  field("most", report.most);
  field("happened", report.happened);
  field("virtual_ms", report.virtual_ms);
  field("slowest_agreement_ms", report.slowest_agreement_ms);
  field("agreement_bound_ms", report.agreement_bound_ms);
  field("slowest_mending_ms", report.slowest_mending_ms);
}

}  // namespace

void write_report(const std::string& path, const RunReport& report) {
  Json json;
  each_field(report, [&](const char* name, const auto& value) { json[name] = value; });
  std::ofstream(path) << json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<RunReport> read_report(const std::string& path) {
  std::ifstream file(path);
  const Json json = Json::parse(file, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  RunReport report;
  each_field(report, [&](const char* name, auto& value) { json.at(name).get_to(value); });
  return report;
}

}  // namespace simpul::sim
