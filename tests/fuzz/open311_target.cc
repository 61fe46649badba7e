// Foreign service requests and the mapping that goes with them, to the plan. The input is a
// mapping, a zero byte and a file; without the zero a mapping of two agencies stands in. Records
// are whole or complained of; the plan of a file is the same every time, its steps are taken by
// whom the mapping names, its keys and case ids are each its own.
#include <set>

#include "node/engine/arguments.h"
#include "node/import/import_plan.h"
#include "node/json_depth.h"
#include "tests/fuzz/script.h"
#include "tests/fuzz/targets.h"

namespace simpul::fuzz {

namespace {

AgencyMap standing_map() {
  AgencyMap map;
  map.agencies = {{"Water", MemberId::parse("water").value()},
                  {"Roads", MemberId::parse("51.03").value()}};
  return map;
}

void check_file(const Open311File& file) {
  SIMPUL_CHECK(file.records.size() <= kOpen311RecordsMax);
  std::set<std::string> ids;
  for (const Open311Record& record : file.records) {
    SIMPUL_CHECK(ids.insert(record.id).second && !record.id.empty());
    SIMPUL_CHECK(record.id.size() <= kOpen311NameSizeMax && !record.agency.empty());
    SIMPUL_CHECK(record.notes.size() <= kOpen311NotesMax);
    SIMPUL_CHECK(record.narrative.size() <= kOpen311TextSizeMax);
  }
  for (const ImportProblem& problem : file.problems) {
    SIMPUL_CHECK(!problem.record.empty() && !problem.what.empty() && !problem.why.empty());
  }
}

void check_plan(const ImportPlan& plan, const AgencyMap& map) {
  std::set<std::string> keys;
  std::set<CaseId> ids;
  std::set<MemberId> members;
  for (const auto& [agency, member] : map.agencies) members.insert(member);
  for (const PlannedCase& each : plan.cases) {
    SIMPUL_CHECK(ids.insert(each.id).second && each.id.origin() == each.origin);
    SIMPUL_CHECK(each.id == CaseId::derive(each.origin, each.derived_from));
    SIMPUL_CHECK(!each.steps.empty() && each.steps.front().kind == ImportStepKind::kOpen);
    MemberId custodian = each.origin;
    MemberId offeree;
    for (const ImportStep& step : each.steps) {
      SIMPUL_CHECK(keys.insert(step.key).second && members.contains(step.member));
      switch (step.kind) {
        case ImportStepKind::kForward:
        case ImportStepKind::kReturn:
          SIMPUL_CHECK(step.member == custodian && members.contains(step.to));
          offeree = step.to;
          break;
        case ImportStepKind::kAccept:
          SIMPUL_CHECK(step.member == offeree);
          custodian = offeree;
          break;
        case ImportStepKind::kAnswer:
        case ImportStepKind::kClose:
          SIMPUL_CHECK(step.member == custodian);
          break;
        default:
          SIMPUL_CHECK(step.member == each.origin);
      }
    }
    SIMPUL_CHECK(custodian == each.custodian);
  }
}

bool same_plan(const ImportPlan& one, const ImportPlan& other) {
  const auto same_step = [](const ImportStep& a, const ImportStep& b) {
    return a.key == b.key && a.kind == b.kind && a.member == b.member && a.text == b.text;
  };
  return std::ranges::equal(one.cases, other.cases, [&](const auto& a, const auto& b) {
    return a.id == b.id && std::ranges::equal(a.steps, b.steps, same_step);
  });
}

}  // namespace

void fuzz_open311(BytesView input) {
  const std::string_view text = as_text(input);
  const std::size_t zero = text.find('\0');
  const bool has_map = zero != std::string_view::npos;
  const std::string_view json = has_map ? text.substr(zero + 1) : text;
  const auto map = has_map ? read_agency_map(text.substr(0, zero)) : standing_map();
  const auto file = read_open311(json);
  if (!file || !map) return;
  check_file(*file);
  const ImportPlan plan = plan_import(*file, *map);
  check_plan(plan, *map);
  SIMPUL_CHECK(same_plan(plan, plan_import(*file, *map)));
}

// Times as people and programs write them: what is read is written and read again to the same.
void fuzz_time(BytesView input) {
  const std::string text(as_text(input));
  const auto instant = parse_instant(text);
  const auto strict = parse_open311_time(text);
  if (strict) SIMPUL_CHECK(instant.has_value() && *instant == *strict);
  if (!instant) return;
  SIMPUL_CHECK(text.find_first_of(" \t\n\r\v\f") == std::string::npos);
  SIMPUL_CHECK(text.find('+') == std::string::npos || text.find('+') >= 19);
  SIMPUL_CHECK(parse_instant(to_text(*instant)).value() == *instant);
}

}  // namespace simpul::fuzz
