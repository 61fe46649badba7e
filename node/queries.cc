#include "node/queries.h"

#include <algorithm>
#include <array>

#include "node/queries/query.h"

namespace simpul {
namespace {

struct QuerySpec {
  std::string_view name;
  QueryFunction run;
};

constexpr auto kQueries = std::to_array<QuerySpec>({
    {"case.list", list_cases},
    {"case.show", show_case},
    {"case.timeline", case_timeline},
    {"case.who", case_who},
    {"case.links", case_links},
    {"case.similar", similar_cases},
    {"log.show", show_log},
    {"log.checkpoint", log_checkpoint},
    {"log.prove", log_proof},
    {"log.verify", verify_logs},
    {"evidence", case_evidence},
    {"roster.show", show_roster},
    {"hub.queue", hub_queue},
    {"national", national_table},
    {"access.list", list_access},
    {"access.verify", verify_access},
    {"alerts", list_alerts},
    {"journals", list_journals},
    {"report.basis", report_basis_here},
    {"report.part", report_part},
    {"report.check", report_check},
});

}  // namespace

bool is_query(std::string_view name) {
  return std::ranges::find(kQueries, name, &QuerySpec::name) != kQueries.end();
}

Result<Json> run_query(const QueryContext& context, const std::string& name,
                       const Json& arguments) {
  const auto spec = std::ranges::find(kQueries, std::string_view(name), &QuerySpec::name);
  if (spec == kQueries.end()) {
    return fail(ErrorCode::kNotFound, "there is no query named '" + name + "'");
  }
  return spec->run(context, Arguments(arguments));
}

}  // namespace simpul
