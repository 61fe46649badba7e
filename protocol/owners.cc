#include "protocol/owners.h"

#include <tuple>

namespace simpul {

bool lies_within(std::string_view code, std::string_view above) {
  if (above.empty() || code == above) return true;
  return code.size() > above.size() && code.starts_with(above) && code[above.size()] == '.';
}

const CategoryOwner* owner_of(std::span<const CategoryOwner> owners, std::string_view category,
                              std::string_view region) {
  const auto precision = [](const CategoryOwner& owner) {
    return std::tuple(owner.category.size(), owner.region.size());
  };
  const CategoryOwner* best = nullptr;
  for (const CategoryOwner& each : owners) {
    if (!lies_within(category, each.category) || !lies_within(region, each.region)) continue;
    if (best == nullptr || precision(each) > precision(*best)) best = &each;
  }
  return best;
}

}  // namespace simpul
