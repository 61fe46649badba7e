#include "tests/fuzz/targets.h"

#include <algorithm>
#include <array>

namespace simpul::fuzz {

namespace {

constexpr std::array kTargets = {
    Target{"event", fuzz_event},
    Target{"frame", fuzz_frame},
};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

const Target* find_target(std::string_view name) {
  const auto found = std::ranges::find(kTargets, name, &Target::name);
  return found != kTargets.end() ? &*found : nullptr;
}

}  // namespace simpul::fuzz
