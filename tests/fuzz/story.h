// A small federation at work: a hub, a province and a regency, one case opened, passed, answered.
// What seeds and targets take real bytes from. Deterministic; takes about a second.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tests/support/federation.h"

namespace simpul::fuzz {

struct Story {
  std::unique_ptr<test::Federation> federation;
  std::string case_id;
};

inline constexpr const char* kStoryNodes[] = {"hub", "51", "51.03"};

// `tap` sees every frame as its receiver gets it.
Story tell_story(test::Federation::Tap tap = {});

}  // namespace simpul::fuzz
