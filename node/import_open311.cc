#include "node/import_open311.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <thread>

#include "node/engine/arguments.h"

namespace simpul {
namespace {

constexpr int kIdleGrowth = 8;

Result<std::string> read_whole(const std::string& path, std::size_t size_max) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorCode::kNotFound, path + " cannot be opened");
  std::string text;
  std::array<char, 64 * 1024> chunk;
  while (text.size() <= size_max && stream) {
    stream.read(chunk.data(), chunk.size());
    text.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return fail(ErrorCode::kUnavailable, path + " cannot be read");
  if (text.size() > size_max) {
    return fail(ErrorCode::kTooLarge,
                path + " is over " + std::to_string(size_max) + " bytes; split it");
  }
  return text;
}

Error about(const std::string& path, const Error& error) {
  return {error.code, path + ": " + error.message};
}

Result<ImportPlan> plan_from(const std::string& file, const std::string& mapping,
                             std::size_t& records) {
  SIMPUL_TRY(map_text, read_whole(mapping, 1 << 20));
  const auto map = read_agency_map(map_text);
  if (!map) return std::unexpected(about(mapping, map.error()));
  SIMPUL_TRY(text, read_whole(file, kOpen311SizeMax));
  const auto requests = read_open311(text);
  if (!requests) return std::unexpected(about(file, requests.error()));
  ImportPlan plan = plan_import(*requests, *map);
  records = plan.cases.size() + static_cast<std::size_t>(std::ranges::count(
                                    plan.problems, true, &ImportProblem::skipped));
  return plan;
}

Json step_json(const ImportStep& step) {
  Json json{{"member", step.member.text()},
            {"step", name_of(step.kind)},
            {"happened", to_text(step.happened)},
            {"key", step.key}};
  if (!step.to.empty()) json["to"] = step.to.text();
  return json;
}

Json planned_json(const PlannedCase& planned, bool with_steps) {
  Json json{{"record", planned.record},
            {"case", planned.id.text()},
            {"custodian", planned.custodian.text()},
            {"closed", planned.closed}};
  if (!with_steps) return json;
  json["steps"] = Json::array();
  for (const ImportStep& step : planned.steps) json["steps"].push_back(step_json(step));
  return json;
}

void put_problems(Json& json, const std::vector<ImportProblem>& problems) {
  for (const ImportProblem& problem : problems) {
    json["problems"].push_back({{"record", problem.record},
                                {"what", problem.what},
                                {"why", problem.why},
                                {"skipped", problem.skipped}});
  }
}

Json report_on(const ImportPlan& plan, std::size_t records, bool with_steps) {
  Json json{{"records", records},
            {"cases", plan.cases.size()},
            {"skipped", records - plan.cases.size()},
            {"problems", Json::array()},
            {"planned", Json::array()}};
  put_problems(json, plan.problems);
  for (const PlannedCase& planned : plan.cases) {
    json["planned"].push_back(planned_json(planned, with_steps));
  }
  return json;
}

void run_to_the_end(ImportRun& run, const ImportOptions& options) {
  Duration idle{}, delay = options.poll;
  while (!run.finished()) {
    if (run.round()) {
      idle = {};
      delay = options.poll;
      if (options.progress) options.progress(run.counts());
    } else if (idle >= options.patience) {
      return;
    } else {
      if (options.sleep) options.sleep(delay);
      if (!options.sleep) std::this_thread::sleep_for(delay);
      idle += delay;
      delay = std::min(delay * 2, options.poll * kIdleGrowth);
    }
  }
}

}  // namespace

Result<Json> run_import(const std::string& file, const std::string& mapping, const ImportCall& call,
                        const ImportOptions& options) {
  std::size_t records = 0;
  SIMPUL_TRY(plan, plan_from(file, mapping, records));
  Json json = report_on(plan, records, options.dry_run);
  if (options.dry_run) return json;
  SIMPUL_TRY(status, call("status", Json::object()));
  SIMPUL_TRY(self, Arguments(status).member("member"));
  ImportRun run(plan, self, call);
  run_to_the_end(run, options);
  const ImportRun::Counts counts = run.counts();
  json.update({{"member", self.text()},
               {"own_steps", counts.own},
               {"done", counts.done},
               {"already", counts.already},
               {"waiting", counts.waiting},
               {"failed", counts.failed}});
  put_problems(json, run.problems());
  return json;
}

}  // namespace simpul
