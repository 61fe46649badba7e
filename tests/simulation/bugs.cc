#include "tests/simulation/bugs.h"

#include <algorithm>
#include <iterator>

namespace simpul::sim {

const std::vector<Bug>& bugs() {
  static const std::vector<Bug> all = [] {
    std::vector<Bug> list;
    for (auto part :
         {disk_bugs(), data_bugs(), key_bugs(), line_bugs(), bound_bugs(), model_bugs()}) {
      std::ranges::move(part, std::back_inserter(list));
    }
    return list;
  }();
  return all;
}

const Bug* find_bug(const std::string& name) {
  const auto found = std::ranges::find_if(bugs(), [&](const Bug& bug) { return bug.name == name; });
  return found == bugs().end() ? nullptr : &*found;
}

std::vector<std::string> bug_names() {
  std::vector<std::string> names;
  for (const Bug& bug : bugs()) names.emplace_back(bug.name);
  return names;
}

MemberNode& draw_victim(Stage& stage) {
  const auto& nodes = stage.world.nodes();
  const std::size_t hubs = stage.world.options().hubs;
  return *nodes[hubs + stage.random.under(nodes.size() - hubs)];
}

void tamper(MemberNode& node, const std::function<void(Tables&)>& change) {
  WriteTransaction transaction = node.store->write();
  Tables tables(transaction);
  change(tables);
  SIMPUL_CHECK(transaction.commit());
}

}  // namespace simpul::sim
