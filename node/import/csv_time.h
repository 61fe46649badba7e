// Times in the notations of other systems, read by a format like strptime's. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/ids.h"

namespace simpul {

// %d %m %H %M %S (one or two digits), %Y (four), %y (two: 2000 to 2099), %B (a month's name in
// Indonesian or English, whole or its first three letters), %z (Z, +07:00 or +0700), %% and blanks
// (any number of them); all else stands for itself.
bool is_time_format(std::string_view format);

// The first format that fits the whole text. Without %z a time is of the zone that is so many
// minutes east; without %H it is midnight. nullopt: none fits, or there is no such day or time.
std::optional<Instant> time_by_format(std::string_view text,
                                      const std::vector<std::string>& formats, int minutes_east);

}  // namespace simpul
