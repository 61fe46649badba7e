// Indonesia's provinces, regencies and cities by their Kemendagri codes: `regions.csv`, compiled
// in. Codes outlive what they stood for: one that has ended is still found, and names its
// successors. Constant data; any thread. Only what is written here is checked against it: events of
// other nodes may name any region.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "protocol/work_calendar.h"

namespace simpul {

struct Region {
  std::string_view code;                     // "51", "51.03"
  std::string_view name;                     // "Bali", "Kabupaten Badung"
  std::optional<LocalDay> since;             // its first day, where that is known
  std::optional<LocalDay> until;             // the day on which it was no more
  std::vector<std::string_view> successors;  // of all of it, or of a part where it goes on

  bool is_province() const { return code.size() == 2; }
  std::string_view province() const { return code.substr(0, 2); }
  bool has_ended(LocalDay day) const { return until && *until <= day; }
  bool is_valid_on(LocalDay day) const { return (!since || *since <= day) && !has_ended(day); }
};

// All there are and were, by code.
std::span<const Region> regions();

// nullptr for an unknown code. Those that have ended are found too.
const Region* find_region(std::string_view code);
// nullptr too for one that was none on that day.
const Region* find_region(std::string_view code, LocalDay day);

// What it took over from; empty for most.
std::vector<const Region*> predecessors_of(std::string_view code);

// Those that `text` may mean, likeliest first, at most `count`: a name or a part of one; else
// one with a letter or two wrong; a code written otherwise ("5103", "51-03"). Ended ones come last.
std::vector<const Region*> regions_like(std::string_view text, std::size_t count);

// Whether a case of that day may be given this region. Error::kMalformed for an unknown code,
// Error::kNotAllowed for one that had ended; the message names what may be meant.
Result<void> check_region(std::string_view code, LocalDay day);

std::string to_text(LocalDay day);  // "2022-07-25"

}  // namespace simpul
