// Virtual time: milliseconds since the run began, and lengths of it.
#pragma once

#include <cstdint>

namespace simpul::sim {

using Millis = std::int64_t;
inline constexpr Millis kSecond = 1'000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                        kDay = 24 * kHour;

}  // namespace simpul::sim
