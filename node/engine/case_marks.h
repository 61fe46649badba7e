// Cases that a node notes something of, for itself: a prefix and the case's id in MetaStore.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/engine/step.h"

namespace simpul {

inline std::string case_mark(std::string_view prefix, const CaseId& id) {
  return std::string(prefix) + id.text();
}

// Writes only what changes.
inline void set_case_mark(Step& step, std::string_view prefix, const CaseId& id, bool marked) {
  const std::string name = case_mark(prefix, id);
  if (step.tables.meta.flag(name) != marked) step.tables.meta.set_flag(name, marked);
}

inline std::vector<CaseId> cases_marked(const Tables& tables, std::string_view prefix) {
  std::vector<CaseId> ids;
  tables.meta.visit(prefix, [&](std::string_view name, BytesView) {
    if (const auto id = CaseId::parse(name.substr(prefix.size()))) ids.push_back(*id);
    return true;
  });
  return ids;
}

}  // namespace simpul
