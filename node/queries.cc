#include "node/queries.h"

namespace simpul {

bool is_query(std::string_view) {
  return false;
}

Result<Json> run_query(const QueryContext&, const std::string& name, const Json&) {
  return fail(ErrorCode::kNotFound, "there is no query named \"" + name + "\"");
}

}  // namespace simpul
